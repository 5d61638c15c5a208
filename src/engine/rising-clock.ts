const MICROSECONDS = 1_000_000;
/** Step between two videos, and where times repeat or fall; tasks-vision adds the same for a picture without a time. */
const GAP_MICROSECONDS = 1000;

/** State of the clock, in microseconds. */
export interface ClockState {
  readonly offset: number | undefined;
  readonly last: number;
}

/**
 * Turns the times of consecutive videos into the whole microseconds that MediaPipe needs: strictly rising over the
 * whole life of a landmarker. Within a video the distances stay those of the video, except where its times repeat or
 * fall.
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

  /** For a picture analysed without a time, for which tasks-vision advances by a millisecond. */
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

  /** Starts another video. */
  restart(): void {
    this.#offset = undefined;
  }
}
