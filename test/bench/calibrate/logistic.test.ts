import { describe, expect, test } from 'vitest';
import { type Examples, fitLogistic, predict } from './logistic.js';

/** Pseudo-random numbers of 0-1, the same each time (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const TRUE_WEIGHTS = [-0.5, 2, -1, 0];

/** Outcomes with the probability given by the true weights. */
function made(count: number, weigh: (i: number) => number = () => 1): Examples {
  const random = numbers(11);
  const width = TRUE_WEIGHTS.length;
  const rows = Float64Array.from({ length: count * width }, (_, i) => (i % width === 0 ? 1 : 4 * random() - 2));
  const labels = Float64Array.from({ length: count }, (_, i) =>
    random() < predict(rows, i, width, TRUE_WEIGHTS) ? 1 : 0,
  );
  return { width, rows, labels, weights: Float64Array.from({ length: count }, (_, i) => weigh(i)) };
}

describe('logistic regression', () => {
  test('finds the weights that generated the examples', () => {
    const fitted = fitLogistic(made(20_000), 1e-6);
    for (const [k, weight] of TRUE_WEIGHTS.entries()) expect(Math.abs(fitted[k]! - weight)).toBeLessThan(0.1);
  });

  test('predicts the right frequency on average', () => {
    const { width, rows, labels } = made(5000);
    const fitted = fitLogistic(made(5000), 1e-6);
    const mean = labels.reduce((sum, _, i) => sum + predict(rows, i, width, fitted), 0) / labels.length;
    expect(mean).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / labels.length, 4);
  });

  test('an example of weight 0 does not count, and one of weight 2 counts twice', () => {
    const { width, rows, labels } = made(300);
    const twice = {
      width,
      rows: Float64Array.from([...rows.subarray(0, 200 * width), ...rows.subarray(0, 100 * width)]),
      labels: Float64Array.from([...labels.subarray(0, 200), ...labels.subarray(0, 100)]),
      weights: new Float64Array(300).fill(1),
    };
    const weighed = fitLogistic(
      made(300, i => (i < 100 ? 2 : i < 200 ? 1 : 0)),
      1e-3,
    );
    const repeated = fitLogistic(twice, 1e-3);
    for (const [k, weight] of repeated.entries()) expect(weighed[k]).toBeCloseTo(weight, 6);
  });

  test('a penalty pulls all weights but the first towards 0', () => {
    const [free, drawn] = [1e-6, 1].map(penalty => fitLogistic(made(2000), penalty));
    for (const k of [1, 2]) expect(Math.abs(drawn![k]!)).toBeLessThan(Math.abs(free![k]!) / 2);
    const strict = fitLogistic(made(2000), 1e6);
    const { labels } = made(2000);
    const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    expect(strict[0]).toBeCloseTo(Math.log(share / (1 - share)), 3);
  });

  test('stays finite if a line separates the two classes', () => {
    const rows = Float64Array.from([1, -2, 1, -1, 1, 1, 1, 2]);
    const examples = { width: 2, rows, labels: Float64Array.of(0, 0, 1, 1), weights: new Float64Array(4).fill(1) };
    const fitted = fitLogistic(examples, 1e-3);
    expect(fitted.every(Number.isFinite)).toBe(true);
    expect(fitted[1]).toBeGreaterThan(1);
    expect([0, 1, 2, 3].map(i => predict(rows, i, 2, fitted) > 0.5)).toEqual([false, false, true, true]);
  });
});
