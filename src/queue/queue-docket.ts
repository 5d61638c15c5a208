import { hostname } from 'node:os';
import type { AnalyzeOptions, MachineOptions } from '../analyze/options.js';
import type { Decision } from '../batch/decide.js';
import type { Docket, DocketOutcome, DocketVideo, Step } from '../batch/docket.js';
import { dropFailure, noteFailure, type ResultsPlace } from '../batch/failure-place.js';
import { ENDS_ALL, WORTH_A_SECOND_TRY } from '../batch/failures.js';
import { type JobEntry, newEntry } from '../batch/ledger/job.js';
import type { Outcome } from '../batch/ledger/ledger.js';
import { isInBucket } from '../batch/places.js';
import { removeSegmentObjects } from '../batch/segment-objects.js';
import type { Destination, Staging } from '../batch/staging.js';
import type { VideoOutcome } from '../batch/worker/protocol.js';
import { BodyscriptError, isCode, type PlainError, toPlainError } from '../errors.js';
import { type QueuedVideo, readJob } from './job-data.js';
import type { HeldJob, JobStore } from './job-store.js';
import { judgeJob, type Verdict } from './judge-job.js';
import { OutsideJobs } from './outside-jobs.js';
import { addWholeIfUnjoined } from './unjoined-pieces.js';

/** A video whose outputs another run writes waits for this long. */
const BUSY_AGAIN_MS = 30_000;
/** A job that this worker must not do is left to others for this long. */
const LEFT_FOR_MS = 3000;
/** The latest failures are kept for the summary: a worker may run for months. */
const FAILURES_KEPT = 20;
/** This process, as the queue shows it. */
const WORKER = { host: hostname(), pid: process.pid };

/** How a worker takes part in a queue. */
export interface WorkPlan {
  /** Whether the work ends when no job waits and none is analysed. */
  readonly untilEmpty: boolean;
  /** Folders and prefixes of which one must hold a video, and one its results; undefined: any place. */
  readonly within: readonly string[] | undefined;
  /** What this worker may do and use. */
  readonly machine: MachineOptions;
  /** Brings videos from buckets, and results to them; undefined: files alone. */
  readonly staging?: Staging | undefined;
  /** Ends requests to a bucket early. */
  readonly signal?: AbortSignal | undefined;
  readonly warn?: (message: string) => void;
}

/** A video that was handed out and has not ended. */
interface Held {
  readonly job: HeldJob;
  readonly video: QueuedVideo;
  /** Where its results go, if that is a bucket. */
  destination?: Destination | undefined;
  isLost: boolean;
  /** How far it is, until the queue has been informed. */
  frames?: { readonly frames: number; readonly expected: number | undefined } | undefined;
}

/** Jobs of a queue in Redis: one is taken for each free lane, and is this worker's while its lock is renewed. */
export class QueueDocket implements Docket {
  readonly #store: JobStore;
  readonly #plan: WorkPlan;
  readonly #held = new Map<number, Held>();
  /** Videos to be run with nothing beside them. */
  readonly #deferred: DocketVideo[] = [];
  readonly #outside = new OutsideJobs();
  readonly #failures: DocketOutcome[] = [];
  #position = 0;
  #taking: Promise<unknown> = Promise.resolve();
  /** Whether the queue had no job for the last lane that asked. */
  #isIdle = false;

  /** @param store is not disposed here */
  constructor(store: JobStore, plan: WorkPlan) {
    this.#store = store;
    this.#plan = plan;
  }

  /** @returns the videos in the queue now, those of other workers included */
  open(): Promise<number> {
    return this.#store.remaining();
  }

  /** One lane at a time asks for a job; they look at their jobs side by side. */
  async next(isStopped: () => boolean): Promise<Step | undefined> {
    for (;;) {
      const taken = this.#taking.then(() => this.#take(isStopped));
      this.#taking = taken.catch(() => {});
      const next = await taken;
      const step = next && 'token' in next ? await this.#consider(next) : next;
      if (step || !next) return step;
    }
  }

  async confirm({ position }: DocketVideo): Promise<boolean> {
    const held = this.#held.get(position);
    return held !== undefined && this.#extend(held);
  }

  isOurs({ position }: DocketVideo): boolean {
    return this.#held.get(position)?.isLost === false;
  }

