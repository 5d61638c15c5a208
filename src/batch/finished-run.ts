import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { AnalyzeOptions } from '../analyze/options.js';
import { optionsHash } from '../analyze/options-hash.js';
import type { RunRecord } from '../sinks/run-record.js';
import type { JobEntry, JobOutput } from './ledger/job.js';
import type { FileFacts } from './ledger/ledger.js';
import { describeOutput, ownFiles } from './worker/run-task.js';

/** A finished run, as its own record tells it. */
export interface FinishedRun {
  readonly record: RunRecord;
  readonly outputs: readonly JobOutput[];
}

/**
 * A finished run of which the ledger does not know: the command died before it could note it, or the ledger is gone. Undefined where the record beside the
 * outputs is not of this video, these options, and a file that has not changed since.
 */
export async function findFinishedRun(
  job: JobEntry,
  facts: FileFacts,
  outDir: string,
  hash: string,
): Promise<FinishedRun | undefined> {
  try {
    const record = JSON.parse(await readFile(join(outDir, `${job.name}.run.json`), 'utf8')) as RunRecord;
    const isOfVideo = resolve(record.input.path) === job.path && record.input.bytes === facts.bytes;
    const isOfFile = isOfVideo && facts.modified <= Date.parse(record.startedAt);
    if (record.status !== 'done' || !isOfFile) return undefined;
    if (optionsHash(record.options as AnalyzeOptions) !== hash) return undefined;
    const folder = dirname(join(outDir, job.name));
    const files = ownFiles(record.outputs).map(path => join(folder, basename(path)));
    return { record, outputs: await Promise.all(files.map(file => describeOutput(file, outDir))) };
  } catch {
    return undefined; // No record, or not all of its files.
  }
}
