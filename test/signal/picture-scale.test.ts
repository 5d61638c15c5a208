import { describe, expect, test } from 'vitest';
import { localLine, pictureScale } from '../../src/signal/picture-scale.js';

const places = [
  [0, 0],
  [0.2, 0.1],
  [-0.1, 0.5],
  [0.15, -0.6],
  [-0.3, 0.9],
] as const;
const seen = (flip: 1 | -1) =>
  places.map(([worldX, worldY]) => ({ worldX, worldY, x: 30 + flip * worldX * 200, y: -12 + worldY * 200 }));

describe('the scale of a picture', () => {
  test('is metres per pixel, wherever the person is', () => {
    const { metresPerPixel, alongX } = pictureScale(seen(1))!;
    expect(metresPerPixel).toBeCloseTo(1 / 200, 9);
    expect(alongX).toBeGreaterThan(0);
  });

  test('is the same for a mirrored video, which it reports', () => {
    const { metresPerPixel, alongX } = pictureScale(seen(-1))!;
    expect(metresPerPixel).toBeCloseTo(1 / 200, 9);
    expect(alongX).toBeLessThan(0);
  });

  test('is unknown for three points, and for points in one place', () => {
    expect(pictureScale(seen(1).slice(0, 3))).toBeUndefined();
    expect(pictureScale(seen(1).map(pair => ({ ...pair, x: 5, y: 5 })))).toBeUndefined();
  });
});

describe('a local line', () => {
  const values = (value: (time: number) => number) =>
    Array.from({ length: 121 }, (_, i) => ({ time: i / 30, value: value(i / 30) }));

  test('follows a constant change to both ends', () => {
    for (const at of [0, 2, 4])
      expect(
        localLine(
          values(t => 3 - 0.2 * t),
          at,
          4,
        ),
      ).toBeCloseTo(3 - 0.2 * at, 9);
  });

  test('averages fluctuations within a second', () => {
    const wave = values(t => Math.sin(2 * Math.PI * t));
    expect(Math.abs(localLine(wave, 2.25, 4))).toBeLessThan(0.05);
  });

  test('equals a single value', () => {
    expect(localLine([{ time: 7, value: 5 }], 7, 4)).toBe(5);
  });
});
