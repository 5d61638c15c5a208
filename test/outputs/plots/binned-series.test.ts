import { describe, expect, test } from 'vitest';
import { BinnedSeries } from '../../../src/outputs/plots/binned-series.js';

describe('a series in bins', () => {
  test.each([5, 16, 17, 1000])(
    'of %i frames: sixteen bins at most, with mean, least and most of all frames',
    frames => {
      const series = new BinnedSeries(2, 16);
      for (let i = 0; i < frames; i++) series.add([i, i % 3 === 0 ? undefined : -i]);
      expect(series.bins).toBeLessThanOrEqual(16);
      const bins = Array.from({ length: series.bins }, (_, bin) => series.get(bin, 0));
      expect(bins[0]?.least).toBe(0);
      expect(bins.at(-1)?.most).toBe(frames - 1);
      for (const [i, bin] of bins.entries()) {
        expect(bin?.mean).toBe(((bin?.least ?? 0) + (bin?.most ?? 0)) / 2);
        if (i > 0) expect(bin?.least).toBe((bins[i - 1]?.most ?? 0) + 1);
      }
      const second = series.get(series.bins - 1, 1);
      if (second) expect(-second.least).toBeGreaterThanOrEqual(frames - 2);
    },
  );

  test('an unknown stretch has no value', () => {
    const series = new BinnedSeries(1, 4);
    series.skip(2);
    series.add([7]);
    expect([series.get(0, 0), series.get(2, 0)?.mean, series.get(3, 0)]).toEqual([undefined, 7, undefined]);
  });
});
