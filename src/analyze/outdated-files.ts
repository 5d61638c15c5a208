import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { shortMessage } from '../errors.js';
import type { RecordedFile, RunRecord } from '../model/run-record.js';
import { isAsItWas } from '../outputs/describe-files.js';
import { hasTableOf, TABLES } from './earlier-run.js';
import type { Job } from './job.js';
import { RecordedPlaces } from './recorded-places.js';
import { writeRecord } from './write-record.js';

/** A file of an earlier run that the new run did not write. */
interface LeftFile {
  readonly file: RecordedFile;
  /** Its present path. */
  readonly path: string;
}

/**
 * Handles the files of an earlier run after a new analysis of the video. Files that belong to the same numbers stay,
 * and the new record lists them. Outputs of another table are removed: beside the new one they would show other
 * numbers. A table, a folder, and a file changed since then stay, and are reported.
 * @returns the new run's record, with the files that stayed
 */
export async function settleEarlierFiles(
  job: Job,
  earlier: RunRecord | undefined,
  record: RunRecord,
  warn: (message: string) => void,
): Promise<RunRecord> {
  const left = earlier ? await leftFiles(job, earlier, record) : [];
  if (!earlier || left.length === 0) return record;
  if (hasSameNumbers(job, earlier, record)) return withFiles(job, record, left);
  // A run that wrote its table to stdout leaves no table with which they could be confused.
  if (record.files.some(({ output }) => TABLES.includes(output))) await removeFiles(left, warn);
  return record;
}

async function leftFiles(job: Job, earlier: RunRecord, { files }: RunRecord): Promise<LeftFile[]> {
  const places = await RecordedPlaces.of(job);
  const fresh = new Set(files.map(({ path }) => resolve(path)));
  const left: LeftFile[] = [];
  for (const file of earlier.files) {
    const path = places.find(file);
    if (path !== undefined && !fresh.has(resolve(path)) && (await exists(path))) left.push({ file, path });
  }
  return left;
}

function hasSameNumbers(job: Job, earlier: RunRecord, { input, model, tool }: RunRecord): boolean {
  const isSameVideo = input.sha256 !== null && earlier.input.sha256 === input.sha256;
  const isSameProgram = earlier.tool.version === tool.version && earlier.model?.sha256 === model?.sha256;
  return isSameVideo && isSameProgram && hasTableOf(earlier, job.options);
}

async function withFiles({ plan }: Job, record: RunRecord, left: readonly LeftFile[]): Promise<RunRecord> {
  const files = [...record.files, ...left.map(({ file, path }) => ({ ...file, path }))];
  const outputs = files.map(({ path }) => path);
  const added = { ...record, files, outputs: plan.record === undefined ? outputs : [...outputs, plan.record] };
  if (plan.record !== undefined) await writeRecord(plan.record, added);
  return added;
}

async function removeFiles(left: readonly LeftFile[], warn: (message: string) => void): Promise<void> {
  for (const { file, path } of left) {
    try {
      if (await isRemovable(file, path)) await rm(path, { force: true });
      else warn(`${path}: left over from an earlier analysis; this one does not write it`);
    } catch (error) {
      warn(`${path}: left over from an earlier analysis; cannot be removed (${shortMessage(error)})`);
    }
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
