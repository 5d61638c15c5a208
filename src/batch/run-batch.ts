import { availableParallelism, freemem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { HOLD_AT } from '../analyze/memory-guard.js';
import { memoryLimits, needsOfPictures } from '../analyze/needs.js';
import type { AnalyzeOptions } from '../analyze/options.js';
import { optionsHash } from '../analyze/options-hash.js';
import { BodyscriptError, fromPlainError, InterruptedError, toPlainError } from '../errors.js';
import { collectGarbage } from '../system/collect-garbage.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import { isRunning } from '../system/process-identity.js';
import { prepareOutputFolder } from '../system/whole-file.js';
import type { BatchEvents, BatchRequest, BatchResult } from './batch.js';
import { type DecideOptions, type Decision, decide } from './decide.js';
import { ENDS_ALL, WORTH_A_SECOND_TRY } from './failures.js';
import { findInputs } from './inputs/find-inputs.js';
import { nothingPassedOver, type PassedOver } from './inputs/walk.js';
import { Lane, takenOver } from './lane.js';
import { expireEntries } from './ledger/housekeeping.js';
import type { JobEntry } from './ledger/job.js';
import { LEASE_MS, Ledger, ledgerPath, type Outcome, type PendingJob } from './ledger/ledger.js';
import { MemoryGovernor } from './memory-governor.js';
import type { VideoOutcome } from './worker/protocol.js';

const TRIES = 2;
const RENEW_EVERY_MS = LEASE_MS / 3;
/** How often it is looked whether another command has finished a video. */
const POLL_MS = 500;
/** After so many videos this process's garbage is collected: left alone, it would be let to grow to twice the size of everything else. */
const COLLECT_EVERY = 250;
const OLD_WORKER_GONE_WITHIN_MS = 5000;

/** Analyses all videos that are missing. The caller disposes the result's ledger. */
export async function runBatch(request: BatchRequest, events: BatchEvents, signal: AbortSignal): Promise<BatchResult> {
  await prepareOutputFolder(request.options.outputs.outDir);
  const ledger = new Ledger(ledgerPath(request.options.outputs.outDir, request.shard));
  try {
    return await new BatchRun(request, ledger, events).run(signal);
  } catch (error) {
    ledger[Symbol.dispose]();
    throw error;
  }
}

class BatchRun {
  readonly #request: BatchRequest;
  readonly #ledger: Ledger;
  readonly #events: BatchEvents;
  readonly #decideOptions: DecideOptions;
  readonly #passed = nothingPassedOver();
  readonly #startedAt = new Date();
  readonly #startMs = performance.now();
  readonly #counts: Record<Outcome, number> = { done: 0, skipped: 0, failed: 0, interrupted: 0 };
  #lanes: Lane[] = [];
  /** Videos to be run with nothing beside them, when the others are done. */
  readonly #deferred: PendingJob[] = [];
  #cursor = 0;
  #settled = 0;
  #taking: Promise<unknown> = Promise.resolve();
  #error: BodyscriptError | undefined;

  constructor(request: BatchRequest, ledger: Ledger, events: BatchEvents) {
    this.#request = request;
    this.#ledger = ledger;
    this.#events = events;
    const { options, force, retryFailed } = request;
    this.#decideOptions = {
      outDir: options.outputs.outDir,
      optionsHash: optionsHash(options),
      force,
      retryFailed,
      overwrite: options.machine.overwrite,
      since: this.#startedAt.getTime(),
    };
  }

  async run(signal: AbortSignal): Promise<BatchResult> {
    await expireEntries(this.#ledger.database, this.#request.options.outputs.outDir, Date.now() - this.#request.keepMs);
    const { inputs, shard } = this.#request;
    const { found, own: total } = await this.#ledger.register(findInputs(inputs, this.#passed), shard);
    if (found === 0) throw noVideos(this.#request, this.#passed);
    const limits = await this.#limits();
    using governor = this.#request.inline ? undefined : this.#govern(limits);
    this.#openLanes(limits, governor);
    this.#events.onReady?.(total, this.#lanes.length, this.#passed);
    const onAbort = () => this.#stopAll(signal.reason as BodyscriptError);
    signal.addEventListener('abort', onAbort, { once: true });
    const renewing = setInterval(() => this.#renew(), RENEW_EVERY_MS);
    try {
      if (signal.aborted) onAbort();
      await Promise.all(this.#lanes.map(lane => this.#work(lane)));
    } finally {
      clearInterval(renewing);
      signal.removeEventListener('abort', onAbort);
      await Promise.allSettled(this.#lanes.map(lane => lane.close()));
    }
    return {
      ledger: this.#ledger,
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
    const { inline, jobs, options } = this.#request;
    const count = inline ? 1 : jobs === 'auto' ? defaultJobs(options, limits) : jobs;
    const told = new Set<string>();
    this.#lanes = Array.from(
      { length: count },
      (_, index) => new Lane(index, this.#request, this.#events, governor, told),
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
    try {
      for (let next = await this.#next(); next; next = await this.#next()) {
        await this.#analyze(lane, next.pending, next.alone);
      }
    } catch (error) {
      // The ledger could not be written: the others end cleanly.
      this.#stopAll(error instanceof BodyscriptError ? error : fromPlainError(toPlainError(error)));
    }
  }

  /** One lane at a time looks for its next video. */
  async #next(): Promise<{ pending: PendingJob; alone: boolean } | undefined> {
    const taken = this.#taking.then(() => this.#take());
    this.#taking = taken.catch(() => {});
    return taken;
  }

  async #take(): Promise<{ pending: PendingJob; alone: boolean } | undefined> {
    let mustWait = false;
    for (;;) {
      if (this.#error) return undefined;
      const pending = this.#ledger.pendingAfter(this.#cursor);
      if (!pending) {
        const deferred = this.#deferred.shift();
        if (deferred) return { pending: deferred, alone: true };
        if (!mustWait) return undefined;
        await delay(POLL_MS);
        [mustWait, this.#cursor] = [false, 0];
        continue;
      }
      this.#cursor = pending.position;
      if (this.#isOurs(pending)) continue;
      const decision = await decide(this.#ledger, pending, this.#decideOptions);
      if (decision.what === 'wait') mustWait = true;
      else if (await this.#carryOut(pending, decision)) return this.#unlessStopped({ ...pending, job: decision.job });
    }
  }

  /** The command may have been told to end while a video was looked at. */
  #unlessStopped(pending: PendingJob): { pending: PendingJob; alone: boolean } | undefined {
    if (!this.#error) return { pending, alone: pending.job.alone };
    this.#ledger.interrupt(pending.job.id);
    return undefined;
  }

  #isOurs({ position, job }: PendingJob): boolean {
    return (
      this.#lanes.some(({ active }) => active?.job.id === job.id) ||
      this.#deferred.some(other => other.position === position)
    );
  }

  /** @returns whether the video is to be analysed now */
  async #carryOut(pending: PendingJob, decision: Exclude<Decision, { what: 'wait' }>): Promise<boolean> {
    if (decision.what === 'skip' || decision.what === 'failed') {
      const known = { ...pending, job: decision.job };
      this.#settle(known, decision.what === 'skip' ? 'skipped' : 'failed', decision);
      return false;
    }
    const { job, facts } = decision;
    if (!this.#ledger.claim(job, this.#decideOptions.optionsHash, facts)) {
      this.#cursor = pending.position - 1; // Somebody was faster: look at it again.
      return false;
    }
    if (decision.what === 'adopt') {
      const { record, outputs } = decision.run;
      this.#ledger.complete(job.id, record, outputs);
      this.#settle({ ...pending, job: { ...job, outputs } }, 'skipped', decision);
      return false;
    }
    if (decision.what === 'refuse') {
      this.#ledger.fail(job.id, decision.error);
      this.#settle(pending, 'failed', decision);
      return false;
    }
    await endOldWorker(job);
    return true;
  }

  async #analyze(lane: Lane, pending: PendingJob, alone: boolean): Promise<void> {
    const { job } = pending;
    for (let tries = 1; ; tries++) {
      const { outcome, outOfMemory } = await lane.analyze(pending, alone, {
        begin: worker => this.#ledger.begin(job.id, worker),
        confirm: () => this.#confirm(job.id),
      });
      if (outcome.kind === 'done') {
        this.#note(() => this.#ledger.complete(job.id, outcome.record, outcome.outputs));
        this.#settle(pending, 'done', undefined, outcome);
        return;
      }
      const { error } = outcome;
      const mayTry = tries < TRIES && !this.#request.inline && !this.#error;
      const again = mayTry && !outOfMemory && WORTH_A_SECOND_TRY.has(error.code) && this.#ledger.isOurs(job.id);
      if (!again) {
        if (outOfMemory) await lane.close(); // For what it keeps.
        this.#conclude(pending, alone, outOfMemory, outcome);
        return;
      }
      this.#events.onWarning?.(`${pending.given}: ${error.message}; it is tried once more`);
    }
  }

  /** A ledger that cannot be written may still be read: its results are found by their run records. */
  #confirm(id: number): boolean {
    try {
      return this.#ledger.confirm(id);
    } catch {
      return this.#ledger.isOurs(id);
    }
  }

  /** What is made of a failure that is not tried again here. */
  #conclude(
    pending: PendingJob,
    alone: boolean,
    outOfMemory: boolean,
    outcome: Extract<VideoOutcome, { kind: 'failed' }>,
  ): void {
    const { id } = pending.job;
    const { error } = outcome;
    if (outOfMemory && !alone) {
      this.#ledger.markAlone(id);
      this.#deferred.push(pending);
      this.#events.onWarning?.(`${pending.given}: ${error.message}; it is run alone later`);
      return;
    }
    const ends = ENDS_ALL.has(error.code);
    if (ends || error.code === 'INTERRUPTED') {
      this.#note(() => this.#ledger.interrupt(id));
      this.#settle(pending, 'interrupted', undefined, outcome);
      if (ends) this.#stopAll(fromPlainError(error));
      return;
    }
    this.#note(() => this.#ledger.fail(id, error));
    this.#settle(pending, 'failed', undefined, outcome);
  }

  /** A ledger that cannot be written, on a full disk, ends all; what it does not know is found by the run records. */
  #note(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#stopAll(error instanceof BodyscriptError ? error : fromPlainError(toPlainError(error)));
    }
  }

  #settle(pending: PendingJob, outcome: Outcome, decision?: Decision, result?: VideoOutcome): void {
    this.#ledger.settle(pending.position, outcome);
    this.#counts[outcome]++;
    if (++this.#settled % COLLECT_EVERY === 0) collectGarbage();
    this.#events.onSettled?.(pending, outcome, decision, result);
  }

  /** Ends what runs, cleanly. */
  #stopAll(reason: BodyscriptError): void {
    this.#error ??= reason;
    const interruption =
      reason instanceof InterruptedError
        ? reason
        : new BodyscriptError('INTERRUPTED', `stopped, since another video met an error (${reason.code})`);
    for (const lane of this.#lanes) lane.stop(interruption);
  }

  /** A job that was lost to another command, while this one was asleep, is left alone. */
  #renew(): void {
    this.#note(() => this.#ledger.renew());
    for (const lane of this.#lanes) {
      if (!lane.active || this.#ledger.isOurs(lane.active.job.id)) continue;
      lane.kill(takenOver());
    }
  }
}

/** Pictures of the videos that memory should allow for at least, in pixels. */
const USUAL_PICTURE = { width: 640, height: 480 };

/** As many as there are cores for, since a video keeps the engine's threads busy, and memory for if they are small; of larger ones the governor lets in fewer. */
function defaultJobs(options: AnalyzeOptions, limits: readonly MemoryLimit[]): number {
  const byCores = Math.floor(availableParallelism() / options.machine.threads);
  const { memory } = needsOfPictures(USUAL_PICTURE, options);
  const byMemory = limits.map(({ bytes }) => Math.floor((bytes * HOLD_AT) / memory));
  return Math.max(1, Math.min(byCores, ...byMemory));
}

/** The process of a command that died may not have noticed yet: two must not write the same files. */
async function endOldWorker({ worker }: JobEntry): Promise<void> {
  // Without its start time another process may have the number by now.
  if (!worker?.started || worker.pid === process.pid || !isRunning(worker)) return;
  process.kill(worker.pid, 'SIGKILL');
  const end = performance.now() + OLD_WORKER_GONE_WITHIN_MS;
  while (isRunning(worker) && performance.now() < end) await delay(20);
}

function noVideos({ inputs }: BatchRequest, passed: PassedOver): BodyscriptError {
  const where = [...inputs.paths, ...(inputs.fromFile === undefined ? [] : [inputs.fromFile])].join(', ');
  const { notVideo, hidden, links, excluded, unreadable } = passed;
  const counts = `${notVideo} files are no videos by their name, ${hidden} hidden, ${links} links, ${excluded} excluded`;
  const closed = unreadable.length === 0 ? '' : `; cannot be read: ${unreadable.join(', ')}`;
  return new BodyscriptError('INPUT_MISSING', `${where}: no video found (${counts}${closed})`, {
    remedy: 'Look for others with --include, --hidden or --follow, or name the files themselves.',
  });
}
