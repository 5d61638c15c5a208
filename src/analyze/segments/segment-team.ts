import type { EngineInfo } from '../../engine/pose-engine.js';
import { OpenStack } from '../../system/open-stack.js';
import type { Cuts } from './cuts.js';
import type { AnalysedSegment, Memory, SegmentSource } from './protocol.js';
import { SegmentWorker } from './segment-worker.js';

/**
 * Several processes that analyse segments of one video in parallel, in order. Segments are kept until they are taken;
 * none starts further ahead than the number of processes.
 */
export class SegmentTeam implements AsyncDisposable {
  readonly #cuts: Cuts;
  readonly #idle: SegmentWorker[];
  readonly #workers: readonly SegmentWorker[];
  readonly #last: number;
  readonly #segments = new Map<number, Promise<AnalysedSegment>>();
  readonly #frames = new Map<number, number>();
  readonly #waiting: (() => void)[] = [];
  readonly info: EngineInfo;
  #next: number | undefined;
  #current = 0;

  private constructor(workers: readonly SegmentWorker[], info: EngineInfo, cuts: Cuts, last: number) {
    this.#workers = workers;
    this.#idle = [...workers];
    this.#cuts = cuts;
    this.#last = last;
    this.info = info;
  }

  /** @param last index of the last segment, if the file states its length */
  static async open(
    source: SegmentSource,
    count: number,
    cuts: Cuts,
    last: number,
    warn: (message: string) => void,
  ): Promise<SegmentTeam> {
    await using opened = new OpenStack();
    const shown = new Set<string>();
    const workers = Array.from({ length: Math.min(count, last + 1) }, () => {
      const worker = new SegmentWorker(message => {
        if (!shown.has(message)) warn(message);
        shown.add(message);
      });
      return opened.add(worker, one => one[Symbol.asyncDispose]());
    });
    // The first one fills caches that the others read.
    const [first, ...others] = workers as [SegmentWorker, ...SegmentWorker[]];
    const info = await first.open(source);
    await Promise.all(others.map(worker => worker.open(source)));
    opened.keep();
    return new SegmentTeam(workers, info, cuts, last);
  }

  /** Frames analysed in the segments that are not taken yet. */
  get framesAhead(): number {
    return [...this.#frames.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A segment, analysed with its lead-in. Those before it are forgotten, and those after it started. */
  async take(index: number): Promise<AnalysedSegment> {
    this.#current = index;
    this.#next ??= index;
    for (const earlier of this.#segments.keys()) if (earlier < index) this.#forget(earlier);
    this.#fill(index);
    const segment = await this.#segments.get(index);
    this.#frames.delete(index);
    return segment as AnalysedSegment;
  }

  /** Analyses a segment again. @param state at the end of the one before; undefined: with a lead-in */
  async again(index: number, memory: Memory | undefined): Promise<AnalysedSegment> {
    const worker = await this.#free();
    try {
      return await worker.analyse({ segment: this.#cuts.at(index), memory }, () => {});
    } finally {
      this.#giveBack(worker);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#workers.map(worker => worker[Symbol.asyncDispose]()));
  }

  /** Starts segments for all idle workers; always the one that is waited for. */
  #fill(wanted: number): void {
    const furthest = Math.min(this.#last, this.#current + this.#workers.length);
    while ((this.#next as number) <= Math.max(wanted, furthest)) {
      const index = this.#next as number;
      if (this.#idle.length === 0 && index > wanted) return;
      this.#next = index + 1;
      const analysed = this.#analyse(index);
      analysed.catch(() => {}); // Thrown again when it is taken.
      this.#segments.set(index, analysed);
    }
  }

  async #analyse(index: number): Promise<AnalysedSegment> {
    const worker = await this.#free();
    try {
      const task = { segment: this.#cuts.at(index), memory: undefined };
      return await worker.analyse(task, count => this.#frames.set(index, count));
    } finally {
      this.#giveBack(worker);
    }
  }

  async #free(): Promise<SegmentWorker> {
    let worker = this.#idle.pop();
    while (!worker) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
      worker = this.#idle.pop();
    }
    return worker;
  }

  #giveBack(worker: SegmentWorker): void {
    this.#idle.push(worker);
    this.#waiting.shift()?.();
    if (this.#waiting.length === 0 && this.#next !== undefined) this.#fill(-1);
  }

  #forget(index: number): void {
    this.#segments.delete(index);
    this.#frames.delete(index);
  }
}
