import { setTimeout as delay } from 'node:timers/promises';
import { isBusy } from './s3-errors.js';

/** Pauses after the client has given up: a server that is busy with many readers often recovers within seconds. */
const PAUSES_MS: readonly number[] = [1000, 3000, 9000];
/** Many workers that were refused together must not return together. */
const SPREAD = 0.5;

/**
 * Repeats a request that a busy server has refused, beyond the client's own attempts.
 * @param signal ends a pause, with its reason
 * @throws what the last request threw
 */
export async function patiently<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    await delay(pause * (1 + Math.random() * SPREAD), undefined, signal ? { signal } : {}).catch(() => {});
    signal?.throwIfAborted();
  }
  return ask();
}
