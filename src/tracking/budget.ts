/**
 * Milliseconds on one core for each type of attempt, as measured once: current measurements would make every run
 * different.
 */
export const COST = { usual: 15, refine: 52, detector: 12, finder: 40, search: 30 } as const;

/** Share of the cost of following with the refining network that retries may use, in the long run. */
const ALLOWANCE = 1.08;
/** Unspent budget is saved for later, up to this many refining attempts. */
const MOST_KEPT = 30;
/** The budget starts with this much. */
const FIRST_KEPT = 5;
/** After this many seconds of attempts without gain, further attempts become rare. */
const PATIENCE = 3;
const REST = 1;

export interface BudgetState {
  readonly left: number;
  readonly ranOut: number;
  readonly hopes: ReadonlyMap<string, Hope>;
}

/** Since when attempts at a person have gained nothing, and when the last one was made. */
interface Hope {
  readonly since: number;
  readonly last: number;
}

/**
 * Limits the retries of a video. Each frame adds the cost of following as many people with the refining network; the
 * surplus of easy frames is spent on hard ones. No value is a measured time: the same video gets the same attempts.
 */
export class AttemptBudget {
  readonly #isEndless: boolean;
  #left = FIRST_KEPT * COST.refine;
  /** Frames in which the budget prevented an attempt. */
  #ranOut = 0;
  #hasRunOut = false;
  #hopes = new Map<string, Hope>();

  /** @param isEndless whether the budget is unlimited */
  constructor(isEndless: boolean) {
    this.#isEndless = isEndless;
  }

  get ranOut(): number {
    return this.#ranOut;
  }

  save(): BudgetState {
    return { left: this.#left, ranOut: this.#ranOut, hopes: new Map(this.#hopes) };
  }

  restore({ left, ranOut, hopes }: BudgetState): void {
    this.#left = left;
    this.#ranOut = ranOut;
    this.#hopes = new Map(hopes);
  }

  /** Starts a frame. @param people number of followed people; with none, only the detector would search */
  begin(people: number): void {
    this.#hasRunOut = false;
    const share = people > 0 ? people * COST.refine : COST.detector;
    this.#left = Math.min(MOST_KEPT * COST.refine, this.#left + ALLOWANCE * share);
  }

  /** Charges an attempt that is made in any case. */
  spend(cost: number): void {
    this.#left -= cost;
  }

  /** Whether the budget covers an attempt, which is then charged. */
  afford(cost: number): boolean {
    if (this.#isEndless || this.#left >= cost) {
      this.#left -= cost;
      return true;
    }
    if (!this.#hasRunOut) this.#ranOut++;
    this.#hasRunOut = true;
    return false;
  }

  /**
   * Whether to attempt again after attempts without gain.
   * @param key of the person, or of the search for others
   * @param timestamp in seconds
   */
  isHopeful(key: string, timestamp: number): boolean {
    const hope = this.#hopes.get(key);
    if (this.#isEndless || !hope) return true;
    return timestamp - hope.since < PATIENCE || timestamp - hope.last >= REST;
  }

  /** Records whether attempts gained anything. */
  learn(key: string, timestamp: number, hasGained: boolean): void {
    if (hasGained) this.#hopes.delete(key);
    else this.#hopes.set(key, { since: this.#hopes.get(key)?.since ?? timestamp, last: timestamp });
  }

  /** Forgets a person. */
  forget(key: string): void {
    this.#hopes.delete(key);
  }
}
