/**
 * Length of a segment in seconds of the table. It affects the numbers: poses after a cut are found without the
 * information from frames before the lead-in. Longer segments have fewer cuts; shorter ones end closer together.
 */
export const SEGMENT_SECONDS = 30;
/** Lead-in of each segment, in which to find and follow the people at the cut, in seconds. */
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
 * Cuts a video at equal distances from the start of its clock. Cuts depend only on the video, not on the number of
 * workers or on where an interrupted run continues.
 */
export class Cuts {
  readonly #start: number;

  /** @param start time of the first requested frame, in seconds */
  constructor(start: number) {
    this.#start = start;
  }

  /** The segment of a time. A time before the start belongs to the first one. */
  indexAt(seconds: number): number {
    let index = Math.max(0, Math.floor((seconds - this.#start) / SEGMENT_SECONDS));
    // The rounding of the division must agree with `from` and `to`.
    while (seconds >= this.at(index).to) index++;
    while (index > 0 && seconds < this.at(index).from) index--;
    return index;
  }

  at(index: number): Segment {
    const from = index === 0 ? Number.NEGATIVE_INFINITY : this.#start + index * SEGMENT_SECONDS;
    return { index, from, to: this.#start + (index + 1) * SEGMENT_SECONDS };
  }
}
