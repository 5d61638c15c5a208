import type { Vector } from '../../../signal/vector.js';

/** So many frames in a row are averaged for the lengths of the body. */
const FRAMES = 10;

/** What the choice of frames to scale a model by is made of. */
export interface ScalingFrame {
  /** Seconds, as in the TRC. */
  readonly time: number;
  /** 0-1: mean confidence of the limbs' joints, 0 for those that are not sure. */
  readonly score: number;
  /** Which markers are known, by their place in `IK_MARKERS`. */
  readonly known: readonly boolean[];
  /** Towards the person's left, x to the picture's right, y up, z towards the camera; NaN where it is not known. */
  readonly left: Vector;
  /** Metres: the middle of the hips to the right of the picture's middle, and above it; NaN where it is not known. */
  readonly hips: readonly [x: number, y: number];
  /** Metres above the picture's middle: the lower end of the feet; NaN where none is known whole. */
  readonly ground: number;
}

/** Keeps the frames in a row that show a person most surely, in constant memory. */
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

  /** The mean of a number over the frames that tell it; NaN where none does. */
  mean(of: (frame: ScalingFrame) => number): number {
    const told = this.#best.map(of).filter(value => !Number.isNaN(value));
    return told.reduce((sum, value) => sum + value, 0) / told.length;
  }
}
