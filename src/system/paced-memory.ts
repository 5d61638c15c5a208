/** Asks the system for the resident memory of some processes, in bytes; ended ones are left out. */
export type AskMemory = (pids: readonly number[]) => Promise<ReadonlyMap<number, number>>;

/** After a question that took some time, the next one waits this many times as long. */
const REST_FACTOR = 20;

/**
 * Resident memory of other processes on systems where each query starts a program: `ps` on macOS, PowerShell or WMIC on
 * Windows. Ten queries a second would keep a core busy. So one query covers all processes, takes at most 5 % of the
 * time, and its answer is used meanwhile. A process that was not queried before is queried at once.
 */
export class PacedMemory {
  readonly #ask: AskMemory;
  readonly #now: () => number;
  /** The last answer for each process; undefined: it had ended. */
  readonly #known = new Map<number, number | undefined>();
  /** Processes requested since the last query. */
  readonly #wanted = new Set<number>();
  #nextAt = 0;
  #asking: Promise<void> | undefined;

  /** @param now milliseconds of a clock that only rises; for tests */
  constructor(ask: AskMemory, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Resident bytes of a process, as last known; undefined if it has ended or cannot be read. Never rejects. */
  async read(pid: number): Promise<number | undefined> {
    this.#wanted.add(pid);
    while (!this.#known.has(pid)) {
      await (this.#asking ?? this.#begin());
      this.#wanted.add(pid); // The query that has just ended may have begun before ours.
    }
    if (this.#asking === undefined && this.#now() >= this.#nextAt) void this.#begin();
    return this.#known.get(pid);
  }

  #begin(): Promise<void> {
    this.#asking = this.#update().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #update(): Promise<void> {
    const pids = [...this.#wanted];
    this.#wanted.clear();
    const start = this.#now();
    const answers = await this.#ask(pids).catch(() => new Map<number, number>());
    const end = this.#now();
    this.#nextAt = end + REST_FACTOR * (end - start);
    this.#known.clear(); // Process numbers are reused.
    for (const pid of pids) this.#known.set(pid, answers.get(pid));
  }
}
