import { expect, test } from 'vitest';
import { RisingClock } from '../../src/engine/rising-clock.js';

test('distances within a video are kept to the microsecond', () => {
  const clock = new RisingClock();
  const times = [-0.5, -0.466667, 0, 1.25].map(time => clock.next(time));
  expect(times.map(time => time - times[0]!)).toEqual([0, 33_333, 500_000, 1_750_000]);
});

test('times rise strictly across repeats, falls and other videos', () => {
  const clock = new RisingClock();
  const times = [0, 0, 0.1, 0.05, 0.06, 3].map(time => clock.next(time));
  clock.restart();
  times.push(...[0, 0.1].map(time => clock.next(time)));
  expect(times.every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true);
  expect(times.every(Number.isInteger)).toBe(true);
});

test('pictures without a time, between videos and within one, advance the next time', () => {
  const clock = new RisingClock();
  const before = clock.next(0);
  for (let i = 0; i < 120; i++) clock.passPicture();
  expect(clock.next(1 / 30)).toBeGreaterThan(before + 120_000);
  for (let i = 0; i < 120; i++) clock.passPicture();
  clock.restart();
  expect(clock.next(0)).toBeGreaterThan(before + 240_000);
});
