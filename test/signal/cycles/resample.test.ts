import { describe, expect, test } from 'vitest';
import { meanAndDeviation, meanCurve, SmoothedSeries } from '../../../src/signal/cycles/resample.js';
import { smoothStretch, stretchesOf } from '../../../src/signal/cycles/stretches.js';
import { timesAt } from './walker.js';

describe('a cycle of 101 points', () => {
  const times = timesAt(30, 4);

  test('has the values at even times, including the first and the last', () => {
    const series = new SmoothedSeries(
      times,
      times.map(t => 10 * t),
      0.2,
    );
    const cycle = series.resample(1.01, 2.51);
    expect(cycle).toHaveLength(101);
    for (const [i, value] of (cycle ?? []).entries()) expect(value).toBeCloseTo(10 * (1.01 + 0.015 * i), 6);
  });

  test('is undefined if a part of it was not seen, or lies outside', () => {
    const series = new SmoothedSeries(
      times,
      times.map(t => (t > 1.5 && t < 2 ? Number.NaN : t)),
      0.2,
    );
    expect(series.resample(1.2, 2.2)).toBeUndefined();
    expect(series.resample(2.1, 3.1)).toHaveLength(101);
    expect(series.resample(3.5, 4.5)).toBeUndefined();
    expect(series.values().filter(Number.isNaN)).toHaveLength(14);
  });

  test('mean and standard deviation are those of a sample, at each point', () => {
    const { count, mean, deviation } = meanCurve([
      [1, 10],
      [2, 10],
      [6, 13],
    ]);
    expect([count, mean]).toEqual([3, [3, 11]]);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(7), 9);
    expect(deviation[1]).toBeCloseTo(Math.sqrt(3), 9);
    expect(meanCurve([[1, 2]]).deviation).toEqual([Number.NaN, Number.NaN]);
    expect(meanAndDeviation([1, undefined, Number.NaN, 3])).toMatchObject({ count: 2, mean: 2 });
  });
});

test('the shortest and most uneven stretches can be smoothed', () => {
  let seed = 3;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let i = 0; i < 3000; i++) {
    const times = [0];
    for (let left = 2 + Math.floor(5 * random()); left > 0; left--)
      times.push(times.at(-1)! + 0.004 + 0.2 * random() ** 2);
    const smoothed = smoothStretch(times, times.map(random), { from: 0, to: times.length });
    expect(smoothed.every(Number.isFinite)).toBe(true);
  }
});

test('stretches end at gaps in time, and at frames without a value only if those make a gap', () => {
  const times = [0, 1, 2, 3, 10, 11, 12];
  expect(stretchesOf(times, () => true, 2)).toEqual([
    { from: 0, to: 4 },
    { from: 4, to: 7 },
  ]);
  expect(stretchesOf(times, i => i !== 1 && i !== 6, 2)).toEqual([
    { from: 0, to: 4 },
    { from: 4, to: 6 },
  ]);
  expect(stretchesOf(times, () => false, 2)).toEqual([]);
});
