import { expect, test } from 'vitest';
import { planeLayout, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import { appearanceDistance, appearanceOf } from '../../src/tracking/appearance.js';

/** A picture whose upper half has one colour and its lower half another. */
function twoHalves(upper: readonly [number, number, number], lower: readonly [number, number, number]): YuvImage {
  const [width, height] = [40, 80];
  const { cb, cr, chromaWidth, chromaHeight } = planeLayout(width, height);
  const data = new Uint8Array(yuvBytes(width, height));
  const half = (at: number, size: number, channel: 0 | 1 | 2) => {
    data.fill(upper[channel], at, at + size / 2);
    data.fill(lower[channel], at + size / 2, at + size);
  };
  half(0, width * height, 0);
  half(cb, chromaWidth * chromaHeight, 1);
  half(cr, chromaWidth * chromaHeight, 2);
  return { width, height, data, matrix: 'bt601' };
}

/** Shoulders above, hips in the middle, knees below. */
function standing(left = 0.2, right = 0.8): Pose {
  const places: Record<number, readonly [number, number]> = {
    11: [right, 0.1],
    12: [left, 0.1],
    23: [right, 0.5],
    24: [left, 0.5],
    25: [right, 0.9],
    26: [left, 0.9],
  };
  const landmarks = Array.from({ length: 33 }, (_, id) => {
    const [x, y] = places[id] ?? [0.5, 0.5];
    return { x, y, z: 0, visibility: 1 };
  });
  return { landmarks, worldLandmarks: [] };
}

test('an appearance is the mean colour of the trunk and of the thighs', () => {
  expect(appearanceOf(twoHalves([200, 90, 160], [50, 128, 128]), standing())).toEqual([200, 90, 160, 50, 128, 128]);
});

test('is undefined for a person who is mostly outside the picture', () => {
  expect(appearanceOf(twoHalves([200, 90, 160], [50, 128, 128]), standing(0.9, 2))).toBeUndefined();
});

test('other colours differ more than other light', () => {
  const appearance = [100, 128, 128, 100, 128, 128];
  expect(appearanceDistance(appearance, appearance)).toBe(0);
  const lighter = appearance.map((value, i) => (i % 3 === 0 ? value + 30 : value));
  const redder = appearance.map((value, i) => (i % 3 === 2 ? value + 30 : value));
  expect(appearanceDistance(appearance, lighter)).toBe(15);
  expect(appearanceDistance(appearance, redder)).toBe(30);
});
