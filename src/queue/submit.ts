import type { AnalyzeOptions } from '../analyze/options.js';
import { factsOf } from '../batch/decide.js';
import { isAbsentInput } from '../batch/inputs/absent-input.js';
import { findInputs, type InputRequest } from '../batch/inputs/find-inputs.js';
import { nothingPassedOver, type PassedOver, passedOverParts } from '../batch/inputs/passed-over.js';
import { TEMPORARY } from '../batch/ledger/database.js';
import { Ledger, type PendingJob } from '../batch/ledger/ledger.js';
import { isInBucket, placeForResults, preparePlace } from '../batch/places.js';
import type { Staging } from '../batch/staging.js';
import { BodyscriptError } from '../errors.js';
import { mapAtOnce } from '../system/map-at-once.js';
import { jobId, newJob } from './job-data.js';
import type { JobStore, NewJob } from './job-store.js';
import { batchesOf, NameBook } from './name-book.js';
import { OlderVersions } from './older-versions.js';
import { piecesOf } from './pieces.js';

/** What to put into a queue. */
export interface SubmitRequest {
  readonly inputs: InputRequest;
  readonly options: AnalyzeOptions;
  /** The options as they were given, for the jobs. */
  readonly carried: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  /** Analyse again what is done, or failed. */
  readonly force: boolean;
  readonly retryFailed: boolean;
  /** Downloads videos of buckets, where their length decides about their jobs. */
  readonly staging: Staging;
}

/** What a submission came to. */
export interface Submitted {
  readonly videos: number;
  /** If they are more than the videos: each piece of a long one has a job. */
  readonly jobs?: number;
  readonly added: number;
  /** In the queue already, or ended there not long ago. */
  readonly known: number;
  /** Those of the known that have failed. */
  readonly failed: number;
  /** Inputs that do not exist: nothing was added for them. */
  readonly missing: readonly string[];
  readonly passed: PassedOver;
}

/** Requests to a bucket at a time. */
const REQUESTS = 16;

/**
 * Finds all videos, names their outputs, and adds a job for each that is not in the queue yet.
 * @throws BodyscriptError `INPUT_MISSING` where no video exists; `OUTPUT_NOT_WRITABLE`, `QUEUE_UNREACHABLE`
 */
export async function submitVideos(store: JobStore, request: SubmitRequest, signal: AbortSignal): Promise<Submitted> {
  const outDir = placeForResults(request.options.outputs.outDir);
  await preparePlace(outDir, signal);
  const passed = nothingPassedOver();
  using ledger = new Ledger(TEMPORARY);
  const names = new NameBook(store, outDir);
  await names.reserve(ledger, signal);
  const { found } = await ledger.register(findInputs(request.inputs, passed, signal), undefined, true);
  if (found === 0) throw noVideos(request.inputs, passed);
  await names.keepAll(ledger, signal);
  const { force, retryFailed, attempts } = request;
  const replaces = (state: string) =>
    (state === 'failed' && (retryFailed || force)) || (state === 'completed' && force);
  const older = await OlderVersions.find(store, outDir);
  const missing: string[] = [];
  let [videos, inAll, added, failed] = [0, 0, 0, 0];
  const onKnown = (state: string) => {
    if (state === 'failed') failed++;
  };
  for (const batch of batchesOf(ledger)) {
    signal.throwIfAborted();
    const perVideo = await mapAtOnce(batch, REQUESTS, pending => jobsFor(pending, outDir, request, signal));
    for (const [at, { given }] of batch.entries()) if (perVideo[at]?.length === 0) missing.push(given);
    const jobs = perVideo.flat();
    videos += perVideo.filter(({ length }) => length > 0).length;
    inAll += jobs.length;
    added += await store.add(jobs, attempts, replaces, onKnown);
    await older.drop(jobs);
  }
  if (videos === 0) throw notFound(missing);
  return { videos, ...(inAll > videos ? { jobs: inAll } : {}), added, known: inAll - added, failed, missing, passed };
}

/**
 * A job for each piece of a long video that is analysed in segments; otherwise one for the whole video, and none for
 * one that does not exist.
 */
async function jobsFor(
  { job }: PendingJob,
  outDir: string,
  request: SubmitRequest,
  signal: AbortSignal,
): Promise<NewJob[]> {
  const { path, name } = job;
  const { carried, force, retryFailed } = request;
  const facts = await factsOf(path, signal);
  if (!facts && (isInBucket(path) || (await isAbsentInput(path)))) return [];
  const { bytes = null, modified = null, etag = null } = facts ?? {};
  const fields = {
    ...{ path, outDir, name, bytes, modified, etag, force, retryFailed },
    options: { ...carried },
    submittedAt: Date.now(),
  };
  const pieces = await piecesOf(path, request.options, request.staging, signal);
  return pieces.map(piece => {
    const data = newJob(piece ? { ...fields, piece } : fields);
    return { id: jobId(data, request.options), data };
  });
}

function notFound(missing: readonly string[]): BodyscriptError {
  const [first = '', ...others] = missing;
  const more = others.length === 0 ? '' : `, and ${others.length} more that do not exist`;
  return new BodyscriptError('INPUT_MISSING', `${first}: no such file or folder${more}`);
}

function noVideos({ paths, fromFile }: InputRequest, passed: PassedOver): BodyscriptError {
  const where = [...paths, ...(fromFile === undefined ? [] : [fromFile])].join(', ');
  const parts = passedOverParts(passed);
  const others = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return new BodyscriptError('INPUT_MISSING', `${where}: no video found${others}`, {
    remedy: 'Name files, folders or globs that hold videos.',
  });
}
