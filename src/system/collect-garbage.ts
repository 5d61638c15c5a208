import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects this thread's garbage now. For the moments after which large buffers are known to be dead and little else is
 * made that would wake the collector: it hardly sees memory outside the JavaScript heap.
 */
export function collectGarbage(): void {
  collector ??= findCollector();
  collector();
}

/** Looked for once: each time it would take longer than to collect what there is. */
let collector: (() => void) | undefined;

function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return typeof collect === 'function' ? () => void collect() : () => {};
}

/**
 * Keeps the part of the heap for new values small, for commands that read long tables: Node would let it grow to 48 MB
 * for speed. To be called before anything else is loaded.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString('--max-semi-space-size=1');
  setFlagsFromString('--semi-space-growth-factor=1');
}
