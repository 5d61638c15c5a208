import { describe, expect, test } from 'vitest';
import { derivative } from '../../../src/signal/derivative.js';
import { butterworth } from '../../../src/signal/filters/butterworth.js';
import { apparentSize, type SizedLandmark, sizeChange } from '../../../src/signal/measures/apparent-size.js';
import { filterGains } from '../../../src/signal/measures/filter-gains.js';
import { highestOf } from '../../../src/signal/measures/highest.js';
import { readTruth } from '../../support/truth-table.js';
import { normal } from './jumper.js';

const power = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value ** 2, 0) / values.length;

describe('the rest of an error after a filter', () => {
  test.each([
    [6, 30],
    [3, 30],
    [6, 120],
    [3.5, 10],
  ])('%d Hz at %d frames in a second: as the filter itself does with white noise', (cutoff, rate) => {
    const noise = normal(4);
    const white = Array.from({ length: 40_000 }, noise);
    const filtered = butterworth(white, 4, cutoff, rate);
    const velocities = derivative(
      white.map((_, i) => i / rate),
      filtered,
    );
    const { place, residual, velocity } = filterGains(cutoff, rate);
    expect(power(filtered) / place).toBeCloseTo(1, 1);
    expect(power(white.map((value, i) => value - filtered[i]!)) / residual).toBeCloseTo(1, 1);
    expect(power(velocities) / velocity).toBeCloseTo(1, 1);
  });
});

describe('the highest of values with errors', () => {
  test('is close to the truth on average if many values are equal: the highest of 100 is off by 2.5', () => {
    const noise = normal(9);
    for (const count of [2, 5, 20, 100]) {
      const found = Array.from({ length: 400 }, () => {
        const values = Array.from({ length: count }, () => 10 + noise());
        return highestOf(values, 1, 1)!.value;
      });
      const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
      expect(Math.abs(mean - 10)).toBeLessThan(0.55);
    }
  });

  test('is unchanged if it stands alone', () => {
    expect(highestOf([1, 2, 9, 2, 1], 0.5, 1)).toEqual({ value: 9, error: 0.5, index: 2 });
  });

  test('is never negative, and undefined without values', () => {
    expect(highestOf([0.1, 0.1, 0.1, 0.1], 1, 1)?.value).toBe(0);
    expect(highestOf([], 1, 1)).toBeUndefined();
  });
});

describe('the size of a person in the picture', () => {
  const marksOf = (frame: readonly (readonly number[])[]): SizedLandmark[] =>
    frame.map(([xPx = 0, yPx = 0, worldX = 0, worldY = 0, worldZ = 0]) => ({ xPx, yPx, worldX, worldY, worldZ }));

  test.each(['wave', 'turn', 'far-walk', 'walk-towards'])(
    '%s: is the focal length over the distance, whatever the posture',
    async sample => {
      const truth = await readTruth(sample);
      const focal = truth.height / 2 / Math.tan((truth.verticalFieldOfViewDegrees * Math.PI) / 360);
      for (const [person] of truth.frames) {
        const size = apparentSize(marksOf(person!));
        if (Number.isNaN(size)) continue;
        expect(Math.abs((size * person![23]![4]) / focal - 1)).toBeLessThan(0.08);
      }
    },
  );

  test('is undefined for a person who crouches: the networks underestimate it', async () => {
    const truth = await readTruth('squat');
    const sizes = truth.frames.map(([person]) => apparentSize(marksOf(person!)));
    expect(sizes.some(Number.isNaN)).toBe(true);
    expect(sizes.filter(size => !Number.isNaN(size)).length).toBeGreaterThan(30);
  });

  test('a change is measured over windows, so that single frames do not count', () => {
    const times = Array.from({ length: 90 }, (_, i) => i / 30);
    expect(
      sizeChange(
        times,
        times.map((_, i) => (i === 40 ? 300 : 100)),
      ),
    ).toBe(0);
    expect(
      sizeChange(
        times,
        times.map(time => 100 + 10 * time),
      ),
    ).toBeCloseTo(0.25 / 1.15, 1);
    expect(
      sizeChange(
        times,
        times.map(() => Number.NaN),
      ),
    ).toBeUndefined();
  });
});
