/** A frame's time on the file's own clock, as that would be if it never leapt. */
export interface SteadyTime {
  /** Begins with the first frame's own time and never falls; without leaps each frame's own time. */
  readonly seconds: number;
  /** Leaps of the file's clock up to this frame. */
  readonly leaps: number;
}

/** A leap of a clock: it falls back, or leaps forward further than `LONGEST_PAUSE_SECONDS`. */
export interface Leap {
  /** Id of the frame after it. */
  readonly frame: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A longer pause between two frames is a leap of the clock, as ffplay has it for most containers. ffmpeg makes forward
 * leaps of a day of times that fall far back in MPEG-TS: it takes them for an overflow of 33 bits.
 */
export const LONGEST_PAUSE_SECONDS = 3600;

/**
 * Makes times that never fall of those of frames: after a leap they go on by the step before it, as players do. Any
 * unit will do; whole ticks stay whole. `decode/steady-filter.ts` is the same as an expression of ffmpeg's.
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
   * @param usualStep between two frames until one is seen @param longestPause further forward is a leap; both in the
   * unit of the times
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

  /** The step between two frames before the next one. */
  get step(): number {
    return this.#step;
  }

  /**
   * @param time of the next frame; undefined where none is known: one step on @param frameId counted from 0 if not
   * given
   */
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

/** Whether a clock leaps between two times in seconds. */
export function isLeap(from: number, to: number): boolean {
  return to < from || to - from > LONGEST_PAUSE_SECONDS;
}

const shown = (seconds: number) => `${Number(seconds.toFixed(3))} s`;

/** The leaps of a clock in words, after "the video's times"; undefined without one. @param firstLeap in seconds */
export function describeLeaps({ leaps, firstLeap }: Pick<SteadyClock, 'leaps' | 'firstLeap'>): string | undefined {
  if (!firstLeap) return undefined;
  const { frame, from, to } = firstLeap;
  const more = leaps === 1 ? '' : `, and ${leaps - 1} more ${leaps === 2 ? 'time' : 'times'} later`;
  return `${to < from ? 'jump back' : 'jump'} from ${shown(from)} to ${shown(to)} at frame ${frame}${more}`;
}

/** Between frames of a table until two are seen, in seconds. */
const USUAL_STEP_SECONDS = 1 / 30;

/** A clock for the times of a table, in seconds. */
export function tableClock(): SteadyClock {
  return new SteadyClock(USUAL_STEP_SECONDS, LONGEST_PAUSE_SECONDS);
}
