import { describe, expect, test } from 'vitest';
import { repetitionsOf } from '../../../src/signal/cycles/repetitions.js';
import { timesAt } from './walker.js';

/** From rest at 5 degrees to 95 and back, each within a number of seconds. */
const swing = (t: number, period: number) => 50 - 45 * Math.cos((2 * Math.PI * t) / period);
const turns = (times: readonly number[], degrees: readonly number[]) =>
  repetitionsOf(times, degrees).found.map(({ turn }) => Number(turn.toFixed(2)));

describe('repetitions', () => {
  test('are counted with their times and angles', () => {
    const times = timesAt(30, 8.02);
    const { found, range, variation } = repetitionsOf(
      times,
      times.map(t => swing(t, 2)),
    );
    expect(found).toHaveLength(4);
    for (const [i, one] of found.entries()) {
      expect(one.start).toBeCloseTo(2 * i, 1);
      expect(one.turn).toBeCloseTo(2 * i + 1, 2);
      expect(one.end).toBeCloseTo(2 * i + 2, 1);
      expect(one.rest).toBeCloseTo(5, 0);
      expect(one.reached).toBeCloseTo(95, 0);
      expect(times[one.turnFrame]).toBeCloseTo(one.turn, 1);
    }
    expect(range).toBeCloseTo(90, 0);
    expect(variation).toBeLessThan(0.03);
  });

  test('turn downwards if rest is high', () => {
    const times = timesAt(30, 6.02);
    const { found } = repetitionsOf(
      times,
      times.map(t => 100 - swing(t, 2)),
    );
    expect(found.map(({ rest, reached }) => [Math.round(rest), Math.round(reached)])).toEqual([
      [95, 5],
      [95, 5],
      [95, 5],
    ]);
  });

  test('one cut off by the recording is not counted, at its beginning or its end', () => {
    const times = timesAt(30, 6);
    expect(turns(times, times.map(t => swing(t, 2)).slice(0, 165))).toEqual([1, 3]);
    const late = times.slice(45);
    expect(
      turns(
        late,
        late.map(t => swing(t, 2)),
      ),
    ).toEqual([3, 5]);
  });

  test('a rest between two belongs to neither', () => {
    const times = timesAt(30, 10);
    const degrees = times.map(t => (t % 5 < 2 ? swing(t % 5, 2) : 5) + 0.3 * Math.sin(40 * t));
    const { found } = repetitionsOf(times, degrees);
    expect(found.map(({ start, end }) => [Math.round(start), Math.round(end)])).toEqual([
      [0, 2],
      [5, 7],
    ]);
  });

  test('none is counted across a gap, but one beside it is', () => {
    const times = timesAt(30, 8);
    const degrees = times.map(t => (t > 2.4 && t < 3.2 ? Number.NaN : swing(t, 2)));
    expect(turns(times, degrees)).toEqual([1, 5, 7]);
    const gone = times.filter(t => !(t > 2.4 && t < 3.2));
    expect(
      turns(
        gone,
        gone.map(t => swing(t, 2)),
      ),
    ).toEqual([1, 5, 7]);
  });

  test('small turns on the way do not count', () => {
    const times = timesAt(30, 4);
    expect(
      turns(
        times,
        times.map(t => swing(t, 4) + 8 * Math.sin(8 * t)),
      ).length,
    ).toBe(1);
  });

  test.each([
    ['stillness', timesAt(30, 4).map(() => 12)],
    ['a tremor of ten degrees', timesAt(30, 4).map(t => 5 * Math.sin(6 * t))],
    ['nothing', timesAt(30, 4).map(() => Number.NaN)],
    ['a single rise', timesAt(30, 4).map(t => 20 * t)],
  ])('%s has none', (_, degrees) => {
    expect(repetitionsOf(timesAt(30, 4), degrees).found).toEqual([]);
  });

  test('varying times change nothing', () => {
    const times = timesAt(30, 6.02).map((t, i) => t + 0.012 * Math.sin(i * 0.7));
    expect(
      turns(
        times,
        times.map(t => swing(t, 2)),
      ),
    ).toEqual([1, 3, 5]);
  });
});
