/**
 * Length of a segment in seconds of the table. Part of what decides the numbers: poses after a cut are found without
 * what the frames before the lead-in showed. Longer ones have fewer cuts; shorter ones end together.
 */
export const SEGMENT_SECONDS = 30;
/** Each segment begins this much earlier, to find and to follow the people who are there at the cut, in seconds. */
export const LEAD_IN_SECONDS = 1;

/** A part of a video, in seconds of the table. */
export interface Segment {
  /** 0-based. */
  readonly index: number;
  /** The first frame at or after it is the segment's first. */
  readonly from: number;
  /** The first frame at or after it is the next segment's. */
  readonly to: number;
}

/**
 * Cuts a video at equal distances from where its clock begins. Cuts depend on the video alone, not on the number of
 * workers or on where an interrupted run goes on.
 */
export class Cuts {
  readonly #start: number;

  /** @param start time of the first frame that is wanted, in seconds */
  constructor(start: number) {
    this.#start = start;
  }

  /** Which segment a time belongs to. Before the start counts as the first one. */
  indexAt(seconds: number): number {
    let index = Math.max(0, Math.floor((seconds - this.#start) / SEGMENT_SECONDS));
    // Rounding of the division must not disagree with `from` and `to`.
    while (seconds >= this.at(index).to) index++;
    while (index > 0 && seconds < this.at(index).from) index--;
    return index;
  }

  at(index: number): Segment {
    const from = index === 0 ? Number.NEGATIVE_INFINITY : this.#start + index * SEGMENT_SECONDS;
    return { index, from, to: this.#start + (index + 1) * SEGMENT_SECONDS };
  }
}
