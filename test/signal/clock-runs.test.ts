import { describe, expect, test } from 'vitest';
import { SteadyClock, tableClock } from '../../src/model/steady-clock.js';
import { aroundInRun, processRuns, runsOf } from '../../src/signal/clock-runs.js';
import { processSeries, type SeriesOptions } from '../../src/signal/process-series.js';

const BUTTERWORTH: SeriesOptions = {
  smoothing: { kind: 'butterworth', order: 4, cutoffHz: 6 },
  maxGap: 10,
  interpolation: 'cubic',
};
const SMOOTHINGS: SeriesOptions['smoothing'][] = [
  BUTTERWORTH.smoothing,
  { kind: 'savitzky-golay', window: 7, polynomial: 2 },
  { kind: 'median', window: 5 },
  { kind: 'loess', share: 0.2 },
  { kind: 'one-euro', minCutoffHz: 1, beta: 0.1 },
];
const RATE = 30;
const part = (begins: number, frames = 40) => Array.from({ length: frames }, (_, i) => begins + i / RATE);
const wave = (frames: number, shift = 0) => Array.from({ length: frames }, (_, i) => shift + Math.sin(i / 5));

describe('a clock that jumps', () => {
  test('continues by the step before, backwards and forwards, and counts the jumps', () => {
    const clock = new SteadyClock(1, 100);
    expect([10, 12, 14, 3, 4, 5000, 5001].map(time => clock.next(time))).toEqual([10, 12, 14, 16, 17, 18, 19]);
    expect(clock.leaps).toBe(2);
    expect(clock.firstLeap).toEqual({ frame: 3, from: 14, to: 3 });
  });

  test('a frame without a time is one step on, and the next one has its own time', () => {
    const clock = new SteadyClock(1, 100);
    expect([undefined, undefined, 5, 7, undefined, 11].map(time => clock.next(time))).toEqual([0, 1, 5, 7, 9, 11]);
    expect(clock.leaps).toBe(0);
  });

  test('a pause of half an hour is not a jump', () => {
    const clock = tableClock();
    expect([0, 1 / RATE, 1800].map(time => clock.next(time)).at(-1)).toBe(1800);
    expect(clock.leaps).toBe(0);
  });

  test.each(SMOOTHINGS)('$kind filters each part separately', smoothing => {
    const options = { ...BUTTERWORTH, smoothing };
    const times = [...part(36_000), ...part(1.4), ...part(95_000)];
    const values = [...wave(40), ...wave(40, 100), ...wave(40, 7)];
    const runs = runsOf(times);
    const found = processRuns(runs, values, options);
    expect(runs.map(({ from, to }) => [from, to])).toEqual([
      [0, 40],
      [40, 80],
      [80, 120],
    ]);
    expect(found.every(Number.isFinite)).toBe(true);
    const alone = processSeries(part(1.4), wave(40, 100), options);
    expect(found.slice(40, 80)).toEqual(alone);
  });

  test('times in whole seconds are spread, the last ones like those before', () => {
    const seconds = [...part(0, 90), ...part(3, 15)].map(Math.floor);
    const [{ times } = { times: [] }] = runsOf(seconds);
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(i / RATE, 9);
  });

  test('a gap across a jump is not filled', () => {
    const times = [...part(5, 10), ...part(2, 10)];
    const values = times.map((_, i) => (i >= 8 && i < 12 ? Number.NaN : i));
    const found = processRuns(runsOf(times), values, { ...BUTTERWORTH, smoothing: { kind: 'none' } });
    expect(found.slice(8, 12).every(Number.isNaN)).toBe(true);
  });

  test.each(SMOOTHINGS)(
    '$kind gives numbers where times fall in each frame, or three of them are the same',
    smoothing => {
      const falling = Array.from({ length: 30 }, (_, i) => 30 - i);
      const doubled = Array.from({ length: 30 }, (_, i) => Math.floor(i / 3) / 10);
      for (const times of [falling, doubled]) {
        const found = processRuns(runsOf(times), wave(30), { ...BUTTERWORTH, smoothing });
        expect(found).toHaveLength(30);
        expect(found.every(Number.isFinite)).toBe(true);
      }
    },
  );

  test('frames with the same time are spread until the next time', () => {
    expect(runsOf([0, 1, 1, 2, 2])[0]?.times).toEqual([0, 1, 1.5, 2, 3]);
  });

  test('a derivative uses only frames of its own part', () => {
    const times = [...part(5, 4), ...part(2, 4)];
    expect([2, 3, 4, 5].map(index => aroundInRun(times, index, 2))).toEqual([
      [0, 4],
      [1, 4],
      [4, 7],
      [4, 8],
    ]);
    expect(aroundInRun([3, 2, 1], 1, 2)).toEqual([1, 2]);
  });
});
