import { stat } from 'node:fs/promises';
import type { MachineOptions } from '../analyze/options.js';
import type { Decision } from '../batch/decide.js';
import type { Docket, DocketOutcome, DocketVideo, Step } from '../batch/docket.js';
import { findFailure, removeFailure, writeFailure } from '../batch/failure-file.js';
import { WORTH_A_SECOND_TRY } from '../batch/failures.js';
import { findFinishedRun } from '../batch/finished-run.js';
import { type JobEntry, newEntry } from '../batch/ledger/job.js';
import type { FileFacts, Outcome } from '../batch/ledger/ledger.js';
import type { VideoOutcome } from '../batch/worker/protocol.js';
import { BodyscriptError, type PlainError, toPlainError } from '../errors.js';
import { systemPath } from '../system/byte-names.js';
import { type QueuedVideo, readJob } from './job-data.js';
import type { HeldJob, JobStore } from './job-store.js';

/** A video whose outputs another run writes waits for this long. */
const BUSY_AGAIN_MS = 30_000;
/** The latest failures are kept for the summary: a worker may run for months. */
const FAILURES_KEPT = 20;

/** How a worker takes part in a queue. */
export interface WorkPlan {
  /** Whether the work ends when no job waits and none is analysed. */
  readonly untilEmpty: boolean;
  /** The folder that videos and results must be in, if any. */
  readonly within: string | undefined;
  /** What this worker may do and use. */
  readonly machine: MachineOptions;
}

/** A video that was handed out and has not ended. */
interface Held {
  readonly job: HeldJob;
  readonly video: QueuedVideo;
  isLost: boolean;
}

/** Jobs of a queue in Redis: one is taken for each free lane, and is this worker's while its lock is renewed. */
export class QueueDocket implements Docket {
  readonly #store: JobStore;
  readonly #plan: WorkPlan;
  readonly #held = new Map<number, Held>();
  /** Videos to be run with nothing beside them. */
  readonly #deferred: DocketVideo[] = [];
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
    const taken = this.#taking.then(() => this.#take(isStopped));
    this.#taking = taken.catch(() => {});
    const next = await taken;
    return next && 'token' in next ? this.#consider(next) : next;
  }

  async confirm({ position }: DocketVideo): Promise<boolean> {
    const held = this.#held.get(position);
    return held !== undefined && this.#extend(held);
  }

  isOurs({ position }: DocketVideo): boolean {
    return this.#held.get(position)?.isLost === false;
  }

  async renew(): Promise<void> {
    await Promise.all([...this.#held.values()].map(held => this.#extend(held)));
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
        await removeFailure(video.outDir, video.name);
        await this.#store.complete(job, 'done');
      } else if (result.kind === 'waiting') {
        await this.#store.complete(job, 'waiting');
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

  begin(): void {}
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

  async #consider(job: HeldJob): Promise<Step> {
    const position = ++this.#position;
    let video: QueuedVideo;
    try {
      if (job.isWornOut) throw wornOut();
      video = await readJob(job.data, this.#plan.machine, this.#plan.within);
    } catch (error) {
      return this.#refuse(position, job, pathOf(job), toPlainError(error));
    }
    const { path, name, outDir, analysis, hash } = video;
    const facts = await factsOf(path);
    if (!isSame(facts, video.facts)) return this.#refuse(position, job, path, toPlainError(changed(path)));
    const docketVideo = {
      position,
      given: path,
      job: { id: position, name, outputs: [] },
      own: { options: analysis, force: video.force, since: video.submittedAt },
    };
    const run = facts && (await findFinishedRun(video, facts, outDir, hash));
    if (run && !(video.force && Date.parse(run.record.startedAt) < video.submittedAt)) {
      await this.#store.complete(job, 'skipped');
      const entry = { ...newEntry(position, path, name), outputs: [...run.outputs] };
      return settled({ ...docketVideo, job: entry }, 'skipped', { what: 'skip', job: entry, as: undefined });
    }
    const failure =
      video.force || video.retryFailed ? undefined : await findFailure(video, facts, { outDir, optionsHash: hash });
    if (failure) {
      const error = { ...failure.error, code: failure.error.code as PlainError['code'] };
      await this.#store.fail(job, { ...error, remedy: error.remedy ?? undefined, exitCode: undefined }, true);
      const entry = entryOf(position, video, error, failure.attempts);
      this.#keepFailure(path, entry);
      return settled(docketVideo, 'failed', { what: 'failed', job: entry });
    }
    this.#held.set(position, { job, video, isLost: false });
    return { what: 'analyse', video: docketVideo, alone: false };
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
  async #writeFailure({ job, video }: Held, error: PlainError): Promise<void> {
    const { outDir, name, path, facts, hash: optionsHash } = video;
    await writeFailure(outDir, name, { path, facts, optionsHash, attempts: job.attempts + 1, error });
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

async function factsOf(path: string): Promise<FileFacts | undefined> {
  return stat(systemPath(path)).then(
    stats => (stats.isFile() ? { bytes: stats.size, modified: stats.mtimeMs } : undefined),
    () => undefined,
  );
}

/** Where nothing was known, or nothing is there, the analysis itself says what is wrong. */
function isSame(now: FileFacts | undefined, then: FileFacts | undefined): boolean {
  if (!now || !then) return true;
  return now.bytes === then.bytes && now.modified === then.modified;
}

function changed(path: string): BodyscriptError {
  return new BodyscriptError('INPUT_CHANGED', `${path}: has changed since it was submitted`, {
    remedy: 'Submit it again.',
  });
}

function wornOut(): BodyscriptError {
  return new BodyscriptError('WORKER_DIED', 'several workers ended unexpectedly, or stopped, while they analysed it', {
    remedy: 'Analyse it alone, with --jobs 1, to see why; then submit it again with --retry-failed.',
  });
}