  async renew(): Promise<void> {
    await Promise.all(
      [...this.#held.values()].map(async held => {
        const { frames } = held;
        held.frames = undefined;
        if ((await this.#extend(held)) && frames) await this.#store.noteProgress(held.job, { ...WORKER, ...frames });
      }),
    );
  }

  defer(video: DocketVideo): void {
    this.#deferred.push(video);
  }

  async handBack({ position }: DocketVideo, error: PlainError): Promise<boolean> {
    const held = this.#held.get(position);
    if (!held) return false;
    const isBusy = error.code === 'OUTPUT_BUSY';
    if (!isBusy && !(WORTH_A_SECOND_TRY.has(error.code) && this.#store.hasAttempts(held.job))) return false;
    // Where the job is another worker's by now, that one tries it again.
    await (isBusy ? this.#store.putBack(held.job, BUSY_AGAIN_MS) : this.#store.fail(held.job, error, false));
    this.#held.delete(position);
    return true;
  }

  async note(docketVideo: DocketVideo, outcome: Outcome, result: VideoOutcome): Promise<void> {
    const { position, given } = docketVideo;
    const held = this.#held.get(position);
    if (!held) return;
    const { job, video } = held;
    try {
      if (result.kind === 'done') {
        await dropFailure(resultsPlace(held), video.name);
        await this.#store.complete(job, 'done');
      } else if (result.kind === 'waiting') {
        await this.#store.complete(job, 'waiting');
        if (result.missing > 0 && (await addWholeIfUnjoined(this.#store, job, video, result.segments)))
          this.#plan.warn?.(`${given}: segments are missing though all its jobs have ended; analysing them in another`);
      } else if (outcome === 'interrupted') {
        await this.#store.putBack(job);
      } else {
        this.#keepFailure(given, entryOf(position, video, result.error, job.attempts + 1));
        await this.#writeFailure(held, result.error);
        await this.#store.fail(job, result.error, true);
      }
    } finally {
      this.#held.delete(position);
    }
  }

  outcomes(): Iterable<DocketOutcome> {
    return this.#failures;
  }

  /** So that others see where a video is analysed. */
  async begin({ position }: DocketVideo): Promise<void> {
    const held = this.#held.get(position);
    if (held) await this.#store.noteProgress(held.job, WORKER);
  }

  /** How far a video is, for the next renewal. */
  saw({ position }: DocketVideo, frames: number, expected: number | undefined): void {
    const held = this.#held.get(position);
    if (held) held.frames = { frames, expected };
  }

  [Symbol.dispose](): void {}

  async #take(isStopped: () => boolean): Promise<HeldJob | Step | undefined> {
    while (!isStopped()) {
      const deferred = this.#deferred.shift();
      if (deferred) return { what: 'analyse', video: deferred, alone: true };
      const job = await this.#store.take(this.#isIdle);
      this.#isIdle = !job;
      if (job && isStopped()) await this.#store.putBack(job);
      else if (job) return job;
      else if (this.#plan.untilEmpty && (await this.#store.remaining()) === 0) return undefined;
    }
    return undefined;
  }

  /** @returns undefined if the job waits again, and the next one is to be considered instead */
  async #consider(job: HeldJob): Promise<Step | undefined> {
    const position = ++this.#position;
    let video: QueuedVideo;
    try {
      if (job.isWornOut) throw wornOut();
      video = await readJob(job.data, this.#plan.machine, this.#plan.within);
    } catch (error) {
      if (isCode(error, 'JOB_OUTSIDE')) return this.#leave(job, error as BodyscriptError);
      return this.#refuse(position, job, pathOf(job), toPlainError(error));
    }
    this.#outside.meetOwn();
    const held: Held = { job, video, isLost: false };
    this.#held.set(position, held); // A bucket may answer slowly: the job is kept meanwhile.
    try {
      const { staging, machine, signal } = this.#plan;
      const verdict = await judgeJob(video, { staging, signal, overwrite: machine.overwrite });
      return await this.#carryOut(position, held, verdict);
    } catch (error) {
      this.#held.delete(position);
      return await this.#giveUp(position, held, error);
    }
  }

  async #carryOut(position: number, held: Held, verdict: Verdict): Promise<Step> {
    const { job, video } = held;
    const { path, name, analysis, force, submittedAt: since } = video;
    if (verdict.what === 'analyse') {
      held.destination = verdict.destination;
      const options = withOutDir(analysis, verdict.destination?.localDir);
      const own = { options, force, since, destination: verdict.destination };
      return {
        what: 'analyse',
        video: { position, given: path, job: { id: position, name, outputs: [] }, own, piece: video.piece },
        alone: false,
      };
    }
    // A worker that was lost just after it had published the video has left its segments.
    if (verdict.what === 'done' && video.piece && isInBucket(video.outDir))
      await removeSegmentObjects(video.outDir, name, () => {});
    this.#held.delete(position);
    if (verdict.what === 'refuse') return this.#refuse(position, job, path, toPlainError(verdict.error));
    if (verdict.what === 'done') {
      await this.#store.complete(job, 'skipped');
      const entry = { ...newEntry(position, path, name), outputs: [...verdict.outputs] };
      const own = { options: analysis, force, destination: undefined };
      return settled({ position, given: path, job: entry, own }, 'skipped', {
        what: 'skip',
        job: entry,
        as: undefined,
      });
    }
    const { error, attempts } = verdict.failure;
    const plain = { ...error, code: error.code as PlainError['code'], remedy: error.remedy ?? undefined };
    await this.#store.fail(job, { ...plain, exitCode: undefined }, true);
    const entry = entryOf(position, video, error, attempts);
    this.#keepFailure(path, entry);
    return settled({ position, given: path, job: entry }, 'failed', { what: 'failed', job: entry });
  }

  /** A job whose bucket cannot be asked. @throws what ends this worker */
  async #giveUp(position: number, { job, video }: Held, error: unknown): Promise<Step | undefined> {
    const plain = toPlainError(error);
    if (this.#plan.signal?.aborted || endsWorker(plain)) {
      await this.#store.putBack(job);
      throw error;
    }
    if (WORTH_A_SECOND_TRY.has(plain.code) && this.#store.hasAttempts(job)) {
      await this.#store.fail(job, plain, false);
      return undefined;
    }
    return this.#refuse(position, job, video.path, plain);
  }

  /** A job for other workers. @throws BodyscriptError `JOB_OUTSIDE` where the queue has nothing else */
  async #leave(job: HeldJob, error: BodyscriptError): Promise<undefined> {
    const outside = this.#outside;
    const hasNothing = outside.meet(job.id) && this.#held.size === 0;
    const ends = hasNothing && (this.#plan.untilEmpty || outside.isUseless);
    await this.#store.putBack(job, ends ? 0 : LEFT_FOR_MS);
    if (ends) throw outside.end(error);
    const { warning } = outside;
    if (warning !== undefined) this.#plan.warn?.(`${error.message}: ${warning}`);
  }

  /** A job that cannot be done as it stands. */
  async #refuse(position: number, job: HeldJob, given: string, error: PlainError): Promise<Step> {
    await this.#store.fail(job, error, true);
    const entry = { ...newEntry(position, given, ''), error: { ...error, remedy: error.remedy ?? null } };
    this.#keepFailure(given, entry);
    const refused = new BodyscriptError(
      error.code,
      error.message,
      error.remedy === undefined ? {} : { remedy: error.remedy },
    );
    const decision: Decision = { what: 'refuse', job: entry, facts: undefined, error: refused };
    return settled({ position, given, job: entry }, 'failed', decision);
  }

  async #extend(held: Held): Promise<boolean> {
    if (!held.isLost) held.isLost = !(await this.#store.extend(held.job));
    return !held.isLost;
  }

  /** Beside the outputs, so that the reason outlives the queue. */
  async #writeFailure(held: Held, error: PlainError): Promise<void> {
    const { job, video } = held;
    const { name, path, facts, hash: optionsHash } = video;
    await noteFailure(resultsPlace(held), name, { path, facts, optionsHash, attempts: job.attempts + 1, error });
  }

  #keepFailure(given: string, job: JobEntry): void {
    this.#failures.push({ given, outcome: 'failed', job });
    if (this.#failures.length > FAILURES_KEPT) this.#failures.shift();
  }
}

function settled(video: DocketVideo, outcome: Outcome, decision: Decision): Step {
  return { what: 'settle', video, outcome, decision };
}

function entryOf(
  position: number,
  { path, name }: QueuedVideo,
  error: { code: string; message: string; remedy?: string | null | undefined },
  attempts: number,
): JobEntry {
  const { code, message, remedy = null } = error;
  return { ...newEntry(position, path, name), state: 'failed', attempts, error: { code, message, remedy } };
}

/** What names a job that cannot be read. */
function pathOf({ id, data }: HeldJob): string {
  const path = (data as { path?: unknown } | null)?.path;
  return typeof path === 'string' && path.length < 4096 ? path : `job ${id}`;
}

function resultsPlace({ video, destination }: Held): ResultsPlace {
  return { outDir: video.outDir, destination: destination?.place };
}

/** Results of a bucket wait for their upload in a folder of this machine. */
function withOutDir(options: AnalyzeOptions, outDir: string | undefined): AnalyzeOptions {
  return outDir === undefined ? options : { ...options, outputs: { ...options.outputs, outDir } };
}

/** A bucket that does not exist is a fault of the job, which every worker would meet. */
const endsWorker = ({ code }: PlainError) => ENDS_ALL.has(code) && code !== 'BUCKET_MISSING';

function wornOut(): BodyscriptError {
  return new BodyscriptError('WORKER_DIED', 'several workers ended unexpectedly, or stopped, while they analysed it', {
    remedy: 'Analyse it alone, with --jobs 1, to see why; then submit it again with --retry-failed.',
  });
}
