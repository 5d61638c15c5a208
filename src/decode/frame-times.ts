import { randomInt } from 'node:crypto';
import { parsePrinted } from './printed-value.js';

/** What ffmpeg says of one frame. */
export interface ToldFrame {
  /** Frames through the filter so far; starts again where ffmpeg rebuilds its filters. */
  readonly n: number;
  /** Presentation time in ticks, or undefined where the file gives none. */
  readonly pts: number | undefined;
}

/** Below 2^47: with a frame's number added, a double holds it to the last digit. */
const KEYS = 2 ** 47;
/** ffmpeg's number for its log level "error", at which the input's metadata is not told. */
const ERROR_LEVEL = 16;

/**
 * Numbers and times of frames, as one filter prints them on stderr, in order with the errors and before the frame's
 * picture. They cannot be forged: what a file can make ffmpeg say knows neither of the two keys between which a frame's
 * time stands, and new keys are drawn for each run.
 */
export class FrameTimes {
  readonly #before: number;
  readonly #after: number;
  #last = -1;
  /** The frame whose first key was read, and the times after it. */
  #open: { readonly n: number; readonly times: (number | undefined)[] } | undefined;

  constructor(before = randomInt(KEYS), after = randomInt(KEYS)) {
    this.#before = before;
    this.#after = after;
  }

  /** The filter, which passes every frame. */
  get filter(): string {
    const print = (value: string) => `print(${value},${ERROR_LEVEL})`;
    return `select='${print(`n+${this.#before}`)};${print('pts')};${print(`n+${this.#after}`)};1'`;
  }

  /**
   * Reads a line of ffmpeg's log.
   * @returns the frame that it completes; `part` for a line that is only part of one; undefined for any other line
   * @throws RangeError where something else stands between a frame's keys: the times can be trusted no longer
   */
  read(line: string): ToldFrame | 'part' | undefined {
    const printed = parsePrinted(line);
    if (printed === undefined) return undefined;
    const value = Number.isNaN(printed) ? undefined : printed;
    return this.#open ? this.#within(this.#open, value) : this.#begin(value);
  }

  #begin(value: number | undefined): 'part' | undefined {
    const n = value === undefined ? undefined : value - this.#before;
    if (n !== this.#last + 1 && n !== 0) return undefined;
    this.#open = { n, times: [] };
    return 'part';
  }

  #within({ n, times }: { n: number; times: (number | undefined)[] }, value: number | undefined): ToldFrame | 'part' {
    if (times.length === 0 || value !== n + this.#after) {
      if (times.length > 0) throw new RangeError(`frame ${n} has two times`);
      times.push(value);
      return 'part';
    }
    this.#open = undefined;
    this.#last = n;
    return { n, pts: times[0] };
  }
}
