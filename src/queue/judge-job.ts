import { findInBucket } from '../batch/bucket-results.js';
import { factsOf } from '../batch/decide.js';
import { findFailure } from '../batch/failure-place.js';
import { type FinishedRun, findFinishedRun } from '../batch/finished-run.js';
import type { JobOutput } from '../batch/ledger/job.js';
import type { FileFacts } from '../batch/ledger/ledger.js';
import { isInBucket } from '../batch/places.js';
import type { Destination, Staging } from '../batch/staging.js';
import { BodyscriptError } from '../errors.js';
import type { Failure } from '../formats/failure-file.js';
import { checkShares } from './check-shares.js';
import type { QueuedVideo } from './job-data.js';

/** What to do with a job, from its video and the results that exist. */
export type Verdict =
  | { readonly what: 'analyse'; readonly destination: Destination | undefined }
  | { readonly what: 'done'; readonly outputs: readonly JobOutput[] }
  /** It failed before and nothing has changed. */
  | { readonly what: 'failed'; readonly failure: Failure }
  /** It cannot be done as it stands. */
  | { readonly what: 'refuse'; readonly error: BodyscriptError };

/** What a worker brings to the buckets of its jobs. */
export interface JudgeOptions {
  /** Undefined: it takes only files. */
  readonly staging: Staging | undefined;
  /** Whether results of other videos are replaced. */
  readonly overwrite: boolean;
  /** Ends requests early. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Compares a job with its video as it is now, and with the results in their place.
 * @throws BodyscriptError `STORAGE_*`, `BUCKET_MISSING`, `SHARE_MISSING`, `PACKAGE_MISSING`, `OUTPUT_NOT_WRITABLE`
 */
export async function judgeJob(video: QueuedVideo, options: JudgeOptions): Promise<Verdict> {
  const { path, outDir, force, retryFailed, hash } = video;
  const { signal } = options;
  const facts = await factsOf(path, signal);
  await checkShares(video, facts !== undefined);
  if (!isSame(facts, video.facts)) return { what: 'refuse', error: changed(path) };
  const destination = await destinationOf(video, options);
  const found = facts && (await findResults(video, facts, destination, options));
  if (found && 'error' in found) return { what: 'refuse', error: found.error };
  if (found && !(force && isOlder(found.record, video))) return { what: 'done', outputs: found.outputs };
  const place = { outDir, destination: destination?.place };
  const failure =
    force || retryFailed ? undefined : await findFailure(place, { ...video, facts, optionsHash: hash }, signal);
  return failure ? { what: 'failed', failure } : { what: 'analyse', destination };
}

async function destinationOf(
  { path, outDir }: QueuedVideo,
  { staging, overwrite, signal }: JudgeOptions,
): Promise<Destination | undefined> {
  if (!isInBucket(outDir) && !isInBucket(path)) return undefined;
  if (!staging) throw new TypeError(`${path}: this worker takes no videos of buckets`);
  return isInBucket(outDir) ? staging.destinationOf(outDir, overwrite, signal) : undefined;
}

async function findResults(
  video: QueuedVideo,
  facts: FileFacts,
  destination: Destination | undefined,
  options: JudgeOptions,
): Promise<{ record: FinishedRun['record']; outputs: readonly JobOutput[] } | { error: BodyscriptError } | undefined> {
  if (!destination) return findFinishedRun(video, facts, video.outDir, video.hash);
  const known = await findInBucket(destination.place, video, facts, video.hash, options);
  return known?.what === 'done' ? known.run : known;
}

const isOlder = ({ startedAt }: FinishedRun['record'], { submittedAt }: QueuedVideo) =>
  Date.parse(startedAt) < submittedAt;

/** Where nothing was known, or the video is missing, the analysis itself says what is wrong. */
function isSame(now: FileFacts | undefined, then: FileFacts | undefined): boolean {
  if (!now || !then) return true;
  if (then.etag !== undefined) return now.etag === then.etag;
  return now.bytes === then.bytes && now.modified === then.modified;
}

function changed(path: string): BodyscriptError {
  return new BodyscriptError('INPUT_CHANGED', `${path}: has changed since it was submitted`, {
    remedy: 'Submit it again.',
  });
}
