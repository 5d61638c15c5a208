import { BodyscriptError } from '../errors.js';
import { AwakeClock } from '../system/awake-clock.js';
import { counted } from '../text/counted.js';

/** Finishing a film of hours, with audio, takes longer than a frame. */
const FINISHING_FACTOR = 30;
const LOOK_EVERY_MS = 250;

/**
 * Stops a run in which no frame arrives, or that is interrupted. Time in which all processes were stopped does not
 * count.
 */
export class StallWatch implements Disposable {
  /** Aborts with the error to throw. */
  readonly signal: AbortSignal;
  readonly #clock = new AwakeClock(LOOK_EVERY_MS);
  readonly #timer: NodeJS.Timeout;
  #movedAt = 0;
  #frames = 0;
  #allowedMs: number;

  /** @param stallMs maximum time without a frame */
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

  /** Call it after each drawn frame. */
  moved(): void {
    this.#frames++;
    this.#movedAt = this.#clock.now();
  }

  /** Call it after the last drawn frame. */
  finishing(): void {
    this.#movedAt = this.#clock.now();
    this.#allowedMs *= FINISHING_FACTOR;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
