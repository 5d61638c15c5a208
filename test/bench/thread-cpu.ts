import { readFileSync } from 'node:fs';

const NANOSECONDS_IN_MS = 1e6;

/**
 * CPU milliseconds of this thread, without other programs on the same core: figures hold on a busy machine as well.
 * Wall time if the system does not report them.
 */
export function threadCpuMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)[0]) / NANOSECONDS_IN_MS;
  } catch {
    return performance.now();
  }
}
