/**
 * Milliseconds on one core of the attempts that a frame may get, as measured once: what is really measured would make
 * each run another.
 */
export const COST = { usual: 15, refine: 52, detector: 12, finder: 40, search: 30 } as const;

/** So much of what following with the refining network takes may be spent, in the long run. */
const ALLOWANCE = 1.08;
/** What was not spent is kept for later, up to so many refining attempts. */
const MOST_KEPT = 30;
/** At the beginning there is this much of it. */
const FIRST_KEPT = 5;
/** Where attempts gained nothing for so many seconds, they are made only every so often. */
const PATIENCE = 3;
const REST = 1;

export interface BudgetState {
  readonly left: number;
  readonly ranOut: number;
  readonly hopes: ReadonlyMap<string, Hope>;
}

/** Since when attempts at somebody have gained nothing, and when the last one was. */
interface Hope {
  readonly since: number;
  readonly last: number;
}

/**
 * How many further attempts a video may have. Each frame brings what following as many people with the refining network
 * would cost; what easy frames leave is spent on hard ones. Nothing in it is a measured time: the same video gets the
 * same attempts.
 */
export class AttemptBudget {
  readonly #isEndless: boolean;
  #left = FIRST_KEPT * COST.refine;
  /** Frames in which an attempt was left out that would have been made. */
  #ranOut = 0;
  #hasRunOut = false;
  #hopes = new Map<string, Hope>();

  /** @param isEndless whether anything may be spent */
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

  /** A frame begins. @param people that are followed; without any the detector alone would search */
  begin(people: number): void {
    this.#hasRunOut = false;
    const share = people > 0 ? people * COST.refine : COST.detector;
    this.#left = Math.min(MOST_KEPT * COST.refine, this.#left + ALLOWANCE * share);
  }

  /** Takes what is taken in any case. */
  spend(cost: number): void {
    this.#left -= cost;
  }

  /** Whether there is enough for an attempt, which is then paid for. */
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
   * Whether attempts are worth while, where those before gained nothing.
   * @param key of the person, or of the search for others
   * @param timestamp in seconds
   */
  isHopeful(key: string, timestamp: number): boolean {
    const hope = this.#hopes.get(key);
    if (this.#isEndless || !hope) return true;
    return timestamp - hope.since < PATIENCE || timestamp - hope.last >= REST;
  }

  /** What attempts came to. */
  learn(key: string, timestamp: number, hasGained: boolean): void {
    if (hasGained) this.#hopes.delete(key);
    else this.#hopes.set(key, { since: this.#hopes.get(key)?.since ?? timestamp, last: timestamp });
  }

  /** Somebody is gone. */
  forget(key: string): void {
    this.#hopes.delete(key);
  }
}
