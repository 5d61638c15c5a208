import type { EngineInfo } from '../../engine/pose-engine.js';
import { OpenStack } from '../../system/open-stack.js';
import type { Cuts } from './cuts.js';
import type { FrameLimit } from './plan-segments.js';
import type { AnalysedSegment, Memory, SegmentSource, SegmentTask } from './protocol.js';
import type { SegmentStore } from './segment-store.js';
import { SegmentWorker } from './segment-worker.js';

/** A segment is analysed by this many processes, one after another, if each of them dies. */
const TRIES = 3;
/** A healthy process sends a message every second; a machine that swaps may delay it. */
const SILENT_MS = { least: 5000, most: 30_000 };

/** Shorter than the distance of any two frames. */
const LEAST_STEP_SECONDS = 1e-7;

/** How a team analyses a video. */
export interface TeamPlan {
  readonly source: SegmentSource;
  /** Maximum number of processes. */
  readonly count: number;
  readonly cuts: Cuts;
  /** Index of the last segment that is needed, if the file states its length. */
  readonly last: number;
  readonly limit?: FrameLimit | undefined;
  /** Opens the segments that other commands have analysed. */
  readonly openStore?: ((engine: EngineInfo) => Promise<SegmentStore>) | undefined;
  /** The video's run ends if no frame is finished for this long, in milliseconds. */
  readonly stallMs?: number | undefined;
  readonly warn: (message: string) => void;
}

/**
 * Several processes that analyse segments of one video in parallel, in order. Segments are kept until they are taken;
 * none starts further ahead than the number of processes. A process that dies is replaced, and its segment analysed
 * again.
 */
export class SegmentTeam implements AsyncDisposable {
  readonly #plan: TeamPlan;
  readonly #silentMs: number;
  readonly #shown = new Set<string>();
  readonly #workers = new Set<SegmentWorker>();
  readonly #idle: SegmentWorker[] = [];
  readonly #segments = new Map<number, Promise<AnalysedSegment>>();
  readonly #frames = new Map<number, number>();
  readonly #waiting: (() => void)[] = [];
  #info: EngineInfo | undefined;
  #store: SegmentStore | undefined;
  #next: number | undefined;
  #current = 0;
  #isClosed = false;

  private constructor(plan: TeamPlan) {
    this.#plan = plan;
    // Before the run itself counts as stalled.
    const half = (plan.stallMs ?? Number.POSITIVE_INFINITY) / 2;
    this.#silentMs = Math.max(SILENT_MS.least, Math.min(SILENT_MS.most, half));
  }

  /** @throws BodyscriptError as opening the video or the engine does */
  static async open(plan: TeamPlan): Promise<SegmentTeam> {
    await using opened = new OpenStack();
    const team = opened.add(new SegmentTeam(plan), one => one[Symbol.asyncDispose]());
    // The first one fills caches that the others read, and may stay the only one if all segments are stored.
    team.#idle.push(await team.#retrying(() => team.#hire(), 'a segment'));
    team.#store = await plan.openStore?.(team.info);
    opened.keep();
    return team;
  }

