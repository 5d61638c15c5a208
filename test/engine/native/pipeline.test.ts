import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { modelPackageFolder } from '../../../src/engine/models/task-bundle.js';
import { convertToOnnx } from '../../../src/engine/native/convert/convert.js';
import { OPERATORS } from '../../../src/engine/native/convert/operators.js';
import { overlap, regionFromPoints, toPicture, wholePicture } from '../../../src/regions/region.js';
import { sampleRegion } from '../../../src/regions/sampling.js';

const PLAIN = { scale: 1, offset: 0 };

/** A picture whose red is the column, green the row. */
function ramp(width: number, height: number) {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width), 7, 255], i * 4);
  return { width, height, data };
}

describe('regions', () => {
  test('an upright person: centre at the hips, two and a half times the distance, no rotation', () => {
    expect(regionFromPoints(100, 200, 100, 120)).toEqual({ x: 100, y: 200, size: 200, rotation: 0 });
  });

  test('a person who lies with the head to the right is rotated by a quarter turn', () => {
    const region = regionFromPoints(100, 200, 180, 200);
    expect(region.rotation).toBeCloseTo(Math.PI / 2, 12);
    // The top of the region is at the head.
    const [x, y] = toPicture(region, 0.5, 0);
    expect(x).toBeCloseTo(200, 9);
    expect(y).toBeCloseTo(200, 9);
  });

  test('the square around the whole picture', () => {
    expect(toPicture(wholePicture(640, 480), 0, 0)).toEqual([0, -80]);
    expect(toPicture(wholePicture(640, 480), 1, 1)).toEqual([640, 560]);
  });

  test('overlap is 1 with itself, 0 side by side, and a third if half of each is shared', () => {
    const region = { x: 50, y: 50, size: 40, rotation: 0 };
    expect(overlap(region, region)).toBe(1);
    expect(overlap(region, { ...region, x: 90 })).toBe(0);
    expect(overlap(region, { ...region, x: 70 })).toBeCloseTo(1 / 3, 12);
  });
});

describe('sampling', () => {
  test('at one to one it is the picture itself', () => {
    const out = new Float32Array(3 * 16);
    sampleRegion(ramp(4, 4), { x: 2, y: 2, size: 4, rotation: 0 }, 4, 'black', PLAIN, out);
    expect([...out.subarray(0, 16)]).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    expect([...out.subarray(32)]).toEqual(new Array(16).fill(7));
  });

  test('between pixels it is their mean, rounded to 8 bits, then scaled', () => {
    const out = new Float32Array(3 * 4);
    const shifted = { x: 2.5, y: 2, size: 2, rotation: 0 };
    sampleRegion(ramp(8, 8), shifted, 2, 'black', { scale: 1 / 255, offset: -1 }, out);
    // 1.5 and 2.5 round up.
    expect([...out.subarray(0, 2)].map(value => Math.round((value + 1) * 255))).toEqual([2, 3]);
  });

  test('outside it is black, or the nearest pixel', () => {
    const region = { x: 0, y: 0, size: 4, rotation: 0 };
    const black = new Float32Array(3 * 16);
    const nearest = new Float32Array(3 * 16);
    const picture = ramp(4, 4);
    picture.data.fill(200);
    sampleRegion(picture, region, 4, 'black', PLAIN, black);
    sampleRegion(picture, region, 4, 'nearest', PLAIN, nearest);
    expect([...black.subarray(0, 8)]).toEqual(new Array(8).fill(0));
    expect([...black.subarray(8, 12)]).toEqual([0, 0, 200, 200]);
    expect([...nearest]).toEqual(new Array(48).fill(200));
  });

  test('a rotated region is sampled along its own sides', () => {
    const out = new Float32Array(3 * 16);
    // Rotated by a quarter turn clockwise: its first row runs down the picture's right side.
    sampleRegion(ramp(9, 9), { x: 4, y: 4, size: 4, rotation: Math.PI / 2 }, 4, 'black', PLAIN, out);
    expect([...out.subarray(0, 4)]).toEqual([6, 6, 6, 6]);
    expect([...out.subarray(16, 20)]).toEqual([2, 3, 4, 5]);
  });
});

describe('the converter', () => {
  test('names an unknown operator in its error', async () => {
    const file = await readFile(join(modelPackageFolder(), 'pose_landmark_lite.tflite'));
    const logistic = OPERATORS[14];
    delete (OPERATORS as Record<number, unknown>)[14];
    try {
      expect(() => convertToOnnx(file, [0])).toThrow('TFLite operator 14 is not known here');
    } finally {
      (OPERATORS as Record<number, unknown>)[14] = logistic;
    }
  });

  test('rejects an output that the network does not have', async () => {
    const file = await readFile(join(modelPackageFolder(), 'pose_landmark_lite.tflite'));
    expect(() => convertToOnnx(file, [9])).toThrow('no output 9');
  });
});
