import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RecordedFile, RunRecord } from '../model/run-record.js';
import { isAsItWas } from '../outputs/describe-files.js';
import { hasTableOf, placeOf, TABLES } from './earlier-run.js';
import type { Job } from './job.js';

/**
 * Removes what an earlier analysis with other options made of its table, where the new analysis did not write the same
 * files: beside the new table they would show other numbers. A table, a folder, and a file that was changed since then
 * stay, and are named.
 */
export async function removeOutdated(
  job: Job,
  earlier: RunRecord | undefined,
  { files }: RunRecord,
  warn: (message: string) => void,
): Promise<void> {
  if (!earlier || hasTableOf(earlier, job.options)) return;
  const fresh = new Set(files.map(({ path }) => resolve(path)));
  for (const file of earlier.files) {
    const path = placeOf(job, file);
    if (path === undefined || fresh.has(resolve(path)) || !(await exists(path))) continue;
    if (await isRemovable(file, path)) await rm(path, { force: true });
    else warn(`${path}: is of an earlier analysis with other options`);
  }
}

async function isRemovable(file: RecordedFile, path: string): Promise<boolean> {
  return !TABLES.includes(file.output) && !path.endsWith('/') && (await isAsItWas(file, path));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
