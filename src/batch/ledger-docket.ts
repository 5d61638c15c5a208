import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { optionsHash } from '../analyze/options-hash.js';
import type { Piece } from '../analyze/segments/analyse-piece.js';
import { BodyscriptError, type PlainError } from '../errors.js';
import { absolutePath, isBucketAddress } from '../storage/address.js';
import { isRunning, type ProcessIdentity } from '../system/process-identity.js';
import type { BatchRequest } from './batch.js';
import { type DecideOptions, type Decision, decide } from './decide.js';
import type { Docket, DocketOutcome, DocketVideo, Step } from './docket.js';
import { dropFailure, noteFailure } from './failure-place.js';
import { findInputs } from './inputs/find-inputs.js';
import type { Input } from './inputs/input.js';
import { type PassedOver, passedOverParts } from './inputs/passed-over.js';
import { TEMPORARY } from './ledger/database.js';
import { expireEntries } from './ledger/housekeeping.js';
import type { JobEntry } from './ledger/job.js';
import { Ledger, ledgerPath, type Outcome, type PendingJob } from './ledger/ledger.js';
import { closeUnused } from './ledger/unused-folder.js';
import { plannedInputs } from './plan/planned-inputs.js';
import { removeSegmentObjects } from './segment-objects.js';
import type { VideoOutcome } from './worker/protocol.js';

/** Interval for checking whether another command has finished a video. */
const POLL_MS = 500;
/** How long a video is left alone after another run was found at its files. */
const POSTPONED_MS = 2000;
const OLD_WORKER_GONE_WITHIN_MS = 5000;

/**
 * The videos of a command, recorded in the ledger of its output folder: only unfinished ones are handed out for
 * analysis.
 */
export class LedgerDocket implements Docket {
  readonly #request: BatchRequest;
  readonly #ledger: Ledger;
  readonly #decideOptions: DecideOptions;
  /** The segments that a part of a plan analyses, by path of the video. */
  readonly #pieces = new Map<string, Piece>();
  /** Positions of the videos that are running. */
  readonly #out = new Set<number>();
  /** Videos to run alone, after the others. */
  readonly #deferred: DocketVideo[] = [];
  /** When videos come again whose files another run writes, by position, on this process's clock. */
  /** Reasons of earlier runs, which a file beside the outputs has where no ledger does. */
  readonly #failedBefore = new Map<number, NonNullable<JobEntry['error']>>();
  readonly #postponed = new Map<number, number>();
  #cursor = 0;
  /** Whether another command is analysing a video that was skipped. */
  #mustWait = false;
  #taking: Promise<unknown> = Promise.resolve();

  readonly #isNewFolder: boolean;

