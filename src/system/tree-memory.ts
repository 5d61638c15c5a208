import { runningChildren } from './child-process.js';
import { readProcessMemory, readProportionalMemory } from './process-memory.js';

/** Highest memory seen, in bytes. `null`: not known on this system. */
export interface TreeMemoryPeaks {
  /** Highest sum of resident sets over the process tree at one moment. */
  readonly treeRss: number;
  /** The same with shared pages counted once (proportional set size); read less often. */
  readonly treePss: number | null;
  /** Highest sum of what the system cannot take back: anonymous and shared memory. */
  readonly treeFixed: number | null;
  /** Highest resident set of each role: `node`, `decoder`, `encoder`. */
  readonly rssByProcess: Readonly<Record<string, number>>;
}

/** One look at the process tree, in bytes. */
export interface TreeMemoryReading {
  readonly rss: number;
  /** The same with shared pages counted once, or undefined where that is not known. */
  readonly pss: number | undefined;
  /** Of that, what the system cannot take back, or undefined where that is not known. */
  readonly fixed: number | undefined;
}

/** What counts against a limit: what cannot be taken back, or the nearest to it that is known. */
export function countedBytes({ rss, pss, fixed }: TreeMemoryReading): number {
  return fixed ?? Math.min(rss, pss ?? rss);
}

const SAMPLE_EVERY_MS = 100;
/** Proportional sizes make the kernel walk all pages (some milliseconds): one sample in this many. */
const PSS_EVERY_SAMPLES = 10;

/** Watches the memory of this process and its children from the operating system's side. */
export class TreeMemoryWatch implements Disposable {
  #treeRss = 0;
  #treePss: number | undefined;
  #treeFixed: number | undefined;
  /** What the proportional sum was below the resident one when it was last read. */
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

  /** Takes one sample now; a sample that is still under way is not doubled. */
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
    // Shared pages are code and hardly change: between two readings what grows is our own.
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
