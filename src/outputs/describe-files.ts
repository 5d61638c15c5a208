import { stat } from 'node:fs/promises';
import type { RecordedFile } from '../model/run-record.js';
import { STDOUT } from '../system/whole-file.js';
import type { OutputSet } from './output-set.js';

/** Published files as they are now, for the run record. */
export async function describeFiles(outputs: OutputSet): Promise<RecordedFile[]> {
  const { states, published } = outputs;
  const files = published.filter(({ path }) => path !== STDOUT);
  return Promise.all(
    files.map(async ({ output, path }) => {
      const { size, mtimeMs } = await stat(path);
      return { output, path, bytes: size, modified: mtimeMs, sha256: states.get(output)?.sha256 ?? null };
    }),
  );
}

/** Whether a file is as a run left it. @param path where it lies now */
export async function isAsItWas({ bytes, modified }: RecordedFile, path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && facts.size === bytes && facts.mtimeMs === modified;
}
