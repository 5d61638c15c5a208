import { test } from 'vitest';
import { IS_FULL } from './is-full.js';

// `npm run test:full` runs the files that import this module (see `vitest.config.ts`). In `npm test`, these files leave
// out what takes too long for it.
export { IS_FULL };

/** A test that only `npm run test:full` runs: `npm test` has a shorter one of the same part. */
export const fullTest = test.runIf(IS_FULL);

/** Every case in `npm run test:full`; in `npm test` those whose turn it is: all turns together have each case once. */
export function inTurn<T>(cases: readonly T[], turn: number, turns: number): readonly T[] {
  return IS_FULL ? cases : cases.filter((_, i) => i % turns === turn);
}

/** Every case in `npm run test:full`; in `npm test`, the first ones. */
export function firstOf<T>(cases: readonly T[], count: number): readonly T[] {
  return IS_FULL ? cases : cases.slice(0, count);
}
