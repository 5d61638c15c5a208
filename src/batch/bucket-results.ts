import type { AnalyzeOptions } from '../analyze/options.js';
import { optionsHash } from '../analyze/options-hash.js';
import { BodyscriptError, isCode } from '../errors.js';
import type { RecordedObject, RunRecord } from '../model/run-record.js';
import { areObjectsAsListed, readPublished, recordKey } from '../storage/published-run.js';
import type { FinishedRun } from './finished-run.js';
import type { JobEntry, JobOutput } from './ledger/job.js';
import type { FileFacts } from './ledger/ledger.js';
import { isVideoOf } from './same-video.js';

/** What a bucket says of a video. */
export type Known =
  | { readonly what: 'done'; readonly run: FinishedRun }
  /** The results of another video have its name. */
  | { readonly what: 'taken'; readonly error: BodyscriptError };

/**
 * Looks for the results of a video in a bucket, without downloading the video: its record, the options' hash, the
 * object that it was made of, and each output's ETag.
 * @returns undefined where it has to be analysed
 */
export async function findInBucket(
  destination: string,
  job: Pick<JobEntry, 'path' | 'name'>,
  facts: FileFacts,
  hash: string,
  { overwrite, signal }: { readonly overwrite: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Known | undefined> {
  const published = await readPublished(destination, job.name, signal).catch(error => {
    if (overwrite && isCode(error, 'RECORD_INVALID')) return undefined;
    throw error;
  });
  if (!published) return undefined;
  const { record } = published;
  if (record.input.path !== job.path) {
    return overwrite ? undefined : { what: 'taken', error: taken(destination, job, record.input.path) };
  }
  if (record.status !== 'done' || !hasOptions(record, hash)) return undefined;
  if (!(await isVideoOf(record, job.path, facts))) return undefined;
  if (!(await areObjectsAsListed(destination, job.name, record, signal))) return undefined;
  return { what: 'done', run: { record, outputs: outputsOf(record) } };
}

/** Whether a run had these options; anybody may have written its record. */
export function hasOptions({ options }: RunRecord, hash: string): boolean {
  try {
    return optionsHash(options as AnalyzeOptions) === hash;
  } catch {
    return false;
  }
}

function taken(destination: string, { name }: Pick<JobEntry, 'name'>, path: string): BodyscriptError {
  return new BodyscriptError('OUTPUT_TAKEN', `${recordKey(destination, name)}: is of the results of ${path}`, {
    remedy: 'Choose another place with --out, or replace them with --overwrite.',
  });
}

/** What a ledger knows of outputs, from the objects that they have become. */
export function outputsOf({ objects, endedAt }: Pick<RunRecord, 'objects' | 'endedAt'>): JobOutput[] {
  const modified = Date.parse(endedAt ?? '') || 0;
  return objects.map(({ key, bytes, sha256 }: RecordedObject) => ({ path: key, bytes, modified, sha256 }));
}
