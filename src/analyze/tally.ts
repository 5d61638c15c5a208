import { FRAME_STATUSES, type FrameResult, type FrameStatus } from '../model/result.js';

/** Frames counted by how they ended. */
export interface FrameCounts extends Readonly<Record<FrameStatus, number>> {
  /** Frames that were analysed: the sum of the others. */
  readonly decoded: number;
}

/** All that a tally has counted. */
export interface TallyState {
  readonly byStatus: Readonly<Record<FrameStatus, number>>;
  readonly strategyUse: ReadonlyMap<string, number>;
  readonly swapFrames: readonly number[];
  readonly swaps: number;
  readonly visibilitySum: number;
  readonly poses: number;
}

const SWAP_FRAMES_KEPT = 1000;

/** Counts over a video. Its size does not depend on the video's length. */
export class Tally {
  readonly #byStatus: Record<FrameStatus, number> = { detected: 0, tracked: 0, missing: 0, filled: 0 };
  readonly #strategyUse = new Map<string, number>();
  readonly #swapFrames: number[] = [];
  #swaps = 0;
  #visibilitySum = 0;
  #poses = 0;

  add(result: FrameResult): void {
    this.#byStatus[result.status]++;
    for (const { pose, strategy, swap } of result.people) {
      if (swap) this.#countSwap(result.frameId);
      this.#strategyUse.set(strategy, (this.#strategyUse.get(strategy) ?? 0) + 1);
      this.#visibilitySum +=
        pose.landmarks.reduce((sum, { visibility }) => sum + visibility, 0) / pose.landmarks.length;
      this.#poses++;
    }
  }

  /** Poses with left and right exchanged against the motion, and the first frames with one. */
  get swaps(): { readonly count: number; readonly frames: readonly number[] } {
    return { count: this.#swaps, frames: this.#swapFrames };
  }

  #countSwap(frameId: number): void {
    this.#swaps++;
    if (this.#swapFrames.length < SWAP_FRAMES_KEPT) this.#swapFrames.push(frameId);
  }

  save(): TallyState {
    return {
      byStatus: { ...this.#byStatus },
      strategyUse: new Map(this.#strategyUse),
      swapFrames: [...this.#swapFrames],
      swaps: this.#swaps,
      visibilitySum: this.#visibilitySum,
      poses: this.#poses,
    };
  }

  restore(state: TallyState): void {
    Object.assign(this.#byStatus, state.byStatus);
    for (const [strategy, count] of state.strategyUse) this.#strategyUse.set(strategy, count);
    this.#swapFrames.push(...state.swapFrames);
    this.#swaps = state.swaps;
    this.#visibilitySum = state.visibilitySum;
    this.#poses = state.poses;
  }

  get counts(): FrameCounts {
    const decoded = FRAME_STATUSES.reduce((sum, status) => sum + this.#byStatus[status], 0);
    return { decoded, ...this.#byStatus };
  }

  /** Poses that each strategy won. */
  get strategyUse(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#strategyUse].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** Over all landmarks of all poses, 0-1; null when there are none. */
  get meanVisibility(): number | null {
    return this.#poses === 0 ? null : this.#visibilitySum / this.#poses;
  }
}
