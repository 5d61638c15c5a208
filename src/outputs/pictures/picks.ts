/** Facts about a frame whose picture may be kept. */
export interface PictureCandidate {
  readonly frameId: number;
  /** In seconds. */
  readonly timestamp: number;
  /** The lowest score of its people; 0 where the frame has no person. */
  readonly score: number;
  readonly isMissing: boolean;
  /** Quality of a picture of a person: score times share of the picture's height. */
  readonly worth: number;
  /** Ids of its people. */
  readonly people: readonly number[];
}

/** A candidate whose picture is in the store. */
export interface Kept extends PictureCandidate {
  /** Position of its picture, in bytes. */
  readonly at: number;
}

/** A kept frame with its time since the first frame, in seconds. */
export interface RegularKept extends Kept {
  readonly elapsed: number;
}

/**
 * Frames at equal distances in time of a video of unknown length. At first every frame is kept. As soon as twice the
 * least number of pictures are kept, a grid of times begins, whose step doubles each time that number is reached: of
 * each step the first frame is kept. A frame counts half a frame early, so that rounded times do not move it.
 */
export class RegularPicks {
  readonly #most: number;
  #kept: readonly RegularKept[];
  #elapsed: number;
  #last: number | undefined;
  #grid: Grid | undefined;

  /** @param least pictures of a video with as many frames and an even rate; fewer than twice as many are kept */
  constructor(least: number, state?: RegularState) {
    this.#most = 2 * least - 1;
    this.#kept = state?.kept ?? [];
    this.#elapsed = state?.elapsed ?? 0;
    this.#last = state?.last;
    this.#grid = state?.grid;
  }

  get state(): RegularState {
    return { kept: this.#kept, elapsed: this.#elapsed, last: this.#last, grid: this.#grid };
  }

  /** Seconds between two pictures; undefined if every frame is kept. */
  get step(): number | undefined {
    return this.#grid?.step;
  }

  /** Call it once with each frame, in order. */
  wants({ timestamp }: Pick<PictureCandidate, 'timestamp'>): boolean {
    // A clock that falls does not show how much later the frame is.
    this.#elapsed += Math.max(0, timestamp - (this.#last ?? timestamp));
    this.#last = timestamp;
    const newest = this.#kept.at(-1);
    return !this.#grid || !newest || slotOf(this.#elapsed, this.#grid) > slotOf(newest.elapsed, this.#grid);
  }

  keep(frame: Kept): void {
    this.#kept = [...this.#kept, { ...frame, elapsed: this.#elapsed }];
    while (this.#kept.length > this.#most) {
      const interval = this.#grid?.interval ?? usualInterval(this.#kept);
      const grid = { interval, step: 2 * (this.#grid?.step ?? interval) };
      this.#grid = grid;
      const slots = this.#kept.map(({ elapsed }) => slotOf(elapsed, grid));
      this.#kept = this.#kept.filter((_, i) => slots[i] !== slots[i - 1]);
    }
  }

  /** In order; without frames that only filled a step because those before them were missing, as after a pause. */
  get chosen(): readonly Kept[] {
    const grid = this.#grid;
    if (!grid) return this.#kept;
    return this.#kept.filter(({ elapsed }, i) => {
      const next = this.#kept[i + 1];
      const late = elapsed - slotOf(elapsed, grid) * grid.step;
      return !next || late < LATEST * grid.step || next.elapsed - elapsed > (1 - LATEST) * grid.step;
    });
  }
}

/** Part of a step. */
const LATEST = 0.25;

interface Grid {
  /** Seconds from frame to frame. */
  readonly interval: number;
  readonly step: number;
}

function slotOf(elapsed: number, { interval, step }: Grid): number {
  return Math.floor((elapsed + interval / 2) / step);
}

/** For frames of one time. */
const SHORTEST_INTERVAL_SECONDS = 1e-6;

/** The median: a pause among the first frames is unusual. */
function usualInterval(frames: readonly RegularKept[]): number {
  const intervals = frames.slice(1).map(({ elapsed }, i) => elapsed - (frames[i]?.elapsed ?? 0));
  return Math.max(SHORTEST_INTERVAL_SECONDS, intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? 0);
}

export interface RegularState {
  readonly kept: readonly RegularKept[];
  /** Seconds from the first frame to the last one. */
  readonly elapsed: number;
  /** Timestamp of the last frame. */
  readonly last?: number | undefined;
  readonly grid?: Grid | undefined;
}

/** Frames closer than this show the same. */
const APART_SECONDS = 0.5;

/** A frame whose scores are all this high is not a bad example. */
export const LOW_SCORE = 0.9;

/**
 * The frames with the lowest scores, as far as they are low, apart in time; of a span without a person only the first.
 */
export class WorstPicks {
  readonly #most: number;
  #kept: Kept[];
  #wasMissing: boolean;
  #lowest: Lowest | undefined;

  constructor(most: number, state?: WorstState) {
    this.#most = most;
    this.#lowest = state?.lowest;
    this.#kept = [...(state?.kept ?? [])];
    this.#wasMissing = state?.wasMissing ?? false;
  }

  get state(): WorstState {
    return { kept: [...this.#kept], wasMissing: this.#wasMissing, lowest: this.#lowest };
  }

  /** The first frame with the lowest score of all, low or not; undefined before the first frame. */
  get lowest(): Lowest | undefined {
    return this.#lowest;
  }

  /** Call it once with each frame, in order. */
  wants(frame: PictureCandidate): boolean {
    const { score, frameId, timestamp } = frame;
    if (score < (this.#lowest?.score ?? Number.POSITIVE_INFINITY)) this.#lowest = { score, frameId, timestamp };
    const isSameGap = frame.isMissing && this.#wasMissing;
    this.#wasMissing = frame.isMissing;
    if (isSameGap || score >= LOW_SCORE) return false;
    const near = this.#near(frame);
    if (near.length > 0) return near.every(other => frame.score < other.score);
    return this.#kept.length < this.#most || this.#kept.some(other => frame.score < other.score);
  }

  keep(frame: Kept): void {
    const near = this.#near(frame);
    this.#kept = [...this.#kept.filter(other => !near.includes(other)), frame]
      .sort((a, b) => a.score - b.score || a.frameId - b.frameId)
      .slice(0, this.#most);
  }

  /** The worst first. */
  get chosen(): readonly Kept[] {
    return this.#kept;
  }

  #near({ timestamp }: PictureCandidate): Kept[] {
    return this.#kept.filter(other => Math.abs(other.timestamp - timestamp) < APART_SECONDS);
  }
}

type Lowest = Pick<PictureCandidate, 'score' | 'frameId' | 'timestamp'>;

export interface WorstState {
  readonly kept: readonly Kept[];
  readonly wasMissing: boolean;
  readonly lowest?: Lowest | undefined;
}

/** Another picture must be better by this much: each one takes space. */
const BETTER = 1.02;

/** The frame that shows a person best; the first if no frame has a person. */
export class BestPick {
  #kept: Kept | undefined;

  constructor(state?: Kept) {
    this.#kept = state;
  }

  get state(): Kept | undefined {
    return this.#kept;
  }

  wants(frame: PictureCandidate): boolean {
    return this.#kept === undefined || frame.worth > this.#kept.worth * BETTER;
  }

  keep(frame: Kept): void {
    this.#kept = frame;
  }

  get chosen(): Kept | undefined {
    return this.#kept;
  }
}
