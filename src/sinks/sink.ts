import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';

/** Takes results, frame by frame in order, and makes something that stays. */
export interface Sink extends AsyncDisposable {
  /** File this sink makes. */
  readonly path: string;
  /** Milliseconds spent, by stage. */
  readonly stageMs: Readonly<Record<string, number>>;
  /** What the user should know of the file, complete after `finish`. */
  readonly warnings: readonly string[];
  /** Settles when the frame's pixels are no longer needed. A sink may draw into them. */
  write(frame: Frame, result: FrameResult): Promise<void>;
  /** All frames are there: makes the file whole, still under its `*.partial` name; the run publishes all files together. */
  finish(): Promise<void>;
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
