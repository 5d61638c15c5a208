import { expect, test } from 'vitest';
import { Columns } from '../../src/signal/columns.js';

test('columns hold the values that were set, and NaN before, between and after', () => {
  const columns = new Columns(2);
  columns.set(3, [1.5, undefined]);
  columns.set(1000, [2.5, -4]);
  expect([...columns.read(0, 6, 2)]).toEqual([Number.NaN, 1.5, Number.NaN, Number.NaN]);
  expect([...columns.read(1, 1002, 999)]).toEqual([Number.NaN, -4, Number.NaN]);
  expect([...columns.read(0, 70, 62)].every(Number.isNaN)).toBe(true);
  expect(columns.read(1, 3)).toHaveLength(3);
  expect(columns.read(1, 0)).toHaveLength(0);
});

test('a person who returns after hours takes no memory in between', () => {
  const columns = new Columns(50);
  const before = process.memoryUsage().arrayBuffers;
  for (const row of [0, 5_000_000]) columns.set(row, [row]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  expect(columns.read(0, 5_000_001, 4_999_999)).toEqual(Float32Array.of(Number.NaN, 5_000_000));
});
