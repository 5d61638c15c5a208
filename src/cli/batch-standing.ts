import type { Progress } from '../analyze/analyze-video.js';
import { megabytes } from '../analyze/memory-guard.js';
import { counted } from '../text/counted.js';
import { duration, roughly } from './durations.js';
import { bar, type Piece } from './fit-line.js';

/** The progress of a command with many videos. */
export class BatchStanding {
  readonly #startMs = performance.now();
  readonly #running = new Map<number, Progress>();
  #memory = 0;
  total = 0;
  settled = 0;
  failed = 0;
  /** Videos that this command analysed, and their frames. */
  analysed = 0;
  frames = 0;

  update(lane: number, progress: Progress, memory: number): void {
    this.#running.set(lane, progress);
    this.#memory = memory;
  }

  leave(lane: number): void {
    this.#running.delete(lane);
  }

  /** Call it when a video has ended. @param frames its number of frames; undefined if it was not analysed */
  end(frames: number | undefined): void {
    this.settled++;
    if (frames === undefined) return;
    this.analysed++;
    this.frames += frames;
  }

  get #framesSoFar(): number {
    return [...this.#running.values()].reduce((sum, { frames }) => sum + frames, this.frames);
  }

  get #rate(): string {
    return (this.#framesSoFar / Math.max(0.001, (performance.now() - this.#startMs) / 1000)).toFixed(1);
  }

  /** Number of finished videos, including fractions of the current ones. */
  get #analysedSoFar(): number {
    const running = [...this.#running.values()].map(({ frames, expected }) => (expected ? frames / expected : 0));
    return running.reduce((sum, share) => sum + Math.min(1, share), this.analysed);
  }

  /**
   * Estimated seconds for the remaining videos, at the average of the finished ones; undefined before the first is
   * done.
   */
  get #secondsLeft(): number | undefined {
    if (this.analysed === 0) return undefined;
    const soFar = this.#analysedSoFar;
    const each = (performance.now() - this.#startMs) / 1000 / soFar;
    return Math.max(0, each * (this.total - this.settled - (soFar - this.analysed)));
  }

  get #share(): number {
    return (this.settled + this.#analysedSoFar - this.analysed) / Math.max(1, this.total);
  }

  /** `12 of 400 videos, 3600 frames, 85.1 frames/s, about 1 h 20 min left, 612 MB`. */
  toString(): string {
    const left = this.#secondsLeft;
    const eta = left === undefined ? '' : `, about ${duration(left)} left`;
    const failed = this.failed === 0 ? '' : `, ${this.failed} failed`;
    return `${this.settled} of ${counted(this.total, 'video')}${failed}, ${counted(this.#framesSoFar, 'frame')}, ${this.#rate} frames/s${eta}, ${megabytes(this.#memory)}`;
  }

  /** The same in pieces, for a line that may be too narrow for all. */
  pieces(): Piece[] {
    const left = this.#secondsLeft;
    const pieces = [
      { text: bar(this.#share), rank: 3 },
      { text: this.failed === 0 ? '' : `${this.failed} failed`, rank: 1 },
      { text: left === undefined ? '' : `about ${roughly(left)} left`, rank: 2 },
      { text: counted(this.#framesSoFar, 'frame'), rank: 5 },
      { text: `${this.#rate} frames/s`, rank: 4 },
      { text: megabytes(this.#memory), rank: 6 },
    ];
    return pieces.filter(({ text }) => text !== '');
  }
}
