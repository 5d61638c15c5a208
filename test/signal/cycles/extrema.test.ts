import { describe, expect, test } from 'vitest';
import { peaksOf, valleysOf } from '../../../src/signal/cycles/extrema.js';

const ALL = { least: 0, atStart: 0, atEnd: 0 };
const indices = (values: readonly number[], drops = ALL) =>
  peaksOf([...values.keys()], values, drops).map(({ index }) => index);

describe('turning points', () => {
  test.each([
    [4.25, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    [3.9, [0, 1, 2.1, 2.9, 4.3, 5, 6.2, 7]],
  ])('a parabola turns at %d exactly, at even times and at others', (top, times) => {
    const [peak, ...more] = peaksOf(
      times,
      times.map(t => 7 - 3 * (t - top) ** 2),
      ALL,
    );
    expect(more).toEqual([]);
    expect(peak?.time).toBeCloseTo(top, 9);
    const [valley] = valleysOf(
      times,
      times.map(t => 3 * (t - top) ** 2 - 7),
      ALL,
    );
    expect(valley?.time).toBeCloseTo(top, 9);
    expect(valley?.value).toBeCloseTo(-(peak?.value ?? 0), 9);
  });

  test('a plateau turns in its middle', () => {
    expect(peaksOf([0, 1, 2, 3, 4, 5], [0, 1, 2, 2, 2, 0], ALL)).toEqual([{ index: 3, time: 3, value: 2 }]);
  });

  test('the first and the last value are not peaks, nor is a rise to the end', () => {
    expect(indices([5, 1, 2, 3])).toEqual([]);
    expect(indices([0, 1, 2, 2])).toEqual([]);
    expect(indices([])).toEqual([]);
    expect(indices([1])).toEqual([]);
  });

  test('prominence counts, as in SciPy: a small turn on the slope of a large one is ignored', () => {
    // scipy.signal.find_peaks(..., prominence=2) gives [2, 9].
    const values = [0, 4, 8, 5, 6, 5.5, 3, 1, 4, 7, 6, 6.5, 0];
    expect(indices(values, { least: 2, atStart: 2, atEnd: 2 })).toEqual([2, 9]);
    expect(indices(values, { least: 0.4, atStart: 0.4, atEnd: 0.4 })).toEqual([2, 4, 9, 11]);
  });

  test('near an end less is enough, if the series was never higher there', () => {
    const values = [9.5, 10, 5, 0, 5, 9, 8.7];
    expect(indices(values, { least: 3, atStart: 3, atEnd: 3 })).toEqual([]);
    expect(indices(values, { least: 3, atStart: 0.4, atEnd: 3 })).toEqual([1]);
    expect(indices(values, { least: 3, atStart: 3, atEnd: 0.2 })).toEqual([5]);
  });

  test('hours of even repetitions take a moment: no peak searches all of them for a higher one', () => {
    const values = Array.from({ length: 400_000 }, (_, i) => i % 2);
    expect(indices(values, { least: 1, atStart: 1, atEnd: 1 })).toHaveLength(199_999);
  });

  test('a bump between two unseen ends needs one whole slope', () => {
    expect(indices([1, 1.2, 1], { least: 3, atStart: 0.1, atEnd: 0.1 })).toEqual([]);
  });
});
