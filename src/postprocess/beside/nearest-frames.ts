import type { Frame } from '../../model/frame.js';

/** The picture of a video at a moment. */
export type Showing = 'not begun' | 'running' | 'ended';

/** Times that differ by less are equal: sums of steps are not exact. In seconds. */
export const SAME_SECONDS = 1e-4;

/** The frames of a video at another one's times. It holds two frames: the one nearest to the moment, and the next. */
export class NearestFrames {
  readonly #frames: AsyncIterator<Frame>;
  readonly #timeOf: (frame: Frame) => number;
  readonly #passed: () => void;
  #nearest: Frame | undefined;
  #next: Frame | undefined;
  #step: number;
  #isFirst = true;

  /**
   * @param timeOf a frame, in seconds that never fall
   * @param usualStep between two frames until two are seen, in seconds
   * @param passed called with each frame that is read
   */
  constructor(frames: AsyncIterable<Frame>, timeOf: (frame: Frame) => number, usualStep: number, passed: () => void) {
    this.#frames = frames[Symbol.asyncIterator]();
    this.#timeOf = timeOf;
    this.#step = usualStep;
    this.#passed = passed;
  }

  /** The frame selected by the last call. */
  get frame(): Frame | undefined {
    return this.#nearest;
  }

  /** Reads the first two frames. @returns the first one's time in seconds; undefined if there is no frame */
  async begin(): Promise<number | undefined> {
    this.#nearest = await this.#read();
    this.#next = await this.#read();
    if (!this.#nearest) return undefined;
    this.#measureStep();
    return this.#timeOf(this.#nearest);
  }

  /** Advances to the frame nearest to a moment. @param moment in seconds, rising from call to call */
  async goTo(moment: number): Promise<Showing> {
    while (this.#nearest && this.#next) {
      const [before, after] = [this.#timeOf(this.#nearest), this.#timeOf(this.#next)];
      if (moment < (before + after) / 2) break;
      await this.#advance();
    }
    return this.#showing(moment);
  }

  /** The frames from a moment on that were not selected yet, each valid until the next one is requested. */
  async *after(moment: number): AsyncGenerator<Frame> {
    if (this.#nearest && this.#showing(moment) === 'not begun') yield this.#nearest;
    while (this.#next) {
      await this.#advance();
      if (this.#nearest && this.#timeOf(this.#nearest) > moment - SAME_SECONDS) yield this.#nearest;
    }
  }

  /** Releases all frames. */
  release(): void {
    this.#nearest?.release();
    this.#next?.release();
  }

  async #advance(): Promise<void> {
    this.#nearest?.release();
    this.#nearest = this.#next;
    this.#isFirst = false;
    this.#next = undefined; // If reading fails, it is released once.
    this.#next = await this.#read();
    this.#measureStep();
  }

  #measureStep(): void {
    if (!this.#nearest || !this.#next) return;
    const step = this.#timeOf(this.#next) - this.#timeOf(this.#nearest);
    if (step > 0) this.#step = step;
  }

  async #read(): Promise<Frame | undefined> {
    const { value, done } = await this.#frames.next();
    if (done) return undefined;
    this.#passed();
    return value;
  }

  /** A frame is shown until the next one, the last for the duration of the one before. */
  #showing(moment: number): Showing {
    if (!this.#nearest) return 'ended';
    const from = this.#timeOf(this.#nearest);
    if (this.#isFirst && moment < from - this.#step / 2) return 'not begun';
    return !this.#next && moment > from + this.#step - SAME_SECONDS ? 'ended' : 'running';
  }
}
