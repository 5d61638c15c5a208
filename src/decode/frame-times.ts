import { randomInt } from 'node:crypto';
import { parsePrinted } from './printed-value.js';

/** What ffmpeg prints about one frame. */
export interface ToldFrame {
  /** Frames through the filter so far; restarts where ffmpeg rebuilds its filters. */
  readonly n: number;
  /** Presentation time in ticks; undefined if the file gives none. */
  readonly pts: number | undefined;
}

/** Below 2^47: with a frame's number added, a double still holds it exactly. */
const KEYS = 2 ** 47;
/** ffmpeg's number for its log level "error", at which it does not print the input's metadata. */
const ERROR_LEVEL = 16;

/**
 * Numbers and times of frames, printed by one filter on stderr, in order with the errors and before the frame's
 * picture. They cannot be forged: each run draws two new keys, prints a frame's time between them, and text that a file
 * makes ffmpeg print does not know them.
 */
export class FrameTimes {
  readonly #before: number;
  readonly #after: number;
  #last = -1;
  /** The frame whose first key was read, and the times read since. */
  #open: { readonly n: number; readonly times: (number | undefined)[] } | undefined;

  constructor(before = randomInt(KEYS), after = randomInt(KEYS)) {
    this.#before = before;
    this.#after = after;
  }

  /** The filter, which passes every frame on. */
  get filter(): string {
    const print = (value: string) => `print(${value},${ERROR_LEVEL})`;
    return `select='${print(`n+${this.#before}`)};${print('pts')};${print(`n+${this.#after}`)};1'`;
  }

  /**
   * Reads a line of ffmpeg's log.
   * @returns the frame that it completes; `part` for an incomplete line; undefined for any other line
   * @throws RangeError if anything else stands between a frame's keys: the times are then unreliable
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
