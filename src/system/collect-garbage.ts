import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects this thread's garbage now. For moments after which large buffers are known to be dead and few allocations
 * would trigger the collector: it hardly notices memory outside the JavaScript heap.
 */
export function collectGarbage(): void {
  collector ??= findCollector();
  collector();
}

/** Looked up once: each lookup would take longer than the collection. */
let collector: (() => void) | undefined;

function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return typeof collect === 'function' ? () => void collect() : () => {};
}

/**
 * Keeps the young heap small, for commands that read long tables: Node would let it grow to 48 MB for speed. Call it
 * before anything else is loaded.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString('--max-semi-space-size=1');
  setFlagsFromString('--semi-space-growth-factor=1');
}
