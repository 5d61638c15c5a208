import type { Vector } from '../../../signal/vector.js';

/** Number of consecutive frames averaged for the lengths of the body. */
const FRAMES = 10;

/** The data for choosing the frames that scale a model. */
export interface ScalingFrame {
  /** Seconds, as in the TRC. */
  readonly time: number;
  /** 0-1: mean confidence of the limb joints, 0 for uncertain ones. */
  readonly score: number;
  /** Which markers are known, by their index in `IK_MARKERS`. */
  readonly known: readonly boolean[];
  /** Towards the person's left, x to the picture's right, y up, z towards the camera; NaN if unknown. */
  readonly left: Vector;
  /** Metres: the middle of the hips to the right of the picture's centre, and above it; NaN if unknown. */
  readonly hips: readonly [x: number, y: number];
  /** Metres above the picture's centre: the lower end of the feet; NaN if neither foot is fully known. */
  readonly ground: number;
}

/** Keeps the consecutive frames that show a person with the most certainty, in constant memory. */
export class ScalingFrames {
  #last: ScalingFrame[] = [];
  #best: readonly ScalingFrame[] = [];
  #bestScore = Number.NEGATIVE_INFINITY;

  add(frame: ScalingFrame): void {
    this.#last = [...this.#last.slice(1 - FRAMES), frame];
    const score = this.#last.reduce((sum, other) => sum + other.score, 0);
    if (score <= this.#bestScore) return;
    this.#bestScore = score;
    this.#best = this.#last;
  }

  get times(): readonly [from: number, to: number] {
    return [this.#best[0]?.time ?? 0, this.#best.at(-1)?.time ?? 0];
  }

  /** Whether a marker is known in each of the frames. */
  knows(marker: number): boolean {
    return this.#best.length > 0 && this.#best.every(({ known }) => known[marker]);
  }

  /** The mean of a number over the frames that have it; NaN if none does. */
  mean(of: (frame: ScalingFrame) => number): number {
    const known = this.#best.map(of).filter(value => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  }
}
