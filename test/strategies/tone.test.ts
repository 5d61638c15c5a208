import { describe, expect, test } from 'vitest';
import { clahe } from '../../src/strategies/tone/clahe.js';
import { bilateral, gaussianBlur, gaussianKernel, sharpen } from '../../src/strategies/tone/filters.js';
import { autoLevels, enhanceLower, equalizeHistogram, gamma, linear } from '../../src/strategies/tone/levels.js';
import type { Pixels } from '../../src/strategies/tone/pixels.js';

/** A picture of greys. */
function grey(width: number, height: number, values: ArrayLike<number>): Pixels {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.fill(values[i]!, 4 * i, 4 * i + 3);
  return { width, height, data };
}
const greys = ({ data }: Pixels) => Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]!);

describe('brightness', () => {
  test.each([
    // cv2.convertScaleAbs: |value * alpha + beta|, rounded, clipped.
    [1.5, 30, [0, 10, 100, 200], [30, 45, 180, 255]],
    [2, 50, [0, 25, 101, 110], [50, 100, 252, 255]],
  ])('times %d plus %d', (factor, offset, before, after) => {
    const pixels = grey(4, 1, before);
    linear(factor, offset)(pixels);
    expect(greys(pixels)).toEqual(after);
  });

  test('gamma 1.5: 255 * (value / 255) ** (1 / 1.5)', () => {
    const pixels = grey(4, 1, [0, 16, 64, 255]);
    gamma(1.5)(pixels);
    // 255 * (16 / 255) ** (2 / 3) = 40.26, 255 * (64 / 255) ** (2 / 3) = 101.46.
    expect(greys(pixels)).toEqual([0, 40, 101, 255]);
  });

  test('levels span the whole range, even from a dark sliver of it', () => {
    const pixels = grey(
      256,
      1,
      Array.from({ length: 256 }, (_, i) => 3 + Math.floor(i / 16)),
    );
    autoLevels(pixels);
    expect([Math.min(...greys(pixels)), Math.max(...greys(pixels))]).toEqual([0, 255]);
  });

  test('levels leave a single grey as dark as it is: it has no range to stretch', () => {
    const pixels = grey(4, 4, new Uint8Array(16).fill(90));
    autoLevels(pixels);
    expect(new Set(greys(pixels))).toEqual(new Set([0]));
  });

  test('only the lower part becomes lighter', () => {
    const pixels = grey(1, 10, new Uint8Array(10).fill(100));
    enhanceLower(pixels);
    expect(greys(pixels)).toEqual([100, 100, 100, 100, 100, 125, 150, 150, 150, 150]);
  });
});

describe('contrast', () => {
  test('equalised like cv2.equalizeHist: (counts up to the value - the first) / (all - the first)', () => {
    const pixels = grey(4, 2, [50, 50, 50, 50, 100, 100, 150, 200]);
    equalizeHistogram(pixels);
    // 255 * 2/4, 255 * 3/4, 255 * 4/4 after the first four.
    expect(greys(pixels)).toEqual([0, 0, 0, 0, 128, 128, 191, 255]);
  });

  test('one tile without a clip limit is plain equalisation of its histogram', () => {
    const pixels = grey(4, 1, [10, 20, 30, 40]);
    clahe(1000, 1)(pixels);
    expect(greys(pixels)).toEqual([64, 128, 191, 255]);
  });

  test('a clip limit of 1 leaves no contrast to gain: values hardly change', () => {
    const pixels = grey(
      64,
      64,
      Array.from({ length: 4096 }, (_, i) => (i * 37) & 255),
    );
    const before = greys(pixels);
    clahe(1, 2)(pixels);
    for (const [i, value] of greys(pixels).entries()) expect(Math.abs(value - before[i]!)).toBeLessThan(12);
  });

  test('contrast grows in a dull part and stays within the limit', () => {
    const pixels = grey(
      64,
      64,
      Array.from({ length: 4096 }, (_, i) => 100 + (i % 8)),
    );
    clahe(3, 8)(pixels);
    const values = greys(pixels);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(7 * 2);
    expect(Math.max(...values) - Math.min(...values)).toBeLessThan(7 * 40);
  });
});

describe('filters', () => {
  test('the kernel is cv2.getGaussianKernel(5, 0)', () => {
    // exp(-d^2 / (2 * 1.1^2)) over its sum.
    expect(gaussianKernel(5).map(weight => weight.toFixed(4))).toEqual([
      '0.0708',
      '0.2445',
      '0.3695',
      '0.2445',
      '0.0708',
    ]);
  });

  test('a blurred point is the kernel squared', () => {
    const pixels = grey(
      5,
      5,
      Array.from({ length: 25 }, (_, i) => (i === 12 ? 255 : 0)),
    );
    gaussianBlur(5)(pixels);
    // 255 * 0.3694^2 = 34.8 in the middle; rounding between rows and columns costs at most 1.
    expect(Math.abs(greys(pixels)[12]! - 35)).toBeLessThanOrEqual(1);
    expect(greys(pixels)[11]).toBeCloseTo(255 * 0.3694 * 0.2445, -0.3);
  });

  test('sharpening leaves planes and raises points: 5 * value - its four neighbours', () => {
    const plane = grey(3, 3, new Uint8Array(9).fill(80));
    sharpen(plane);
    expect(new Set(greys(plane))).toEqual(new Set([80]));
    const point = grey(3, 3, [80, 80, 80, 80, 100, 80, 80, 80, 80]);
    sharpen(point);
    expect(greys(point)[4]).toBe(180);
  });

  test('a bilateral filter smooths noise and keeps edges', () => {
    const noisy = (x: number) => (x < 8 ? 50 : 200) + ((x * 7) % 3) * 4;
    const pixels = grey(
      16,
      1,
      Array.from({ length: 16 }, (_, x) => noisy(x)),
    );
    bilateral(9, 20, 75)(pixels);
    const values = greys(pixels);
    expect(Math.max(...values.slice(0, 8)) - Math.min(...values.slice(0, 8))).toBeLessThan(8);
    expect(values[8]! - values[7]!).toBeGreaterThan(140);
  });
});
