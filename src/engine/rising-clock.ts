const MICROSECONDS = 1_000_000;
/**
 * Between two videos, and where times repeat or fall back; also what tasks-vision adds for a picture without a time.
 */
const GAP_MICROSECONDS = 1000;

/** Where a clock stands, in microseconds. */
export interface ClockState {
  readonly offset: number | undefined;
  readonly last: number;
}

/**
 * Turns the times of one video after another into the whole microseconds that MediaPipe wants: strictly rising over the
 * whole life of a landmarker. Within a video the distances stay those of the video, except where its times repeat or
 * fall back.
 */
export class RisingClock {
  #offset: number | undefined;
  #last = 0;

  /** @param timestamp seconds @returns microseconds, above all earlier ones */
  next(timestamp: number): number {
    const own = Math.round(timestamp * MICROSECONDS);
    this.#offset ??= this.#last + GAP_MICROSECONDS - own;
    if (own + this.#offset <= this.#last) this.#offset = this.#last + GAP_MICROSECONDS - own;
    this.#last = own + this.#offset;
    return this.#last;
  }

  /** A picture without a time was looked at, for which tasks-vision counts a millisecond on. */
  passPicture(): void {
    this.#last += GAP_MICROSECONDS;
  }

  save(): ClockState {
    return { offset: this.#offset, last: this.#last };
  }

  restore({ offset, last }: ClockState): void {
    this.#offset = offset;
    this.#last = last;
  }

  /** Another video begins. */
  restart(): void {
    this.#offset = undefined;
  }
}
