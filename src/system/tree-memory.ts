import { runningChildren } from './child-process.js';
import { readProcessMemory, readProportionalMemory } from './process-memory.js';

/** Peak memory in bytes. `null`: unknown on this system. */
export interface TreeMemoryPeaks {
  /** Highest sum of resident sets over the process tree at one moment. */
  readonly treeRss: number;
  /** The same with shared pages counted once (proportional set size); read less often. */
  readonly treePss: number | null;
  /** Highest sum of unreclaimable memory: anonymous and shared. */
  readonly treeFixed: number | null;
  /** Highest resident set of each role: `node`, `decoder`, `encoder`. */
  readonly rssByProcess: Readonly<Record<string, number>>;
}

/** One sample of the process tree, in bytes. */
export interface TreeMemoryReading {
  readonly rss: number;
  /** The same with shared pages counted once; undefined if unknown. */
  readonly pss: number | undefined;
  /** The unreclaimable part of it; undefined if unknown. */
  readonly fixed: number | undefined;
}

/** The memory that counts against a limit: the unreclaimable part, or the best known approximation. */
export function countedBytes({ rss, pss, fixed }: TreeMemoryReading): number {
  return fixed ?? Math.min(rss, pss ?? rss);
}

const SAMPLE_EVERY_MS = 100;
/** For proportional sizes the kernel walks all pages (some milliseconds): one sample in this many. */
const PSS_EVERY_SAMPLES = 10;

/** Samples the memory of this process and its children from the operating system. */
export class TreeMemoryWatch implements Disposable {
  #treeRss = 0;
  #treePss: number | undefined;
  #treeFixed: number | undefined;
  /** Difference between the resident and the proportional sum at its last reading. */
  #sharedBytes: number | undefined;
  readonly #byProcess = new Map<string, number>();
  #last: TreeMemoryReading = { rss: 0, pss: undefined, fixed: undefined };
  #samples = 0;
  #busy = false;
  readonly #timer: NodeJS.Timeout;
  readonly #onReading: (reading: TreeMemoryReading) => void;

  constructor(onReading: (reading: TreeMemoryReading) => void = () => {}) {
    this.#onReading = onReading;
    this.#timer = setInterval(() => void this.sample(), SAMPLE_EVERY_MS);
    this.#timer.unref();
  }

  get last(): TreeMemoryReading {
    return this.#last;
  }

  get peaks(): TreeMemoryPeaks {
    return {
      treeRss: this.#treeRss,
      treePss: this.#treePss ?? null,
      treeFixed: this.#treeFixed ?? null,
      rssByProcess: Object.fromEntries([...this.#byProcess].sort(([a], [b]) => a.localeCompare(b))),
    };
  }

  /** Takes one sample now; a sample under way is not repeated. */
  async sample(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#readTree();
    } finally {
      this.#busy = false;
    }
    this.#onReading(this.#last);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #readTree(): Promise<void> {
    const members: [number, string][] = [[process.pid, 'node'], ...runningChildren()];
    let rss = 0;
    let fixed: number | undefined = 0;
    for (const [pid, role] of members) {
      const memory = await readProcessMemory(pid);
      if (!memory) continue;
      rss += memory.rss;
      fixed = fixed === undefined || memory.fixed === undefined ? undefined : fixed + memory.fixed;
      this.#byProcess.set(role, Math.max(this.#byProcess.get(role) ?? 0, memory.peakRss));
    }
    this.#treeRss = Math.max(this.#treeRss, rss);
    if (fixed !== undefined) this.#treeFixed = Math.max(this.#treeFixed ?? 0, fixed);
    if (this.#samples++ % PSS_EVERY_SAMPLES === 0) {
      const proportional = await sumProportional(members);
      if (proportional !== undefined) this.#sharedBytes = rss - proportional;
    }
    // Shared pages are code and hardly change: growth between two readings is our own.
    const pss = this.#sharedBytes === undefined ? undefined : rss - this.#sharedBytes;
    if (pss !== undefined) this.#treePss = Math.max(this.#treePss ?? 0, pss);
    this.#last = { rss, pss, fixed };
  }
}

async function sumProportional(members: readonly [number, string][]): Promise<number | undefined> {
  const parts = await Promise.all(members.map(([pid]) => readProportionalMemory(pid)));
  const known = parts.filter(part => part !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, part) => sum + part, 0);
}
