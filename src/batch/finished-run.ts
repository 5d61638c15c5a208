import { basename, dirname, join } from 'node:path';
import type { AnalyzeOptions } from '../analyze/options.js';
import { optionsHash } from '../analyze/options-hash.js';
import { recordedVideos } from '../formats/recorded-video.js';
import type { RunRecord } from '../model/run-record.js';
import { absolutePath } from '../storage/address.js';
import { containedPath, isInside } from '../system/contained-path.js';
import type { JobEntry, JobOutput } from './ledger/job.js';
import type { FileFacts } from './ledger/ledger.js';
import { isVideoOf } from './same-video.js';
import { describeOutput, ownFiles } from './worker/run-task.js';

/** A finished run, according to its own record. */
export interface FinishedRun {
  readonly record: RunRecord;
  readonly outputs: readonly JobOutput[];
}

/**
 * A finished run that the ledger does not know: the command died before recording it, or the ledger is gone. Undefined
 * if the record beside the outputs does not belong to this video, these options, and a file unchanged since.
 */
export async function findFinishedRun(
  job: Pick<JobEntry, 'path' | 'name'>,
  facts: FileFacts,
  outDir: string,
  hash: string,
): Promise<FinishedRun | undefined> {
  try {
    const record = await readRecordOf(job, outDir);
    const paths = [absolutePath(record.input.path), ...recordedVideos(fileIn(outDir, recordName(job)), record)];
    if (record.status !== 'done' || !paths.includes(job.path)) return undefined;
    if (optionsHash(record.options as AnalyzeOptions) !== hash) return undefined;
    if (!(await isVideoOf(record, job.path, facts))) return undefined;
    const folder = dirname(join(outDir, job.name));
    const files = ownFiles(record.outputs).map(path => fileIn(folder, basename(path)));
    if (!(await Promise.all(files.map(file => isInside(outDir, file)))).every(Boolean)) return undefined;
    return { record, outputs: await Promise.all(files.map(file => describeOutput(file, outDir))) };
  } catch {
    return undefined; // No record, or some of its files are absent.
  }
}

async function readRecordOf(job: Pick<JobEntry, 'name'>, outDir: string): Promise<RunRecord> {
  const { readRunRecord } = await import('../formats/read-run-record.js');
  return readRunRecord(fileIn(outDir, recordName(job)));
}

const recordName = ({ name }: Pick<JobEntry, 'name'>): string => `${name}.run.json`;

function fileIn(folder: string, name: string): string {
  const path = containedPath(folder, name);
  if (path === undefined) throw new TypeError(`${name} leads out of ${folder}`);
  return path;
}
