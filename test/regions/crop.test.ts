import { describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/model/picture.js';
import { cropRegion, fromCrop, searchSide } from '../../src/regions/crop.js';

/** Stripes of one pixel, dark and bright: the finest possible detail of a picture. */
function stripes(side: number): RgbaImage {
  const data = new Uint8Array(4 * side * side);
  for (let i = 0; i < side * side; i++) data.fill((i % side) % 2 === 0 ? 0 : 200, 4 * i, 4 * i + 3);
  return { width: side, height: side, data };
}

/** A ramp from dark to bright along x, two levels for each pixel: a level between two pixels is distinct. */
function ramp(side: number): RgbaImage {
  const data = new Uint8Array(4 * side * side);
  for (let i = 0; i < side * side; i++) data.fill(2 * (i % side), 4 * i, 4 * i + 3);
  return { width: side, height: side, data };
}

const whole = (side: number) => ({ x: side / 2, y: side / 2, size: side, rotation: 0 });
const reds = ({ data }: RgbaImage, count: number) => Array.from({ length: count }, (_, i) => data[4 * i]);

describe('an averaged crop', () => {
  test('has the mean of detail finer than its pixels, which a plain one aliases', () => {
    const options = { side: 32, border: 'nearest' } as const;
    const [plain, averaged] = [false, true].map(on => cropRegion(stripes(64), whole(64), { ...options, averaged: on }));
    expect(new Set(reds(plain!, 32))).toEqual(new Set([0]));
    // Off the edges each pixel has half of two stripes.
    for (const value of reds(averaged!, 32).slice(1)) expect(value).toBeCloseTo(100, -1);
  });

  test('is aligned with the plain one', () => {
    const region = { x: 60, y: 64, size: 80, rotation: 0 };
    for (const mirrored of [false, true]) {
      const options = { side: 40, border: 'nearest', mirrored } as const;
      const [plain, averaged] = [false, true].map(on => cropRegion(ramp(128), region, { ...options, averaged: on }));
      expect(reds(averaged!, 40)).toEqual(reds(plain!, 40));
    }
  });

  test('of one colour has that colour', () => {
    const data = new Uint8Array(4 * 16 * 16).fill(77);
    const crop = cropRegion(
      { width: 16, height: 16, data },
      { ...whole(16), rotation: 0.5 },
      {
        side: 24,
        border: 'nearest',
        averaged: true,
      },
    );
    expect(new Set(reds(crop, 24 * 24))).toEqual(new Set([77]));
  });
});

test('the next region is mapped back to the picture, with its size and rotation there', () => {
  const next = { x: 128, y: 64, size: 128, rotation: 0.25 };
  const pose = { landmarks: [], worldLandmarks: [], next };
  const picture = { width: 640, height: 480, data: new Uint8Array(0) };
  const region = { x: 300, y: 200, size: 512, rotation: Math.PI / 2 };
  // A quarter above the centre of a square that lies on its right side is a quarter to the right.
  expect(fromCrop(pose, region, 256, picture).next).toEqual({
    x: expect.closeTo(300 + 128, 9),
    y: expect.closeTo(200, 9),
    size: 256,
    rotation: Math.PI / 2 + 0.25,
  });
  expect(fromCrop({ ...pose, next: undefined }, region, 256, picture).next).toBeUndefined();
});

test('a small region is enlarged for a search, a large one reduced', () => {
  expect([100, 400, 2000].map(searchSide)).toEqual([320, 400, 640]);
});
