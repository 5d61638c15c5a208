import { type RecordedName, recordedNames } from '../batch/bucket-names.js';
import type { Ledger, PendingJob } from '../batch/ledger/ledger.js';
import { rebuildLedger } from '../batch/ledger/rebuild.js';
import { isInBucket } from '../batch/places.js';
import { sha256 } from '../system/file-hash.js';
import type { JobStore } from './job-store.js';

/** Videos for one round trip. */
const AT_ONCE = 500;

/**
 * Adds names to a folder's hash, unless another command has added some since it was read. A hash only grows, so its
 * length is its version.
 */
const KEEP_IF_UNCHANGED = `
  if redis.call('HLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return -1 end
  for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
  return redis.call('HLEN', KEYS[1])`;

/** The names of a folder's outputs: Redis keeps them, so that later submissions use the same ones. */
export class NameBook {
  readonly #store: JobStore;
  readonly #outDir: string;
  readonly #key: string;
  /** Names in Redis when it was last asked. */
  #known = 0;
  /** Names in the records of a bucket. */
  #recorded: readonly RecordedName[] = [];

  constructor(store: JobStore, outDir: string) {
    this.#store = store;
    this.#outDir = outDir;
    this.#key = store.keyFor(`names:${sha256(outDir)}`);
  }

  /** Where Redis has lost the names, the run records of the folder or bucket still have them. */
  async reserve(ledger: Ledger, signal: AbortSignal): Promise<void> {
    const kept = await this.#read();
    if (kept.length === 0 && isInBucket(this.#outDir)) this.#recorded = await recordedNames(this.#outDir, signal);
    else if (kept.length === 0) await rebuildLedger(ledger.database, this.#outDir);
    this.#reserveAll(ledger, kept);
  }

  /** Keeps the names of all inputs. Where another command has kept some meanwhile, the inputs are named again. */
  async keepAll(ledger: Ledger, signal: AbortSignal): Promise<void> {
    while (!(await this.#keepEach(ledger, signal))) {
      const kept = await this.#read();
      ledger.rename(() => this.#reserveAll(ledger, kept));
    }
  }

  #reserveAll(ledger: Ledger, kept: readonly [string, string][]): void {
    for (const [path, name] of kept) ledger.reserve(path, name);
    for (const { path, name } of this.#recorded) ledger.reserve(path, name);
  }

  async #keepEach(ledger: Ledger, signal: AbortSignal): Promise<boolean> {
    for (const batch of batchesOf(ledger)) {
      signal.throwIfAborted();
      const fields = batch.flatMap(({ job }) => [job.path, job.name]);
      const known = await this.#store.run(redis => redis.eval(KEEP_IF_UNCHANGED, 1, this.#key, this.#known, ...fields));
      if (Number(known) < 0) return false;
      this.#known = Number(known);
    }
    return true;
  }

  async #read(): Promise<[string, string][]> {
    const kept = Object.entries(await this.#store.run(redis => redis.hgetall(this.#key)));
    this.#known = kept.length;
    return kept;
  }
}

/** The inputs of a ledger in order, some at a time. */
export function* batchesOf(ledger: Ledger): Generator<PendingJob[]> {
  let batch: PendingJob[] = [];
  for (let next = ledger.pendingAfter(0); next; next = ledger.pendingAfter(next.position)) {
    batch.push(next);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
