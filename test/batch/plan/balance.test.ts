import { describe, expect, test } from 'vitest';
import { balance } from '../../../src/batch/plan/balance.js';
import { seeded } from '../../support/chaos.js';

function sums(work: readonly number[], parts: number): number[] {
  const result = new Array<number>(parts).fill(0);
  for (const [at, part] of balance(work, parts).entries()) result[part - 1]! += work[at]!;
  return result;
}

describe('dividing work into parts', () => {
  test('eighty clips of different lengths in four parts: the largest has at most 1.05 times the mean', () => {
    const random = seeded(7);
    const work = Array.from({ length: 80 }, () => 1 + 30 * random() ** 3);
    const parts = sums(work, 4);
    expect(Math.max(...parts) / (parts.reduce((a, b) => a + b) / 4)).toBeLessThan(1.05);
  });

  test('each piece is in one part, and equal pieces are spread evenly', () => {
    expect(balance([0, 0, 0, 0], 2).sort()).toEqual([1, 1, 2, 2]);
    expect(balance([5, 1, 1, 1, 1, 1], 2)).toEqual([1, 2, 2, 2, 2, 2]);
    expect(balance([], 3)).toEqual([]);
  });

  test('more parts than pieces leave parts empty', () => {
    expect(new Set(balance([1, 2, 3], 5)).size).toBe(3);
  });

  test('a hundred thousand pieces in a hundred thousand parts take no quadratic time', () => {
    const work = Array.from({ length: 100_000 }, (_, at) => at % 97);
    expect(new Set(balance(work, 100_000)).size).toBe(100_000);
  });

  test('the same work is divided the same way each time', () => {
    const work = [3, 3, 3, 2, 2, 9, 1];
    expect(balance(work, 3)).toEqual(balance(work, 3));
  });
});
