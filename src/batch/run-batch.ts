import { availableParallelism, freemem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { HOLD_AT } from '../analyze/memory-guard.js';
import { memoryLimits, needsOfPictures } from '../analyze/needs.js';
import type { AnalyzeOptions } from '../analyze/options.js';
import {
  BodyscriptError,
  type ErrorCode,
  fromPlainError,
  InterruptedError,
  type PlainError,
  toPlainError,
} from '../errors.js';
import { collectGarbage } from '../system/collect-garbage.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import { scheduledCores } from '../system/scheduler.js';
import type { BatchEvents, BatchRequest, BatchResult } from './batch.js';
import type { Decision } from './decide.js';
import type { Docket, DocketVideo } from './docket.js';
import { ENDED_FROM_OUTSIDE, ENDS_ALL, WORTH_A_SECOND_TRY } from './failures.js';
import { nothingPassedOver } from './inputs/passed-over.js';
import { Lane, takenOver } from './lane.js';
import { LEASE_MS, type Outcome } from './ledger/ledger.js';
import { MemoryGovernor } from './memory-governor.js';
import { openDocket } from './open-docket.js';
import type { VideoOutcome } from './worker/protocol.js';

type FailedVideo = Extract<VideoOutcome, { kind: 'failed' }>;

const TRIES = 2;
/** A signal to many processes at once may reach a child this long before us. */
const SIGNAL_WITHIN_MS = 250;
const RENEW_EVERY_MS = LEASE_MS / 3;
/**
 * After this many videos this process collects its garbage: otherwise it could grow to twice the size of everything
 * else.
 */
const COLLECT_EVERY = 250;

/**
 * Analyses all unfinished videos, one or many. The caller disposes of the result's docket.
 * @param given the list of videos, if not found by `request.inputs`
 */
export async function runBatch(
  request: BatchRequest,
  events: BatchEvents,
  signal: AbortSignal,
  given?: Docket,
): Promise<BatchResult> {
  const docket = given ?? (await openDocket(request, message => events.onWarning?.(message), signal));
  try {
    return await new BatchRun(request, docket, events).run(signal);
  } catch (error) {
    docket[Symbol.dispose]();
    throw error;
  }
}

class BatchRun {
  readonly #request: BatchRequest;
  readonly #docket: Docket;
  readonly #events: BatchEvents;
  readonly #passed = nothingPassedOver();
  readonly #startedAt = new Date();
  readonly #startMs = performance.now();
  readonly #counts: Record<Outcome, number> = { done: 0, skipped: 0, waiting: 0, failed: 0, interrupted: 0 };
  #lanes: Lane[] = [];
  #settled = 0;
  #error: BodyscriptError | undefined;

  constructor(request: BatchRequest, docket: Docket, events: BatchEvents) {
    this.#request = request;
    this.#docket = docket;
    this.#events = events;
  }

  async run(signal: AbortSignal): Promise<BatchResult> {
    const total = await this.#docket.open(this.#passed);
    const limits = this.#request.single ? [] : await this.#limits();
    using governor = this.#request.single ? undefined : this.#govern(limits);
    this.#openLanes(limits, governor);
    this.#events.onReady?.(total, this.#lanes.length, this.#passed);
    const onAbort = () => this.#stopAll(signal.reason as BodyscriptError);
    signal.addEventListener('abort', onAbort, { once: true });
    const renewing = setInterval(() => void this.#renew(), RENEW_EVERY_MS);
    try {
      if (signal.aborted) onAbort();
      await Promise.all(this.#lanes.map(lane => this.#work(lane)));
    } finally {
      clearInterval(renewing);
      signal.removeEventListener('abort', onAbort);
      await Promise.allSettled(this.#lanes.map(lane => lane.close()));
    }
    return {
      docket: this.#docket,
      total,
      lanes: this.#lanes.length,
      counts: this.#counts,
      passed: this.#passed,
      startedAt: this.#startedAt,
      seconds: (performance.now() - this.#startMs) / 1000,
      peakMemory: governor?.peak ?? 0,
      error: this.#error,
    };
  }

  async #limits(): Promise<MemoryLimit[]> {
    const machine = { bytes: freemem(), source: 'free memory of this machine' };
    return [...(await memoryLimits(this.#request.options.machine)), machine];
  }

  #openLanes(limits: readonly MemoryLimit[], governor: MemoryGovernor | undefined): void {
    const { single, jobs, options } = this.#request;
    const count = single ? 1 : jobs === 'auto' ? defaultJobs(options, limits) : jobs;
    const shown = new Set<string>();
    this.#lanes = Array.from(
      { length: count },
      (_, index) => new Lane(index, this.#request, this.#events, governor, shown),
    );
  }

  #govern(limits: readonly MemoryLimit[]): MemoryGovernor {
    return new MemoryGovernor(limits, {
      warn: message => this.#events.onWarning?.(message),
      closeIdle: () => {
        for (const lane of this.#lanes) if (!lane.active) void lane.close();
      },
    });
  }

  async #work(lane: Lane): Promise<void> {
    const isStopped = () => this.#error !== undefined;
    try {
      for (let step = await this.#docket.next(isStopped); step; step = await this.#docket.next(isStopped)) {
        if (step.what === 'analyse') await this.#analyze(lane, step.video, step.alone);
        else this.#settle(step.video, step.outcome, step.decision);
      }
    } catch (error) {
      // The ledger could not be written: the others end cleanly.
      this.#stopAll(error instanceof BodyscriptError ? error : fromPlainError(toPlainError(error)));
    }
  }

  async #analyze(lane: Lane, video: DocketVideo, alone: boolean): Promise<void> {
    for (let tries = 1; ; tries++) {
      const { outcome, outOfMemory } = await lane.analyze(video, alone, this.#docket);
      if (outcome.kind !== 'failed') return this.#end(video, eventOf(outcome), outcome);
      const { error } = outcome;
      if (!this.#error && this.#docket.postpone?.(video, error)) return;
      const again = tries < TRIES && !outOfMemory && this.#mayRetry(video, error);
      if (!again) {
        if (outOfMemory) await lane.close(); // To free its memory.
        return this.#conclude(video, alone, outOfMemory, await this.#orInterrupted(outcome));
      }
      this.#events.onWarning?.(`${video.given}: ${error.message}; retrying once`);
    }
  }

  /** Whether a video is retried here; a docket may give it to others instead. */
  #mayRetry(video: DocketVideo, { code }: FailedVideo['error']): boolean {
    if (this.#request.single || this.#error || this.#docket.handBack) return false;
    return WORTH_A_SECOND_TRY.has(code) && this.#docket.isOurs(video);
  }

  /** A failure as an interruption, where the signal that ended a child reaches this process, too. */
  async #orInterrupted(failed: FailedVideo): Promise<FailedVideo> {
    if (!ENDED_FROM_OUTSIDE.has(failed.error.code)) return failed;
    if (!this.#error) await delay(SIGNAL_WITHIN_MS);
    return this.#error instanceof InterruptedError ? { ...failed, error: toPlainError(this.#error) } : failed;
  }

  /** The outcome of a failure that is not retried here. */
  async #conclude(video: DocketVideo, alone: boolean, outOfMemory: boolean, outcome: FailedVideo): Promise<void> {
    const { error } = outcome;
    if (outOfMemory && !alone) {
      this.#docket.defer(video);
      this.#events.onWarning?.(`${video.given}: ${error.message}; it will run alone later`);
      return;
    }
    const endsAll = ENDS_ALL.has(error.code);
    if (!endsAll && error.code !== 'INTERRUPTED' && (await this.#handBack(video, error))) return;
    await this.#end(video, endsAll || error.code === 'INTERRUPTED' ? 'interrupted' : 'failed', outcome);
    if (endsAll) this.#stopAll(fromPlainError(error));
  }

  /** @returns whether the video will be tried again, here or elsewhere */
  async #handBack(video: DocketVideo, error: PlainError): Promise<boolean> {
    let isBack = false;
    await this.#note(async () => {
      isBack = (await this.#docket.handBack?.(video, error)) ?? false;
    });
    if (isBack) this.#events.onWarning?.(`${video.given}: ${error.message}; it will be retried later`);
    return isBack;
  }

  async #end(video: DocketVideo, outcome: Outcome, result: VideoOutcome): Promise<void> {
    await this.#note(async () => this.#docket.note(video, outcome, result));
    this.#settle(video, outcome, undefined, result);
  }

  /** A ledger that cannot be written, on a full disk, stops all; unrecorded results are found by their run records. */
  async #note(write: () => void | Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#stopAll(error instanceof BodyscriptError ? error : fromPlainError(toPlainError(error)));
    }
  }

  #settle(video: DocketVideo, outcome: Outcome, decision?: Decision, result?: VideoOutcome): void {
    this.#counts[outcome]++;
    if (++this.#settled % COLLECT_EVERY === 0) collectGarbage();
    // A single video's failure is the command's.
    if (this.#request.single) this.#error = failureOf(decision, result) ?? this.#error;
    this.#events.onSettled?.(video, outcome, decision, result);
  }

  /** Stops all running videos, cleanly. */
  #stopAll(reason: BodyscriptError): void {
    this.#error ??= reason;
    const interruption =
      reason instanceof InterruptedError
        ? reason
        : new BodyscriptError('INTERRUPTED', `stopped because another video failed (${reason.code})`);
    for (const lane of this.#lanes) lane.stop(interruption);
  }

  /** A job lost to another command, while this one was asleep, is left alone. */
  async #renew(): Promise<void> {
    await this.#note(() => this.#docket.renew());
    for (const lane of this.#lanes) {
      if (!lane.active || this.#docket.isOurs(lane.active)) continue;
      lane.kill(takenOver());
    }
  }
}

function eventOf(outcome: Exclude<VideoOutcome, FailedVideo>): Outcome {
  if (outcome.kind === 'waiting') return 'waiting';
  return outcome.byAnother ? 'skipped' : 'done';
}

/** Why a video has no results, if it has none. */
function failureOf(decision: Decision | undefined, result: VideoOutcome | undefined): BodyscriptError | undefined {
  if (result?.kind === 'failed') return fromPlainError(result.error);
  if (decision?.what === 'refuse') return decision.error;
  if (decision?.what !== 'failed') return undefined;
  // Another command has tried it while this one waited.
  const { code, message, remedy } = decision.job.error ?? { code: 'INTERNAL', message: 'failed', remedy: null };
  return fromPlainError({ code: code as ErrorCode, message, remedy: remedy ?? undefined, exitCode: undefined });
}

/** Minimum picture size, in pixels, for which memory should suffice. */
const USUAL_PICTURE = { width: 640, height: 480 };

/**
 * As many as the cores allow, since a video keeps the engine's threads busy, and as memory allows for small pictures;
 * for larger ones the governor admits fewer.
 */
function defaultJobs(options: AnalyzeOptions, limits: readonly MemoryLimit[]): number {
  const cores = Math.min(availableParallelism(), scheduledCores() ?? Number.POSITIVE_INFINITY);
  const byCores = Math.floor(cores / options.machine.threads);
  const { memory } = needsOfPictures(USUAL_PICTURE, options);
  const byMemory = limits.map(({ bytes }) => Math.floor((bytes * HOLD_AT) / memory));
  return Math.max(1, Math.min(byCores, ...byMemory));
}