  /**
   * @param signal ends searches in buckets early
   * @param isNewFolder whether this command created the results folder: it removes it if nothing came into it
   * @throws BodyscriptError as `Database` does
   */
  constructor(request: BatchRequest, signal?: AbortSignal, isNewFolder = false) {
    const { options, force, retryFailed, shard } = request;
    const { outDir } = options.outputs;
    this.#request = request;
    this.#isNewFolder = isNewFolder && !request.noLedger;
    this.#decideOptions = {
      outDir,
      optionsHash: optionsHash(options),
      force,
      retryFailed,
      overwrite: options.machine.overwrite,
      noLedger: request.noLedger,
      destination: request.staging?.destination?.place,
      since: Date.now(),
      signal,
    };
    this.#ledger = new Ledger(request.noLedger ? TEMPORARY : ledgerPath(outDir, shard));
  }

  async open(passed: PassedOver): Promise<number> {
    const { options, inputs, shard, part, keepMs } = this.#request;
    await expireEntries(this.#ledger.database, options.outputs.outDir, Date.now() - keepMs);
    const { found, own } = part
      ? await this.#ledger.register(this.#noted(plannedInputs(part)), undefined)
      : await this.#ledger.register(findInputs(inputs, passed, this.#decideOptions.signal), shard);
    // A plan may have more parts than videos.
    if (found === 0 && !part) throw noVideos(this.#request, passed);
    return own;
  }

  async *#noted(inputs: AsyncIterable<Input>): AsyncGenerator<Input> {
    for await (const input of inputs) {
      if (input.piece) this.#pieces.set(absolutePath(input.path), input.piece);
      yield input;
    }
  }

  /** One lane at a time looks for its next video. */
  async next(isStopped: () => boolean): Promise<Step | undefined> {
    const taken = this.#taking.then(() => this.#take(isStopped));
    this.#taking = taken.catch(() => {});
    return taken;
  }

  begin({ job }: DocketVideo, worker: ProcessIdentity | undefined): void {
    this.#ledger.begin(job.id, worker);
  }

  confirm({ job }: DocketVideo): boolean {
    try {
      return this.#ledger.confirm(job.id);
    } catch {
      // A ledger that cannot be written may still be readable: its results are found by their run records.
      return this.#ledger.isOurs(job.id);
    }
  }

  isOurs({ job }: DocketVideo): boolean {
    return this.#ledger.isOurs(job.id);
  }

  renew(): void {
    this.#ledger.renew();
  }

  defer(video: DocketVideo): void {
    this.#ledger.markAlone(video.job.id);
    this.#deferred.push(video);
  }

  postpone({ position, job }: DocketVideo, { code, message }: PlainError): boolean {
    const { outDir } = this.#decideOptions;
    // A file elsewhere, as of --csv, will not hold this video's results when the other run has ended.
    const isBusy = code === 'OUTPUT_BUSY' && message.startsWith(`${join(outDir, job.name)}.`);
    const isTakenOver = code === 'INTERRUPTED' && !this.#ledger.isOurs(job.id);
    if (!isBusy && !isTakenOver) return false;
    this.#ledger.release(job.id);
    this.#out.delete(position);
    this.#postponed.set(position, performance.now() + POSTPONED_MS);
    this.#mustWait = true;
    return true;
  }

  async note(video: DocketVideo, outcome: Outcome, result: VideoOutcome): Promise<void> {
    const { position, job } = video;
    if (this.#request.noLedger) await this.#noteInFile(video, outcome, result);
    try {
      if (result.kind === 'done') this.#ledger.complete(job.id, result.record, result.outputs);
      else if (result.kind === 'waiting') this.#ledger.release(job.id);
      else if (outcome === 'interrupted') this.#ledger.interrupt(job.id);
      else this.#ledger.fail(job.id, result.error);
    } finally {
      this.#ledger.settle(position, outcome);
      this.#out.delete(position);
    }
  }

  /** Without a ledger, a file beside the outputs keeps the failure. */
  async #noteInFile({ job }: DocketVideo, outcome: Outcome, result: VideoOutcome): Promise<void> {
    if (result.kind === 'done') return dropFailure(this.#decideOptions, job.name);
    if (result.kind !== 'failed' || outcome !== 'failed') return;
    const entry = this.#ledger.job(job.id);
    if (!entry) return;
    const { path, bytes, modified, attempts } = entry;
    const facts = bytes === null || modified === null ? undefined : { bytes, modified };
    const { optionsHash } = this.#decideOptions;
    await noteFailure(this.#decideOptions, job.name, { path, facts, optionsHash, attempts, error: result.error });
  }

  *outcomes(): Iterable<DocketOutcome> {
    for (const outcome of this.#ledger.outcomes()) {
      const error = outcome.outcome === 'failed' ? this.#failedBefore.get(outcome.job.id) : undefined;
      yield error ? { ...outcome, job: { ...outcome.job, error } } : outcome;
    }
  }

  [Symbol.dispose](): void {
    if (this.#isNewFolder) closeUnused(this.#ledger.database, this.#request.options.outputs.outDir);
    else this.#ledger[Symbol.dispose]();
  }

  async #take(isStopped: () => boolean): Promise<Step | undefined> {
    while (!isStopped()) {
      const pending = this.#ledger.pendingAfter(this.#cursor);
      if (!pending) {
        const deferred = this.#deferred.shift();
        if (deferred) return { what: 'analyse', video: deferred, alone: true };
        if (!this.#mustWait) return undefined;
        await delay(POLL_MS);
        [this.#mustWait, this.#cursor] = [false, 0];
        continue;
      }
      const step = await this.#consider(pending);
      if (step?.what === 'analyse' && isStopped()) this.#ledger.interrupt(step.video.job.id);
      else if (step) return step;
    }
    return undefined;
  }

  /** @returns undefined if the next video is to be considered instead, since another process has this one */
  async #consider(pending: PendingJob): Promise<Step | undefined> {
    this.#cursor = pending.position;
    if (this.#out.has(pending.position)) return undefined;
    const isPostponed = (this.#postponed.get(pending.position) ?? 0) > performance.now();
    const decision: Decision = isPostponed
      ? { what: 'wait' }
      : await decide(this.#ledger, pending, this.#decideOptions);
    if (decision.what !== 'wait') return this.#carryOut(pending, decision);
    this.#mustWait = true;
    return undefined;
  }

  async #carryOut(pending: PendingJob, decision: Exclude<Decision, { what: 'wait' }>): Promise<Step | undefined> {
    const { job } = decision;
    const video = { ...pending, job, piece: this.#pieces.get(job.path) };
    if (decision.what === 'skip' || decision.what === 'adopt') await this.#dropSegments(video);
    if (decision.what === 'skip') return this.#settled(video, 'skipped', decision);
    if (decision.what === 'failed') {
      if (job.error) this.#failedBefore.set(job.id, job.error);
      return this.#settled(video, 'failed', decision);
    }
    if (!this.#ledger.claim(job, this.#decideOptions.optionsHash, decision.facts)) {
      this.#cursor = pending.position - 1; // Another process was faster: check it again.
      return undefined;
    }
    if (decision.what === 'adopt') {
      const { record, outputs } = decision.run;
      this.#ledger.complete(job.id, record, outputs);
      return this.#settled({ ...video, job: { ...job, outputs } }, 'skipped', decision);
    }
    if (decision.what === 'refuse') {
      this.#ledger.fail(job.id, decision.error);
      return this.#settled(video, 'failed', decision);
    }
    await endOldWorker(job);
    this.#out.add(pending.position);
    return { what: 'analyse', video, alone: job.alone };
  }

  /** A machine that was lost just after it had published a video leaves the segments. */
  async #dropSegments({ piece, job }: DocketVideo): Promise<void> {
    const { destination } = this.#decideOptions;
    if (piece && destination !== undefined) await removeSegmentObjects(destination, job.name, () => {});
  }

  #settled(video: DocketVideo, outcome: Outcome, decision: Decision): Step {
    this.#ledger.settle(video.position, outcome);
    return { what: 'settle', video, outcome, decision };
  }
}

/** The worker of a command that died may still be running: two must not write the same files. */
async function endOldWorker({ worker }: JobEntry): Promise<void> {
  // Without its start time, another process may have the number by now.
  if (!worker?.started || worker.pid === process.pid || !isRunning(worker)) return;
  process.kill(worker.pid, 'SIGKILL');
  const end = performance.now() + OLD_WORKER_GONE_WITHIN_MS;
  while (isRunning(worker) && performance.now() < end) await delay(20);
}

const WIDEN = 'Widen the search with --include, --hidden or --follow, or give the files by name.';

/** What to try where no file was found at all, not even one to skip. */
function remedyForNothing(paths: readonly string[]): string {
  if (paths.some(path => /[*?[{]/.test(path)))
    return 'No name matches the pattern: it is case-sensitive, and ** matches folders at any depth.';
  if (paths.length > 0 && paths.every(isBucketAddress))
    return 'No object has this key or prefix. Check the spelling: it is case-sensitive.';
  return WIDEN;
}

function noVideos({ inputs }: BatchRequest, passed: PassedOver): BodyscriptError {
  const where = [...inputs.paths, ...(inputs.fromFile === undefined ? [] : [inputs.fromFile])].join(', ');
  const { numbered, unreadable } = passed;
  const parts = passedOverParts(passed);
  const others = parts.length === 0 ? remedyForNothing(inputs.paths) : WIDEN;
  const found = [...parts, ...(unreadable.length === 0 ? [] : [`cannot be read: ${unreadable.join(', ')}`])];
  const counts = found.length === 0 ? '' : ` (${found.join('; ')})`;
  return new BodyscriptError('INPUT_MISSING', `${where}: no videos found${counts}`, {
    remedy:
      numbered === undefined
        ? others
        : `Give numbered pictures as one video, by their pattern: bodyscript analyze ${JSON.stringify(numbered)} --fps 30`,
  });
}
