import type { Gap } from '../model/quality.js';

/** The longest time without a person. */
export class LongestGap {
  #longest: Gap = { frames: 0, at: null };
  #now: Gap = { frames: 0, at: null };

  /** Adds a frame without the person. @param timestamp in seconds; @param frames number of consecutive frames */
  addMissing(timestamp: number, frames = 1): void {
    this.#now = { frames: this.#now.frames + frames, at: this.#now.at ?? timestamp };
    if (this.#now.frames > this.#longest.frames) this.#longest = this.#now;
  }

  addFound(): void {
    this.#now = { frames: 0, at: null };
  }

  get longest(): Gap {
    return this.#longest;
  }
}
