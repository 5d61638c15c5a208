import type { EngineChoice } from '../engine/worker/create-engine.js';
import type { EngineName } from '../engine/worker/protocol.js';
import { MemoryLimitError } from '../errors.js';
import type { MemoryLimit } from '../system/memory-limit.js';
import type { TreeMemoryReading } from '../system/tree-memory.js';

/** Shares of a limit: a warning, no new video, the end of the largest. */
export const WARN_AT = 0.7;
export const HOLD_AT = 0.8;
export const STOP_AT = 0.9;
const MEBIBYTE = 1024 * 1024;

export const MEMORY_REMEDY =
  'Use --max-size 640 (smaller pictures) or --model lite (a smaller network), or raise the limit.';

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MB`;
}

/** Compares what the process tree uses with the limits it lives under, before the system does. */
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

  /** Looks at one reading. Shared pages count once where the system tells how many there are. */
  async check(reading: TreeMemoryReading): Promise<void> {
    for (const limit of this.#limits) {
      const used = (await limit.used?.()) ?? Math.min(reading.rss, reading.pss ?? reading.rss);
      if (used >= limit.bytes * STOP_AT) this.#stop(limitReached(used, limit));
      else if (used >= limit.bytes * WARN_AT && !this.#warned.has(limit)) {
        this.#warned.add(limit);
        this.#warn(
          `memory is at ${megabytes(used)} of ${megabytes(limit.bytes)} (${limit.source}); the run stops at 90 %`,
        );
      }
    }
  }
}

function limitReached(used: number, limit: MemoryLimit): MemoryLimitError {
  const share = Math.round((100 * used) / limit.bytes);
  return new MemoryLimitError(
    `stopped at ${megabytes(used)} of memory, ${share} % of the ${megabytes(limit.bytes)} allowed (${limit.source})`,
    MEMORY_REMEDY,
  );
}

/**
 * What a run needs beside its frames, in bytes, files of code not counted: the system can drop those. Measured on Linux x86-64 (see
 * `npm run bench:memory`) and rounded down.
 */
const ENGINE_BYTES: Readonly<Record<EngineName, Readonly<Record<string, number>>>> = {
  mediapipe: { lite: 140 * MEBIBYTE, full: 170 * MEBIBYTE, heavy: 280 * MEBIBYTE },
  native: { lite: 95 * MEBIBYTE, full: 115 * MEBIBYTE, heavy: 160 * MEBIBYTE },
};
const DECODER_BYTES = 10 * MEBIBYTE;
const ENCODER_BYTES = 15 * MEBIBYTE;
/** Pictures of the analysed size that Node, decoder and encoder hold. */
const FRAMES_IN_NODE = 2;
const FRAMES_IN_DECODER = 6;
const FRAMES_IN_ENCODER = 10;

/** What decides how much memory a run needs. */
export interface MemoryNeeds {
  /** Size of one analysed picture. */
  readonly frameBytes: number;
  /** Pictures that wait for the frames ahead of them. */
  readonly framesAhead: number;
  readonly engine: EngineChoice;
  readonly model: string;
  readonly overlay: boolean;
  /** Whether the network that finds people is asked. */
  readonly finder: boolean;
}

/** The least that a run will need, in bytes. Low on purpose: a run that might fit is tried. */
export function leastMemoryNeeded(needs: MemoryNeeds): number {
  return leastWithoutFinder(needs) + bytesAhead(needs) + (needs.finder ? FINDER_BYTES.least : 0);
}

const bytesAhead = ({ frameBytes, framesAhead }: MemoryNeeds) => frameBytes * framesAhead;

function leastWithoutFinder({ frameBytes, engine, model, overlay }: MemoryNeeds): number {
  const models = ENGINE_BYTES[engine === 'auto' ? 'native' : engine];
  const encoder = overlay ? ENCODER_BYTES + FRAMES_IN_ENCODER * frameBytes : 0;
  return (models[model] ?? models.full) + DECODER_BYTES + (FRAMES_IN_NODE + FRAMES_IN_DECODER) * frameBytes + encoder;
}

/** The careful network beside the usual one: its weights, what loading it leaves behind, and what it computes with. As measured. */
const CAREFUL_BYTES = 105 * MEBIBYTE;
/** The network that finds people: as a rule, and at least. As measured. */
const FINDER_BYTES = { usual: 70 * MEBIBYTE, least: 50 * MEBIBYTE } as const;
/** What a run uses in fact, code and shared pages included, over the least that it needs. */
const USED_OVER_LEAST = 1.9;

/** What a run uses as a rule, in bytes, with or without the careful network. */
export function usualMemory(needs: MemoryNeeds, careful: boolean): number {
  const finder = needs.finder ? FINDER_BYTES.usual : 0;
  return leastWithoutFinder(needs) * USED_OVER_LEAST + bytesAhead(needs) + finder + (careful ? CAREFUL_BYTES : 0);
}

/** The limit that would be reached with the careful network beside the usual one, or undefined. */
export function tooSmallForCareful(needs: MemoryNeeds, limits: readonly MemoryLimit[]): MemoryLimit | undefined {
  const needed = usualMemory(needs, true);
  return limits.find(limit => needed > limit.bytes * STOP_AT);
}

/** @throws MemoryLimitError when the run cannot fit below the mark at which it would be stopped */
export function checkMemoryBeforeStart(path: string, needed: number, limits: readonly MemoryLimit[]): void {
  for (const limit of limits) {
    if (needed <= limit.bytes * STOP_AT) continue;
    throw new MemoryLimitError(
      `${path}: needs at least ${megabytes(needed)} of memory, the limit is ${megabytes(limit.bytes)} (${limit.source})`,
      MEMORY_REMEDY,
    );
  }
}
