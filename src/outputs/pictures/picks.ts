/** What is known of a frame whose picture may be kept. */
export interface PictureCandidate {
  readonly frameId: number;
  readonly timestamp: number;
  /** The least score of its people; 0 where nobody was found. */
  readonly score: number;
  readonly isMissing: boolean;
  /** How good a picture of a person it is: score by share of the picture's height. */
  readonly worth: number;
}

/** A candidate whose picture is in the store, at so many bytes. */
export interface Kept extends PictureCandidate {
  readonly at: number;
}

/**
 * Frames at regular times of a video whose length is not known: twice as many as are wanted at most, at a distance that
 * doubles.
 */
export class RegularPicks {
  readonly #wanted: number;
  #kept: Kept[];
  #every: number;
  #seen: number;

  constructor(wanted: number, state?: RegularState) {
    this.#wanted = wanted;
    this.#kept = [...(state?.kept ?? [])];
    this.#every = state?.every ?? 1;
    this.#seen = state?.seen ?? 0;
  }

  get state(): RegularState {
    return { kept: [...this.#kept], every: this.#every, seen: this.#seen };
  }

  /** To be asked of each frame, once. */
  wants(): boolean {
    return this.#seen++ % this.#every === 0;
  }

  keep(frame: Kept): void {
    this.#kept.push(frame);
    if (this.#kept.length < 2 * this.#wanted) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  /** As many as are wanted, or as there are, evenly over time. */
  get chosen(): readonly Kept[] {
    const count = Math.min(this.#wanted, this.#kept.length);
    return Array.from(
      { length: count },
      (_, i) => this.#kept[Math.floor(((i + 0.5) * this.#kept.length) / count)] as Kept,
    );
  }
}

export interface RegularState {
  readonly kept: readonly Kept[];
  readonly every: number;
  readonly seen: number;
}

/** Nearer frames show the same. */
const APART_SECONDS = 0.5;

/** The frames with the lowest scores, apart in time; of a time without anybody only its first. */
export class WorstPicks {
  readonly #wanted: number;
  #kept: Kept[];
  #wasMissing: boolean;

  constructor(wanted: number, state?: WorstState) {
    this.#wanted = wanted;
    this.#kept = [...(state?.kept ?? [])];
    this.#wasMissing = state?.wasMissing ?? false;
  }

  get state(): WorstState {
    return { kept: [...this.#kept], wasMissing: this.#wasMissing };
  }

  /** To be asked of each frame, once. */
  wants(frame: PictureCandidate): boolean {
    const isSameGap = frame.isMissing && this.#wasMissing;
    this.#wasMissing = frame.isMissing;
    if (isSameGap) return false;
    const near = this.#near(frame);
    if (near.length > 0) return near.every(other => frame.score < other.score);
    return this.#kept.length < this.#wanted || this.#kept.some(other => frame.score < other.score);
  }

  keep(frame: Kept): void {
    const near = this.#near(frame);
    this.#kept = [...this.#kept.filter(other => !near.includes(other)), frame]
      .sort((a, b) => a.score - b.score || a.frameId - b.frameId)
      .slice(0, this.#wanted);
  }

  /** The worst first. */
  get chosen(): readonly Kept[] {
    return this.#kept;
  }

  #near({ timestamp }: PictureCandidate): Kept[] {
    return this.#kept.filter(other => Math.abs(other.timestamp - timestamp) < APART_SECONDS);
  }
}

export interface WorstState {
  readonly kept: readonly Kept[];
  readonly wasMissing: boolean;
}

/** Another picture must be better by this much: each one takes space. */
const BETTER = 1.02;

/** The frame that shows a person best; the first where nobody is found. */
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
