import type { EngineChoice } from '../engine/worker/create-engine.js';
import type { EngineName } from '../engine/worker/protocol.js';
import { MemoryLimitError } from '../errors.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import { countedBytes, type TreeMemoryReading } from '../system/tree-memory.js';

/** Shares of a limit: a warning, no new video, the largest is stopped. */
export const WARN_AT = 0.7;
export const HOLD_AT = 0.8;
export const STOP_AT = 0.9;
const MEBIBYTE = 1024 * 1024;

export const MEMORY_REMEDY =
  'Use --max-size 640 (smaller frames) or --model lite (a smaller network), or raise the limit.';

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MB`;
}

/** Compares the memory of the process tree with its limits, before the system does. */
export class MemoryGuard {
  readonly #limits: readonly MemoryLimit[];
  readonly #warn: (message: string) => void;
  readonly #stop: (error: MemoryLimitError) => void;
  readonly #warned = new Set<MemoryLimit>();

  constructor(
    limits: readonly MemoryLimit[],
    warn: (message: string) => void,
    stop: (error: MemoryLimitError) => void,
  ) {
    this.#limits = limits;
    this.#warn = warn;
    this.#stop = stop;
  }

  /** Checks one reading. Memory that the system can reclaim does not count. */
  async check(reading: TreeMemoryReading): Promise<void> {
    for (const limit of this.#limits) {
      const used = (await limit.used?.()) ?? countedBytes(reading);
      if (used >= limit.bytes * STOP_AT) this.#stop(limitReached(used, limit));
      else if (used >= limit.bytes * WARN_AT && !this.#warned.has(limit)) {
        this.#warned.add(limit);
        this.#warn(
          `memory use is ${megabytes(used)} of ${megabytes(limit.bytes)} (${limit.source}); the run stops at 90 %`,
        );
      }
    }
  }
}

function limitReached(used: number, limit: MemoryLimit): MemoryLimitError {
  const share = Math.round((100 * used) / limit.bytes);
  return new MemoryLimitError(
    `stopped at ${megabytes(used)} of memory, ${share} % of the limit of ${megabytes(limit.bytes)} (${limit.source})`,
    MEMORY_REMEDY,
  );
}

/** Factors that determine a run's memory. */
export interface MemoryNeeds {
  /** Size of one analysed picture. */
  readonly frameBytes: number;
  /** Pictures that wait for later frames. */
  readonly framesAhead: number;
  readonly people: number;
  readonly engine: EngineChoice;
  readonly model: string;
  readonly overlay: boolean;
  /** Whether the refining network runs in addition to the usual one. */
  readonly refiner: boolean;
  /** Whether the network that finds people runs. */
  readonly finder: boolean;
  /** Whether weights are copied into memory although the model has mapped networks. */
  readonly copied: boolean;
}

/** Memory of a network, or of Node with its engine. Bytes. */
interface Cost {
  readonly mapped: number;
  /** The same if weights are copied into memory. */
  readonly copied: number;
}

const cost = (mapped: number, copied = mapped): Cost => ({ mapped: mapped * MEBIBYTE, copied: copied * MEBIBYTE });

/**
 * A run's unreclaimable memory, in bytes: anonymous and shared memory at its peak. Measured on
 * Linux x86-64 with pictures of 640x480, 1920x1080 and 3840x2160 (`npm run bench:memory`).
 */
const NODE: Readonly<Record<EngineName, Readonly<Record<string, Cost>>>> = {
  mediapipe: { lite: cost(140), full: cost(170), heavy: cost(280) },
  native: { lite: cost(86, 131), full: cost(92, 147), heavy: cost(97, 240) },
};
const REFINER = cost(12, 80);
const FINDER = cost(15, 50);
const DRAWING_BYTES = 8 * MEBIBYTE;
const FURTHER_PERSON_BYTES = 4 * MEBIBYTE;
const DECODER_BYTES = 8 * MEBIBYTE;
const ENCODER_BYTES = 12 * MEBIBYTE;
/** Number of analysed pictures that Node, decoder and encoder hold. */
const FRAMES_IN_NODE = 2;
const FRAMES_IN_DECODER = 14;
const FRAMES_IN_ENCODER = 10;

/** Typical memory of a run, in bytes, as it counts against a limit. */
export function usualMemory(needs: MemoryNeeds): number {
  const { frameBytes, framesAhead, people, engine, model, overlay, refiner, finder } = needs;
  const known = NODE[engine === 'auto' ? 'native' : engine];
  // A user's own model is converted for each run.
  const kind = needs.copied || !(model === 'auto' || Object.hasOwn(known, model)) ? 'copied' : 'mapped';
  const networks = [known[model] ?? known.full, ...(refiner ? [REFINER] : []), ...(finder ? [FINDER] : [])];
  const frames = FRAMES_IN_NODE + framesAhead + FRAMES_IN_DECODER + (overlay ? FRAMES_IN_ENCODER : 0);
  return (
    networks.reduce((sum, network) => sum + (network as Cost)[kind], 0) +
    (people - 1) * FURTHER_PERSON_BYTES +
    DECODER_BYTES +
    (overlay ? DRAWING_BYTES + ENCODER_BYTES : 0) +
    frames * frameBytes
  );
}

/**
 * Minimum memory with which a run may succeed, as a share of the typical one. Low on purpose: a run that might fit is
 * tried.
 */
const LEAST_SHARE = 0.7;

/** Minimum memory that a run will need, in bytes. */
export function leastMemoryNeeded(needs: MemoryNeeds): number {
  return usualMemory(needs) * LEAST_SHARE;
}

/** @throws MemoryLimitError if the run cannot fit below the threshold at which it would be stopped */
export function checkMemoryBeforeStart(path: string, needed: number, limits: readonly MemoryLimit[]): void {
  for (const limit of limits) {
    if (needed <= limit.bytes * STOP_AT) continue;
    throw new MemoryLimitError(
      `${path}: needs at least ${megabytes(needed)} of memory, the limit is ${megabytes(limit.bytes)} (${limit.source})`,
      MEMORY_REMEDY,
    );
  }
}
