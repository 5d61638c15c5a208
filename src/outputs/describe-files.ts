import { stat } from 'node:fs/promises';
import type { RecordedFile } from '../model/run-record.js';
import { STDOUT } from '../system/whole-file.js';
import type { OutputKind } from './output.js';
import type { OutputSet } from './output-set.js';
import type { PlannedOutput } from './planned-outputs.js';
import type { WantedOutputs } from './wanted-outputs.js';

/** The present state of published files, for the run record. */
export async function describeFiles(
  set: OutputSet,
  outputs: readonly PlannedOutput[],
  options: WantedOutputs,
): Promise<RecordedFile[]> {
  const { states, published } = set;
  const files = published.filter(({ path }) => path !== STDOUT);
  return Promise.all(
    files.map(async ({ output, path }) => {
      const { size, mtimeMs } = await stat(path);
      const kind = outputs.find(planned => planned.kind.name === output)?.kind;
      return {
        output,
        path,
        bytes: size,
        modified: mtimeMs,
        sha256: states.get(output)?.sha256 ?? null,
        options: kind ? decidingOptions(kind, options) : {},
      };
    }),
  );
}

/**
 * The options that determine an output's files in addition to the table, in a record's form: null for options not
 * given.
 */
export function decidingOptions({ decidedBy }: OutputKind, options: WantedOutputs): RecordedFile['options'] {
  const values = Object.fromEntries(decidedBy.map(option => [option, options[option] ?? null]));
  return JSON.parse(JSON.stringify(values, (_, value: unknown) => value ?? null)) as RecordedFile['options'];
}

/** Whether a file is unchanged since a run. @param path its present path */
export async function isAsItWas({ bytes, modified }: RecordedFile, path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && facts.size === bytes && facts.mtimeMs === modified;
}
