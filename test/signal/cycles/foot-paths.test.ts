import { describe, expect, test } from 'vitest';
import { type FootPath, gaitOfPaths } from '../../../src/signal/cycles/foot-paths.js';
import { timesAt } from './walker.js';

const TURN = 2 * Math.PI;

/** A position at a fraction of a stride, 0-1: forward and up. */
type Course = (phase: number) => readonly [forward: number, up: number];

/** Moves back on the floor for 0.6 of a stride; is lifted behind, and swings forward. */
const step: Course = phase => {
  if (phase < 0.6) return [1 - phase / 0.3, 0.3 * Math.max(0, phase - 0.45)];
  const swing = (phase - 0.6) / 0.4;
  return [-Math.cos(Math.PI * swing), 0.3 * Math.sin(Math.PI * Math.sqrt(1 - swing)) ** 2];
};
const circle: Course = phase => [-Math.cos(TURN * phase), Math.sin(TURN * phase)];
const march: Course = phase => [Math.max(0, Math.sin(TURN * phase)), Math.max(0, Math.sin(TURN * phase))];

function feet(course: Course, times: readonly number[], noise = 0): Record<'left' | 'right', FootPath> {
  let seed = 11;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return noise * (seed / 2147483647 - 0.5);
  };
  const path = (delay: number): FootPath => {
    const places = times.map(t => course((t / 1.1 + delay) % 1));
    const part = () => ({ forward: places.map(([x]) => x + random()), up: places.map(([, y]) => y + random()) });
    return { heel: part(), toe: part() };
  };
  return { left: path(0), right: path(0.5) };
}

describe.each([10, 30, 1000])('feet that pass each other, at %i frames per second', rate => {
  const times = timesAt(rate, 6.6);
  test.each([
    ['forwards', step],
    ['backwards', ((phase: number) => step(1 - phase)) as Course],
    ['pedalling', circle],
    ['in place', march],
  ] as const)('go %s', (gait, course) => {
    expect(gaitOfPaths(times, feet(course, times))).toBe(gait);
    expect(gaitOfPaths(times, feet(course, times, 0.06))).toBe(gait);
  });
});

test('feet that do not visibly rise, or of unknown height, are those of a step', () => {
  const times = timesAt(30, 3);
  for (const lift of [0, 0.05, Number.NaN]) {
    const course: Course = phase => [step(1 - phase)[0], lift * step(1 - phase)[1]];
    expect(gaitOfPaths(times, feet(course, times))).toBe('forwards');
  }
});
