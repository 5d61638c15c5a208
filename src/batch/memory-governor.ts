import { HOLD_AT, MEMORY_REMEDY, megabytes, STOP_AT, WARN_AT } from '../analyze/memory-guard.js';
import { MemoryLimitError } from '../errors.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import { readHeldMemory } from '../system/process-memory.js';

/** A process that analyses videos. */
export interface GovernedRunner {
  /** Process id, for the memory that it keeps between two videos. */
  readonly pid: number | undefined;
  /** Stops its current video. */
  stop(error: MemoryLimitError): void;
  /** Kills the process at once. */
  kill(error: MemoryLimitError): void;
}

/** A video that runs, or waits to. Bytes. */
interface Running {
  /** Its typical memory. */
  readonly needed: number;
  /** Present memory of its processes. */
  used: number;
  readonly alone: boolean;
  stopped: boolean;
}

interface Waiting {
  readonly runner: GovernedRunner;
  readonly needed: number;
  readonly alone: boolean;
  readonly go: () => void;
}

const LOOK_EVERY_MS = 100;
/** From here on even a clean stop would come too late. */
const KILL_AT = 0.95;

/** The governor's actions. */
export interface GovernorEvents {
  readonly warn: (message: string) => void;
  /** Stops processes that have no video, to free their memory. */
  readonly closeIdle: () => void;
}

/**
 * Divides the memory of the whole process tree among videos: at 80 % of a limit no further one starts, at 90 % the
 * largest is stopped. A video that runs alone is always admitted: whether it fits was checked before.
 */
export class MemoryGovernor implements Disposable {
  readonly #limits: readonly MemoryLimit[];
  readonly #events: GovernorEvents;
  readonly #running = new Map<GovernedRunner, Running>();
  readonly #runners = new Set<GovernedRunner>();
  #waiting: Waiting[] = [];
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;
  #warned = false;
  #ownBytes = 0;
  #peak = 0;
  #used = 0;

  constructor(limits: readonly MemoryLimit[], events: GovernorEvents) {
    this.#limits = limits;
    this.#events = events;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Peak unreclaimable memory of the whole process tree so far, in bytes, or resident memory if that is unknown. */
  get peak(): number {
    return this.#peak;
  }

  /** The present value. */
  get used(): number {
    return this.#used;
  }

  add(runner: GovernedRunner): void {
    this.#runners.add(runner);
  }

  remove(runner: GovernedRunner): void {
    this.#runners.delete(runner);
    this.release(runner);
  }

  /**
   * Settles when there is memory for a video.
   * @param needed bytes
   * @param alone whether nothing else may run
   */
  async admit(runner: GovernedRunner, needed: number, alone: boolean): Promise<void> {
    await new Promise<void>(go => {
      this.#waiting.push({ runner, needed, alone, go });
      this.#letIn();
    });
  }

  /** Records a video's present memory, in bytes. */
  update(runner: GovernedRunner, used: number): void {
    const running = this.#running.get(runner);
    if (running) running.used = used;
  }

  /** Whether a runner's video was asked to stop. */
  hasStopped(runner: GovernedRunner): boolean {
    return this.#running.get(runner)?.stopped ?? false;
  }

  /** A video has ended, or stopped waiting. */
  release(runner: GovernedRunner): void {
    this.#running.delete(runner);
    this.#waiting = this.#waiting.filter(waiting => waiting.runner !== runner);
    this.#letIn();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #letIn(): void {
    for (const waiting of [...this.#waiting]) {
      if (!this.#fits(waiting)) continue;
      const { runner, needed, alone, go } = waiting;
      this.#waiting = this.#waiting.filter(other => other !== waiting);
      this.#running.set(runner, { needed, used: 0, alone, stopped: false });
      go();
    }
  }

  #fits({ needed, alone }: Waiting): boolean {
    const running = [...this.#running.values()];
    if (running.length === 0) {
      if (this.#limits.some(limit => this.#ownBytes + needed > limit.bytes * HOLD_AT)) this.#events.closeIdle();
      return true;
    }
    if (alone || running.some(other => other.alone || other.stopped)) return false;
    const promised = running.reduce((sum, other) => sum + Math.max(other.needed, other.used), 0);
    const isTight = this.#limits.some(
      limit => Math.max(this.#ownBytes + promised + needed, this.#used) > limit.bytes * HOLD_AT,
    );
    if (isTight) this.#events.closeIdle();
    return !isTight;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#ownBytes = await readHeldMemory(process.pid);
      let sum = this.#ownBytes;
      for (const runner of this.#runners) sum += this.#running.get(runner)?.used || (await idleBytes(runner));
      this.#used = sum;
      this.#peak = Math.max(this.#peak, sum);
      for (const limit of this.#limits) this.#check(limit, (await limit.used?.()) ?? sum);
    } finally {
      this.#isLooking = false;
    }
    this.#letIn();
  }

  #check(limit: MemoryLimit, used: number): void {
    const share = used / limit.bytes;
    if (share >= WARN_AT && !this.#warned) {
      this.#warned = true;
      this.#events.warn(
        `memory use is ${megabytes(used)} of ${megabytes(limit.bytes)} (${limit.source}); at 80 % no further video starts, at 90 % the largest is stopped`,
      );
    }
    if (share < STOP_AT) return;
    this.#events.closeIdle();
    const error = new MemoryLimitError(
      `stopped at ${megabytes(used)} of memory, ${Math.round(100 * share)} % of the limit of ${megabytes(limit.bytes)} (${limit.source})`,
      MEMORY_REMEDY,
    );
    const stopped = [...this.#running].find(([, running]) => running.stopped);
    if (stopped && share >= KILL_AT) stopped[0].kill(error);
    if (!stopped) this.#stopLargest(error);
  }

  #stopLargest(error: MemoryLimitError): void {
    const [largest] = [...this.#running].sort(([, a], [, b]) => b.used - a.used);
    if (!largest) return;
    const [runner, running] = largest;
    running.stopped = true;
    runner.stop(error);
  }
}

async function idleBytes({ pid }: GovernedRunner): Promise<number> {
  return pid === undefined ? 0 : readHeldMemory(pid);
}
