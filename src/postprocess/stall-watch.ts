import { BodyscriptError } from '../errors.js';
import { AwakeClock } from '../system/awake-clock.js';
import { counted } from '../text/counted.js';

/** Finishing a film of hours, with its sound, takes longer than a frame. */
const FINISHING_FACTOR = 30;
const LOOK_EVERY_MS = 250;

/** Ends a run in which no frame moves, or that is interrupted. Time in which all was stopped does not count. */
export class StallWatch implements Disposable {
  /** Aborts with what is to be thrown. */
  readonly signal: AbortSignal;
  readonly #clock = new AwakeClock(LOOK_EVERY_MS);
  readonly #timer: NodeJS.Timeout;
  #movedAt = 0;
  #frames = 0;
  #allowedMs: number;

  /** @param stallMs without a frame, at most */
  constructor(path: string, stallMs: number, interrupted: AbortSignal) {
    const stalled = new AbortController();
    this.signal = AbortSignal.any([interrupted, stalled.signal]);
    this.#allowedMs = stallMs;
    this.#timer = setInterval(() => {
      if (this.#clock.now() - this.#movedAt <= this.#allowedMs) return;
      const where = this.#frames === 0 ? 'before the first frame' : `after ${counted(this.#frames, 'frame')}`;
      stalled.abort(
        new BodyscriptError('STALLED', `${path}: no new frame for ${Math.round(this.#allowedMs / 1000)} s, ${where}`, {
          remedy: 'Check that the video can be read to its end, or allow more time with --stall.',
        }),
      );
    }, LOOK_EVERY_MS);
  }

  /** Tells it of a frame that is drawn. */
  moved(): void {
    this.#frames++;
    this.#movedAt = this.#clock.now();
  }

  /** Tells it that all frames are drawn. */
  finishing(): void {
    this.#movedAt = this.#clock.now();
    this.#allowedMs *= FINISHING_FACTOR;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
