import { basename, dirname, join, resolve } from 'node:path';
import type { AnalyzeOptions } from '../analyze/options.js';
import { optionsHash } from '../analyze/options-hash.js';
import type { RunRecord } from '../model/run-record.js';
import { containedPath, isInside } from '../system/contained-path.js';
import type { JobEntry, JobOutput } from './ledger/job.js';
import type { FileFacts } from './ledger/ledger.js';
import { describeOutput, ownFiles } from './worker/run-task.js';

/** A finished run, as its own record tells it. */
export interface FinishedRun {
  readonly record: RunRecord;
  readonly outputs: readonly JobOutput[];
}

/**
 * A finished run of which the ledger does not know: the command died before it could note it, or the ledger is gone.
 * Undefined where the record beside the outputs is not of this video, these options, and a file that has not changed
 * since.
 */
export async function findFinishedRun(
  job: Pick<JobEntry, 'path' | 'name'>,
  facts: FileFacts,
  outDir: string,
  hash: string,
): Promise<FinishedRun | undefined> {
  try {
    const record = await readRecordOf(job, outDir);
    const isOfVideo = resolve(record.input.path) === job.path && record.input.bytes === facts.bytes;
    const isOfFile = isOfVideo && facts.modified <= Date.parse(record.startedAt);
    if (record.status !== 'done' || !isOfFile) return undefined;
    if (optionsHash(record.options as AnalyzeOptions) !== hash) return undefined;
    const folder = dirname(join(outDir, job.name));
    const files = ownFiles(record.outputs).map(path => fileIn(folder, basename(path)));
    if (!(await Promise.all(files.map(file => isInside(outDir, file)))).every(Boolean)) return undefined;
    return { record, outputs: await Promise.all(files.map(file => describeOutput(file, outDir))) };
  } catch {
    return undefined; // No record, or not all of its files.
  }
}

async function readRecordOf({ name }: Pick<JobEntry, 'name'>, outDir: string): Promise<RunRecord> {
  const { readRunRecord } = await import('../formats/read-run-record.js');
  return readRunRecord(fileIn(outDir, `${name}.run.json`));
}

function fileIn(folder: string, name: string): string {
  const path = containedPath(folder, name);
  if (path === undefined) throw new TypeError(`${name} leads out of ${folder}`);
  return path;
}
