import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';

/** What a sink has on disk. */
export interface SinkState {
  /** Length of the `*.partial` file. */
  readonly bytes: number;
  /** Frames in it, where they may be fewer than were written: an encoder holds some back. */
  readonly frames?: number;
  /** SHA-256 of the `*.partial` file up to that length, where it is text. */
  readonly sha256?: string;
}

/** Takes results, frame by frame in order, and makes something that stays. */
export interface Sink extends AsyncDisposable {
  /** File this sink makes. */
  readonly path: string;
  /** Milliseconds spent, by stage. */
  readonly stageMs: Readonly<Record<string, number>>;
  /** What the user should know of the file, complete after `finish`. */
  readonly warnings: readonly string[];
  /** The sink whose finished file this one needs. */
  readonly after?: Sink;
  /** Files beside `path` that it published. */
  readonly written?: readonly string[];
  /** Settles when the frame's pixels are no longer needed. A sink may draw into them. */
  write(frame: Frame, result: FrameResult): Promise<void>;
  /** How far the file is, for a later run to go on from there: a plain value. To be asked between two writes. */
  readonly state: SinkState;
  /** All frames are there: makes the file whole, still under a `*.partial` name; the run publishes all files together. */
  finish(): Promise<void>;
  /** Gives the finished file its final name. */
  publish(): Promise<void>;
  /** The run ends early: keeps what is there as `*.partial`. */
  abort(reason: unknown): Promise<void>;
}

/** Adds up the time of a stage. */
export class StageClock {
  readonly ms: Record<string, number> = {};

  async time<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.add(stage, performance.now() - start);
    }
  }

  addAll(stages: Readonly<Record<string, number>>): void {
    for (const [stage, ms] of Object.entries(stages)) this.add(stage, ms);
  }

  add(stage: string, ms: number): void {
    this.ms[stage] = (this.ms[stage] ?? 0) + ms;
  }
}
