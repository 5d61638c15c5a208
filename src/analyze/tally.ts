import type { LowScore } from '../model/quality.js';
import { FRAME_STATUSES, type FrameResult, type FrameStatus } from '../model/result.js';
import { LowScores } from '../signal/low-scores.js';

/** Frame counts by status. */
export interface FrameCounts extends Readonly<Record<FrameStatus, number>> {
  /** Analysed frames: the sum of the others. */
  readonly decoded: number;
}

/** All counts of a tally. */
export interface TallyState {
  readonly byStatus: Readonly<Record<FrameStatus, number>>;
  readonly strategyUse: ReadonlyMap<string, number>;
  readonly swapFrames: readonly number[];
  readonly swaps: number;
  readonly visibilitySum: number;
  readonly poses: number;
  readonly lowestScores: readonly LowScore[];
  readonly ids: ReadonlySet<number>;
  readonly stays: readonly Stay[];
  readonly lastId: number | undefined;
  readonly changes: number;
}

/** A time span in which one person was reported alone, in seconds. */
export interface Stay {
  readonly personId: number;
  readonly from: number;
  readonly to: number;
}

const SWAP_FRAMES_KEPT = 1000;
/** Listed individually; further ones are counted. */
const STAYS_KEPT = 4;

/** Counts over a video. Its size does not depend on the video's length. */
export class Tally {
  readonly #byStatus: Record<FrameStatus, number> = { detected: 0, tracked: 0, missing: 0, filled: 0 };
  readonly #strategyUse = new Map<string, number>();
  readonly #swapFrames: number[] = [];
  #swaps = 0;
  #visibilitySum = 0;
  #poses = 0;
  readonly #lowScores = new LowScores();
  readonly #ids = new Set<number>();
  #stays: Stay[] = [];
  /** The person in the last frame with one person. */
  #lastId: number | undefined;
  #changes = 0;

  add(result: FrameResult): void {
    this.#byStatus[result.status]++;
    const [person, ...others] = result.people;
    if (person && others.length === 0) this.#addStay(person.personId, result.timestamp);
    for (const { personId } of result.people) this.#ids.add(personId);
    for (const { pose, strategy, swap, score, personId } of result.people) {
      if (swap) this.#countSwap(result.frameId);
      this.#lowScores.add({ score, at: result.timestamp, frameId: result.frameId, personId });
      this.#strategyUse.set(strategy, (this.#strategyUse.get(strategy) ?? 0) + 1);
      this.#visibilitySum +=
        pose.landmarks.reduce((sum, { visibility }) => sum + visibility, 0) / pose.landmarks.length;
      this.#poses++;
    }
  }

  /** Poses with left and right swapped against the motion, and the first frames that have one. */
  get swaps(): { readonly count: number; readonly frames: readonly number[] } {
    return { count: this.#swaps, frames: this.#swapFrames };
  }

  #countSwap(frameId: number): void {
    this.#swaps++;
    if (this.#swapFrames.length < SWAP_FRAMES_KEPT) this.#swapFrames.push(frameId);
  }

  /** Ids given out. */
  get ids(): number {
    return this.#ids.size;
  }

  /** How often a frame's only person differs from the only person reported before. */
  get changes(): number {
    return this.#changes;
  }

  /** Who was reported alone, and when: the first few time spans. */
  get stays(): readonly Stay[] {
    return this.#stays;
  }

  #addStay(personId: number, timestamp: number): void {
    const isNew = this.#lastId !== personId;
    if (isNew && this.#lastId !== undefined) this.#changes++;
    this.#lastId = personId;
    if (isNew && this.#stays.length < STAYS_KEPT) this.#stays.push({ personId, from: timestamp, to: timestamp });
    else if (!isNew && this.#changes < STAYS_KEPT) {
      const { from } = this.#stays.pop() as Stay;
      this.#stays.push({ personId, from, to: timestamp });
    }
  }

  save(): TallyState {
    return {
      byStatus: { ...this.#byStatus },
      strategyUse: new Map(this.#strategyUse),
      swapFrames: [...this.#swapFrames],
      swaps: this.#swaps,
      visibilitySum: this.#visibilitySum,
      poses: this.#poses,
      lowestScores: this.lowestScores,
      ids: new Set(this.#ids),
      stays: [...this.#stays],
      lastId: this.#lastId,
      changes: this.#changes,
    };
  }

  restore(state: TallyState): void {
    Object.assign(this.#byStatus, state.byStatus);
    for (const [strategy, count] of state.strategyUse) this.#strategyUse.set(strategy, count);
    this.#swapFrames.push(...state.swapFrames);
    this.#swaps = state.swaps;
    this.#visibilitySum = state.visibilitySum;
    this.#poses = state.poses;
    for (const low of state.lowestScores) this.#lowScores.add(low);
    for (const id of state.ids) this.#ids.add(id);
    this.#stays = [...state.stays];
    this.#lastId = state.lastId;
    this.#changes = state.changes;
  }

  get counts(): FrameCounts {
    const decoded = FRAME_STATUSES.reduce((sum, status) => sum + this.#byStatus[status], 0);
    return { decoded, ...this.#byStatus };
  }

  /** Number of poses won by each strategy. */
  get strategyUse(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#strategyUse].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** The poses with the lowest scores, the lowest first; empty where no pose was found. */
  get lowestScores(): readonly LowScore[] {
    return this.#lowScores.lowest;
  }

  /** Mean over all landmarks of all poses, 0-1; null if none exist. */
  get meanVisibility(): number | null {
    return this.#poses === 0 ? null : this.#visibilitySum / this.#poses;
  }
}