  get info(): EngineInfo {
    if (!this.#info) throw new TypeError('no engine was opened');
    return this.#info;
  }

  /** The segments that other commands have analysed, if they are used. */
  get store(): SegmentStore | undefined {
    return this.#store;
  }

  /** Frames analysed in the segments that are not taken yet. */
  get framesAhead(): number {
    return [...this.#frames.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * A segment, stored or analysed with its lead-in. Those before it are forgotten, and those after it started.
   * @throws BodyscriptError as the analysis does
   */
  async take(index: number): Promise<AnalysedSegment> {
    this.#current = index;
    this.#next ??= index;
    for (const earlier of this.#segments.keys()) if (earlier < index) this.#forget(earlier);
    this.#fill(index);
    const segment = (await this.#segments.get(index)) ?? (await this.#stored(index));
    this.#frames.delete(index);
    return segment;
  }

  /** Analyses a segment, with its lead-in. @throws BodyscriptError as the analysis does */
  async analyse(index: number): Promise<AnalysedSegment> {
    return this.#analyse(this.#task(index, undefined), count => this.#frames.set(index, count));
  }

  /** Analyses a segment again. @param memory at the end of the one before; undefined: with a lead-in */
  async again(index: number, memory: Memory | undefined): Promise<AnalysedSegment> {
    return this.#analyse(this.#task(index, memory), () => {});
  }

  /**
   * Analyses further frames of a segment.
   * @param memory at the end of those before
   * @param after time of the last frame before
   * @param most maximum number of frames
   */
  async further(index: number, memory: Memory, after: number, most: number): Promise<AnalysedSegment> {
    const segment = { ...this.#plan.cuts.at(index), from: after + LEAST_STEP_SECONDS };
    return this.#analyse({ segment, memory, most }, () => {});
  }

  #task(index: number, memory: Memory | undefined): SegmentTask {
    const { cuts, limit, last } = this.#plan;
    const until = index === last ? limit?.until : undefined;
    return { segment: cuts.at(index), memory, until, most: limit?.most };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled([...this.#workers].map(worker => worker[Symbol.asyncDispose]()));
  }

  /** Starts segments for all idle workers; always the one that is waited for. */
  #fill(wanted: number): void {
    if (this.#isClosed) return; // A worker that ends gives itself back.
    const furthest = Math.min(this.#plan.last, this.#current + this.#plan.count);
    while ((this.#next as number) <= Math.max(wanted, furthest)) {
      const index = this.#next as number;
      const isStored = this.#store?.has(index) === true;
      if (!isStored && this.#room === 0 && index > wanted) return;
      this.#next = index + 1;
      if (isStored) continue; // Read when it is taken: each takes megabytes.
      const analysed = this.analyse(index);
      analysed.catch(() => {}); // Thrown again when it is taken.
      this.#segments.set(index, analysed);
    }
  }

  /** Workers that have nothing to do, or can still be started. */
  get #room(): number {
    return this.#idle.length + this.#plan.count - this.#workers.size;
  }

  /** A stored segment; one that turns out to be unusable is analysed here. */
  async #stored(index: number): Promise<AnalysedSegment> {
    return (await this.#store?.read(index)) ?? (await this.analyse(index));
  }

  async #analyse(task: SegmentTask, onFrames: (count: number) => void): Promise<AnalysedSegment> {
    return this.#retrying(
      async () => {
        const worker = await this.#free();
        try {
          return await worker.analyse(task, onFrames);
        } finally {
          this.#giveBack(worker);
        }
      },
      `segment ${task.segment.index + 1}`,
    );
  }

  /** Repeats work whose process died. What it reported itself, the next one would report, too. */
  async #retrying<T>(work: () => Promise<T>, what: string): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        const { code, message } = error as { code?: unknown; message?: string };
        if (code !== 'WORKER_DIED' || this.#isClosed || tries >= TRIES) throw error;
        this.#plan.warn(`${message}; analysing ${what} again in a new one`);
      }
    }
  }

  async #free(): Promise<SegmentWorker> {
    for (;;) {
      const worker = this.#idle.pop();
      if (worker?.isAlive) return worker;
      if (worker) this.#dismiss(worker);
      else if (this.#workers.size < this.#plan.count) return this.#hire();
      else await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }

  async #hire(): Promise<SegmentWorker> {
    const { source, count, warn } = this.#plan;
    // Nobody would end this one.
    if (this.#isClosed) throw new TypeError('the team is closed');
    const worker = new SegmentWorker({
      silentMs: this.#silentMs,
      atOnce: count,
      warn: message => {
        if (!this.#shown.has(message)) warn(message);
        this.#shown.add(message);
      },
    });
    this.#workers.add(worker);
    try {
      this.#info = await worker.open(source);
      return worker;
    } catch (error) {
      this.#dismiss(worker);
      throw error;
    }
  }

  #dismiss(worker: SegmentWorker): void {
    this.#workers.delete(worker);
    void worker[Symbol.asyncDispose]();
    this.#waiting.shift()?.();
  }

  #giveBack(worker: SegmentWorker): void {
    if (worker.isAlive) this.#idle.push(worker);
    else this.#dismiss(worker);
    this.#waiting.shift()?.();
    if (this.#waiting.length === 0 && this.#next !== undefined) this.#fill(-1);
  }

  #forget(index: number): void {
    this.#segments.delete(index);
    this.#frames.delete(index);
  }
}
