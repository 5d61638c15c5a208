import { expect, test } from 'vitest';
import { namesBeside } from '../../../src/postprocess/beside/align.js';
import { sharedTimeBase } from '../../../src/postprocess/beside/pair-film.js';

test('two tables are distinguished by name, by folder if the names are equal, otherwise by number', () => {
  expect(namesBeside(['a/walk.csv', 'b/run.ndjson'])).toEqual(['walk', 'run']);
  expect(namesBeside(['monday/walk.csv', 'friday/walk.csv'])).toEqual(['monday/walk', 'friday/walk']);
  expect(namesBeside(['walk.csv', 'walk.csv'])).toEqual(['walk (1)', 'walk (2)']);
  expect(namesBeside(['a/walk.csv', 'b/../c/a/walk.csv'])).toEqual(['walk (1)', 'walk (2)']);
});

test.each([
  [{ num: 1, den: 25 }, 10_000],
  [{ num: 1, den: 30 }, 10_020],
  [{ num: 1001, den: 30_000 }, 30_000],
  [{ num: 1, den: 90_000 }, 90_000],
])('a film of two has ticks fine enough for both, and those of the first one are whole: %j', (base, den) => {
  const shared = sharedTimeBase(base);
  expect(shared.den).toBe(den);
  expect(shared.num / shared.den).toBeCloseTo(base.num / base.den, 12);
});
