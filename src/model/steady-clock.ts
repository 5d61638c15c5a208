/** A frame's time on the file's own clock, with the clock's jumps removed. */
export interface SteadyTime {
  /** Begins with the first frame's own time and never falls; without jumps it is each frame's own time. */
  readonly seconds: number;
  /** Jumps of the file's clock up to this frame. */
  readonly leaps: number;
}

/** A jump of a clock: backwards, or forwards by more than `LONGEST_PAUSE_SECONDS`. */
export interface Leap {
  /** Id of the frame after it. */
  readonly frame: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A longer pause between two frames is a jump of the clock, as in ffplay for most containers. ffmpeg turns times that
 * fall far back in MPEG-TS into forward jumps of a day: it takes them for an overflow of 33 bits.
 */
export const LONGEST_PAUSE_SECONDS = 3600;

/**
 * Turns the times of frames into times that never fall: after a jump they continue by the step before it, as in
 * players. Works in any unit; whole ticks stay whole. `decode/steady-filter.ts` is the same as an ffmpeg expression.
 */
export class SteadyClock {
  readonly #longestPause: number;
  #step: number;
  #frames = 0;
  #last = 0;
  #wasKnown = false;
  #known: { readonly time: number; readonly steady: number } | undefined;
  #leaps = 0;
  #firstLeap: Leap | undefined;

  /**
   * @param usualStep between two frames until one is seen @param longestPause a longer step forwards is a jump; both in
   * the unit of the times
   */
  constructor(usualStep: number, longestPause: number) {
    this.#step = usualStep;
    this.#longestPause = longestPause;
  }

  get leaps(): number {
    return this.#leaps;
  }

  get firstLeap(): Leap | undefined {
    return this.#firstLeap;
  }

  /** The last step between two frames. */
  get step(): number {
    return this.#step;
  }

  /** @param time of the next frame; undefined if unknown: one step on @param frameId counted from 0 by default */
  next(time: number | undefined, frameId = this.#frames): number {
    this.#last = this.#steady(time, frameId);
    this.#frames++;
    this.#wasKnown = time !== undefined;
    if (time !== undefined) this.#known = { time, steady: this.#last };
    return this.#last;
  }

  #steady(time: number | undefined, frameId: number): number {
    const isFirst = this.#frames === 0;
    if (time === undefined) return isFirst ? 0 : this.#last + this.#step;
    if (!this.#known) return isFirst ? time : Math.max(time, this.#last);
    const on = time - this.#known.time;
    if (on < 0 || on > this.#longestPause) {
      this.#leaps++;
      this.#firstLeap ??= { frame: frameId, from: this.#known.time, to: time };
      return this.#last + this.#step;
    }
    if (on > 0 && this.#wasKnown) this.#step = on;
    return Math.max(this.#known.steady + on, this.#last);
  }
}

/** Whether a clock jumps between two times in seconds. */
export function isLeap(from: number, to: number): boolean {
  return to < from || to - from > LONGEST_PAUSE_SECONDS;
}

const shown = (seconds: number) => `${Number(seconds.toFixed(3))} s`;

/** The jumps of a clock in words, after "the video's times"; undefined if none exist. @param firstLeap in seconds */
export function describeLeaps({ leaps, firstLeap }: Pick<SteadyClock, 'leaps' | 'firstLeap'>): string | undefined {
  if (!firstLeap) return undefined;
  const { frame, from, to } = firstLeap;
  const more = leaps === 1 ? '' : `, and ${leaps - 1} more ${leaps === 2 ? 'time' : 'times'} later`;
  return `${to < from ? 'jump back' : 'jump'} from ${shown(from)} to ${shown(to)} at frame ${frame}${more}`;
}

/** Step between frames of a table until two are seen, in seconds. */
const USUAL_STEP_SECONDS = 1 / 30;

/** A clock for the times of a table, in seconds. */
export function tableClock(): SteadyClock {
  return new SteadyClock(USUAL_STEP_SECONDS, LONGEST_PAUSE_SECONDS);
}
