import { tableClock } from '../../model/steady-clock.js';

/** The last decimal of times in exports. Frames with the same time are this far apart. */
const LEAST_STEP_SECONDS = 1e-6;

/**
 * The times of exports, which begin at 0 and rise from frame to frame: OpenSim and others reject falling or repeated
 * times.
 */
export class ExportClock {
  readonly #clock = tableClock();
  #first: number | undefined;
  #last = Number.NEGATIVE_INFINITY;

  /** @param timestamp of the next frame of a table, in seconds */
  next(timestamp: number): number {
    const steady = this.#clock.next(timestamp);
    this.#first ??= steady;
    this.#last = Math.max(steady - this.#first, this.#last + LEAST_STEP_SECONDS);
    return this.#last;
  }
}
