import { describe, expect, test } from 'vitest';
import { derivative } from '../../src/signal/derivative.js';
import { butterworth } from '../../src/signal/filters/butterworth.js';
import { outliers } from '../../src/signal/filters/hampel.js';
import { loess, medianFilter, oneEuroFilter, savitzkyGolay } from '../../src/signal/filters/smooth.js';
import { fillGaps } from '../../src/signal/gaps.js';
import {
  BUTTERWORTH_2_3,
  BUTTERWORTH_4_6,
  CUBIC,
  GRADIENT,
  LINEAR,
  LOWESS_03,
  MEDIAN_5,
  SAVGOL_5_2_FIRST,
  SAVGOL_7_3,
  X,
} from './scipy-values.js';

const RATE = 30;
const TIMES = X.map((_, i) => i / RATE);
const KNOWN = [0, 1, 2, 5, 6, 9, 10, 11];

/** The largest difference, relative to the largest value. */
function relativeError(found: ArrayLike<number>, wanted: readonly number[]): number {
  expect(found).toHaveLength(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!))) / largest;
}

describe('filters have the values of SciPy, to a millionth', () => {
  test.each([
    ['Butterworth, 4th order, 6 Hz', () => butterworth(X, 4, 6, RATE), BUTTERWORTH_4_6],
    ['Butterworth, 2nd order, 3 Hz', () => butterworth(X, 2, 3, RATE), BUTTERWORTH_2_3],
    ['Savitzky-Golay, 7 values, cubic', () => savitzkyGolay(X, 7, 3, 1 / RATE), SAVGOL_7_3],
    ['Savitzky-Golay, first derivative', () => savitzkyGolay(X, 5, 2, 1 / RATE, 1), SAVGOL_5_2_FIRST],
    ['median', () => medianFilter(X, 5), MEDIAN_5],
    ['LOESS (statsmodels)', () => loess(TIMES, X, 0.3), LOWESS_03],
    ['gradient (NumPy)', () => derivative(TIMES, X), GRADIENT],
  ] as [string, () => ArrayLike<number>, number[]][])('%s', (_, filter, wanted) => {
    expect(relativeError(filter(), wanted)).toBeLessThan(1e-6);
  });

  test.each([
    ['linear', LINEAR],
    ['cubic', CUBIC],
  ] as const)('gaps, %s', (how, wanted) => {
    const holes = X.slice(0, 12).map((value, i) => (KNOWN.includes(i) ? value : Number.NaN));
    const values = fillGaps(
      holes.map((_, i) => i),
      holes,
      2,
      how,
    );
    expect(
      relativeError(
        [3, 4, 7, 8].map(i => values[i]!),
        wanted,
      ),
    ).toBeLessThan(1e-6);
    expect(KNOWN.map(i => values[i])).toEqual(KNOWN.map(i => X[i]));
  });
});

describe('gaps and outliers', () => {
  test('a longer gap, and the ends, stay empty', () => {
    const values = fillGaps(
      [0, 1, 2, 3, 4, 5, 6],
      [Number.NaN, 1, Number.NaN, Number.NaN, 4, Number.NaN, 6],
      1,
      'linear',
    );
    expect([...values]).toEqual([Number.NaN, 1, Number.NaN, Number.NaN, 4, 5, 6]);
  });

  test('a single jump is found, a step and a fast motion are not', () => {
    const still = [1, 1.01, 0.99, 1, 5, 1.01, 1, 0.99, 1];
    expect(outliers(still, 3, 3, 0.05).flatMap((is, i) => (is ? [i] : []))).toEqual([4]);
    expect(outliers([0, 0, 0, 0, 5, 5, 5, 5], 3, 3, 0.05)).not.toContain(true);
    expect(outliers(X, 3, 3, 0.05).filter(Boolean)).toHaveLength(0);
  });
});

describe('the one-euro filter', () => {
  test('follows a ramp and reduces noise, using only past values', () => {
    const noise = X.map((_, i) => (i % 2 === 0 ? 0.1 : -0.1));
    const calm = oneEuroFilter(TIMES, noise, 1, 0);
    expect(Math.max(...calm.slice(10).map(Math.abs))).toBeLessThan(0.03);
    const cut = oneEuroFilter(TIMES.slice(0, 20), noise.slice(0, 20), 1, 0);
    expect(cut).toEqual(calm.slice(0, 20));
  });
});

test('rejects a cutoff beyond half the rate', () => {
  expect(() => butterworth(X, 4, 15, RATE)).toThrow('must be between 0 and 15 Hz (half the frame rate), got 15');
});
