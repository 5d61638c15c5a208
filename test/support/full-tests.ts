/**
 * Whether this is `npm run test:full`, which runs the files that import this module (see `vitest.config.ts`). In
 * `npm test`, these files leave out what takes too long for it.
 */
export const IS_FULL = process.env.BODYSCRIPT_FULL_TESTS === '1';

/** Every case in `npm run test:full`; in `npm test` those whose turn it is: all turns together have each case once. */
export function inTurn<T>(cases: readonly T[], turn: number, turns: number): readonly T[] {
  return IS_FULL ? cases : cases.filter((_, i) => i % turns === turn);
}

/** Every case in `npm run test:full`; in `npm test`, the first ones. */
export function firstOf<T>(cases: readonly T[], count: number): readonly T[] {
  return IS_FULL ? cases : cases.slice(0, count);
}
