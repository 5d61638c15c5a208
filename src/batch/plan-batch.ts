import { existsSync } from 'node:fs';
import { type InspectedVideo, inspectVideo } from '../analyze/inspect-video.js';
import { needsOf } from '../analyze/needs.js';
import { optionsHash } from '../analyze/options-hash.js';
import type { Piece } from '../analyze/segments/analyse-piece.js';
import { planSegments } from '../analyze/segments/plan-segments.js';
import { type PlainError, toPlainError } from '../errors.js';
import { absolutePath, isBucketAddress } from '../storage/address.js';
import type { BatchRequest } from './batch.js';
import { findInBucket } from './bucket-results.js';
import { factsOf } from './decide.js';
import { NOT_FINAL } from './failures.js';
import { findInputs } from './inputs/find-inputs.js';
import type { Input } from './inputs/input.js';
import { nothingPassedOver, type PassedOver } from './inputs/passed-over.js';
import { Database } from './ledger/database.js';
import { JOB_COLUMNS, type JobEntry, jobOfRow } from './ledger/job.js';
import { ledgerPath } from './ledger/ledger.js';
import { plannedInputs } from './plan/planned-inputs.js';

/** The action that a command would take on a video. */
export interface PlannedVideo {
  readonly path: string;
  readonly what: 'analyse' | 'skip' | 'wait for --retry-failed' | 'fail';
  /** Frames expected, if the file says. */
  readonly frames: number | undefined;
  /** Typical maximum memory of its analysis, in bytes. */
  readonly memory: number | undefined;
  readonly error: PlainError | undefined;
}

/** A plan, and the speed of earlier analyses with this ledger. */
export interface BatchPlan {
  readonly videos: AsyncIterable<PlannedVideo>;
  readonly passed: PassedOver;
  /** Frames per second of wall time, one video at a time; undefined if none has been analysed yet. */
  readonly framesPerSecond: number | undefined;
}

/** The actions that a command would take; only reads, and writes nothing. */
export function planBatch(request: BatchRequest): BatchPlan {
  const passed = nothingPassedOver();
  const path = ledgerPath(request.options.outputs.outDir, request.shard);
  const jobs = existsSync(path) ? readJobs(path) : new Map<string, JobEntry>();
  const done = [...jobs.values()].filter(({ state, frames, wallSeconds }) => state === 'done' && frames && wallSeconds);
  const frames = done.reduce((sum, job) => sum + (job.frames?.decoded ?? 0), 0);
  const seconds = done.reduce((sum, job) => sum + (job.wallSeconds ?? 0), 0);
  return {
    videos: plan(request, passed, jobs),
    passed,
    framesPerSecond: seconds > 0 ? frames / seconds : undefined,
  };
}

function readJobs(path: string): Map<string, JobEntry> {
  using db = new Database(path, true);
  const jobs = new Map<string, JobEntry>();
  for (const row of db.all(`SELECT ${JOB_COLUMNS} FROM jobs`)) {
    const job = jobOfRow(row, path);
    jobs.set(job.path, job);
  }
  return jobs;
}

async function* plan(
  request: BatchRequest,
  passed: PassedOver,
  jobs: ReadonlyMap<string, JobEntry>,
): AsyncGenerator<PlannedVideo> {
  const hash = optionsHash(request.options);
  const inputs = request.part ? plannedInputs(request.part) : findInputs(request.inputs, passed);
  for await (const input of inputs) yield await planVideo(request, input, jobs.get(absolutePath(input.path)), hash);
}

/** What a video is before it was opened. */
const UNOPENED = { frames: undefined, memory: undefined, error: undefined };

async function planVideo(
  request: BatchRequest,
  input: Input,
  job: JobEntry | undefined,
  hash: string,
): Promise<PlannedVideo> {
  const { path } = input;
  if (request.staging?.destination && (await isInBucket(request, input, hash))) {
    return { path, what: 'skip', ...UNOPENED };
  }
  const known = job && (await isUnchanged(job, input, hash)) ? job : undefined;
  if (known?.state === 'done' && !request.force) {
    return { path, what: 'skip', ...UNOPENED, frames: known.frames?.decoded };
  }
  const isFinal = known?.state === 'failed' && !NOT_FINAL.has(known.error?.code ?? '');
  const what = isFinal && !request.retryFailed ? 'wait for --retry-failed' : 'analyse';
  // The frames of an object are not known before it is downloaded.
  if (isBucketAddress(path)) return { path, what, ...UNOPENED };
  try {
    const inspected = await inspectVideo(path, request.options);
    await using _source = inspected.source;
    const { frames, memory } = needsOf(inspected);
    return { path, what, frames: framesIn(input.piece, frames, inspected), memory, error: undefined };
  } catch (error) {
    return { path, what: 'fail', ...UNOPENED, error: toPlainError(error) };
  }
}

/** The frames of a piece, as its share of the segments. */
function framesIn(piece: Piece | undefined, frames: number | undefined, inspected: InspectedVideo): number | undefined {
  const plan = piece && planSegments(inspected, () => {}, true);
  if (!plan || frames === undefined) return frames;
  const share = (Math.min(piece.to, plan.last) - piece.from + 1) / (plan.last + 1);
  return Math.round(frames * Math.max(0, share));
}

async function isUnchanged(job: JobEntry, { path }: Input, hash: string): Promise<boolean> {
  const facts = await factsOf(path);
  return job.optionsHash === hash && facts?.bytes === job.bytes && facts?.modified === job.modified;
}

/** Whether the results of a video are in their bucket already. */
async function isInBucket({ staging, force }: BatchRequest, { path, stem }: Input, hash: string): Promise<boolean> {
  const facts = await factsOf(path);
  if (!staging?.destination || !facts || force) return false;
  const { place, overwrite } = staging.destination;
  const known = await findInBucket(place, { path: absolutePath(path), name: stem }, facts, hash, { overwrite });
  return known?.what === 'done';
}
