import type { Region } from '../model/region.js';
import { overlap } from '../regions/region.js';

/** Seconds for which an empty place is not tried again: after the first time, and at most. */
const FIRST_WAIT = 0.1;
const LONGEST_WAIT = 4;
/** Squares that overlap by this much are the same place. */
const SAME_PLACE = 0.5;
/** Maximum number of remembered places. */
const MOST = 8;

interface Refusal {
  readonly region: Region;
  readonly until: number;
  readonly wait: number;
}

export type RefusalsState = readonly Refusal[];

/**
 * Places of false detections: a coat stand is not tried in every frame. Each further false detection doubles the wait.
 */
export class Refusals {
  #all: readonly Refusal[] = [];

  save(): RefusalsState {
    return this.#all;
  }

  restore(state: RefusalsState): void {
    this.#all = state;
  }

  /** @param timestamp in seconds */
  isKnown(region: Region, timestamp: number): boolean {
    return this.#all.some(one => timestamp < one.until && overlap(one.region, region) > SAME_PLACE);
  }

  add(region: Region, timestamp: number): void {
    const before = this.#all.find(one => overlap(one.region, region) > SAME_PLACE);
    const wait = before ? Math.min(LONGEST_WAIT, 2 * before.wait) : FIRST_WAIT;
    const others = this.#all.filter(one => one !== before);
    this.#all = [...others, { region, wait, until: timestamp + wait }].slice(-MOST);
  }
}
