import { describe, expect, test } from 'vitest';
import { Legend } from '../../src/draw/legend.js';
import { loadCanvas } from '../../src/draw/load-canvas.js';
import { drawSkeleton } from '../../src/draw/skeleton.js';
import { strokeLine } from '../../src/draw/stroke.js';
import { toRgba, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';

/** A picture of one grey. */
const blank = (width = 200, height = 200): YuvImage => ({
  width,
  height,
  matrix: 'bt709',
  data: new Uint8Array(yuvBytes(width, height)).fill(102, 0, width * height).fill(128, width * height),
});
const at = (image: YuvImage, x: number, y: number) => {
  const { data } = toRgba(image);
  return [...data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 3)];
};
/** Pixels whose brightness is no longer the grey's. */
const changed = ({ data, width, height }: YuvImage) =>
  data.subarray(0, width * height).filter(value => value !== 102).length;
const white = ({ data, width, height }: YuvImage) =>
  data.subarray(0, width * height).filter(value => value === 235).length;

/** Only the named landmarks are visible. */
function poseWith(
  points: Readonly<Record<number, readonly [number, number]>>,
  visibility = 1,
  confidence?: number,
): Pose {
  const landmarks = Array.from({ length: 33 }, (_, id) => {
    const point = points[id];
    return {
      x: point?.[0] ?? 0,
      y: point?.[1] ?? 0,
      z: 0,
      visibility: point ? visibility : 0,
      confidence: point && confidence,
    };
  });
  return { landmarks, worldLandmarks: [] };
}

describe('the skeleton', () => {
  test("the person's left arm is warm, the right one cool", () => {
    const image = blank();
    drawSkeleton(image, poseWith({ 11: [0.7, 0.2], 13: [0.7, 0.8], 12: [0.3, 0.2], 14: [0.3, 0.8] }), {
      minVisibility: 0.5,
    });
    const [leftRed = 0, , leftBlue = 0] = at(image, 139, 100);
    const [rightRed = 0, , rightBlue = 0] = at(image, 59, 100);
    expect(leftRed).toBeGreaterThan(leftBlue + 100);
    expect(rightBlue).toBeGreaterThan(rightRed + 100);
  });

  test('joints below the requested visibility are not drawn, nor lines to them', () => {
    const image = blank();
    drawSkeleton(image, poseWith({ 11: [0.7, 0.2], 13: [0.7, 0.8] }, 0.49), { minVisibility: 0.5 });
    expect(changed(image)).toBe(0);
    drawSkeleton(image, poseWith({ 11: [0.7, 0.2] }), { minVisibility: 0.5 });
    expect(changed(image)).toBeLessThan(300); // Only the joint.
  });

  test('less visible limbs are fainter', () => {
    const [strong, faint] = [blank(), blank()];
    drawSkeleton(strong, poseWith({ 25: [0.5, 0.2], 27: [0.5, 0.8] }, 1), { minVisibility: 0.5 });
    drawSkeleton(faint, poseWith({ 25: [0.5, 0.2], 27: [0.5, 0.8] }, 0.6), { minVisibility: 0.5 });
    expect(at(strong, 99, 100)[0]).toBeGreaterThan((at(faint, 99, 100)[0] ?? 0) + 20);
  });

  test('a joint is as faint as its confidence is low, whatever its visibility; below 0.5 it looks like a guess', () => {
    const thigh = { 25: [0.5, 0.2], 27: [0.5, 0.8] } as const;
    const brightness = (visibility: number, confidence?: number) => {
      const image = blank();
      drawSkeleton(image, poseWith(thigh, visibility, confidence), { minVisibility: 0.5 });
      return at(image, 99, 100)[0] ?? 0;
    };
    expect(brightness(0.2, 0.9)).toBe(brightness(0.9));
    expect(brightness(1, 0.6)).toBe(brightness(0.6));
    const [sure, doubtful, guessed] = [0.9, 0.51, 0.49].map(confidence => brightness(1, confidence) - 100) as [
      number,
      number,
      number,
    ];
    expect([sure > doubtful, doubtful > 1.8 * guessed, guessed > 10]).toEqual([true, true, true]);
    expect(brightness(1, 0.05)).toBe(brightness(1, 0.49)); // Faint, but still visible.
  });

  test('joints that are neither visible nor confident are not drawn, nor those below the requested confidence', () => {
    const drawn = (visibility: number, confidence: number | undefined, minConfidence?: number) => {
      const image = blank();
      const joints = { minVisibility: 0.5, ...(minConfidence !== undefined && { minConfidence }) };
      drawSkeleton(image, poseWith({ 25: [0.5, 0.2] }, visibility, confidence), joints);
      return changed(image) > 0;
    };
    expect([drawn(0.2, 0.2), drawn(0.2, 0.6), drawn(0.6, 0.2)]).toEqual([false, true, true]);
    expect([drawn(1, 0.7, 0.8), drawn(1, 0.9, 0.8), drawn(0.7, undefined, 0.8)]).toEqual([false, true, false]);
  });

  test('positions outside the picture are clipped, extreme ones skipped', () => {
    const image = blank();
    drawSkeleton(image, poseWith({ 11: [-0.5, 0.5], 13: [0.5, 0.5], 12: [1e9, 1e9], 14: [Number.NaN, 0.5] }), {
      minVisibility: 0.5,
    });
    expect(at(image, 50, 99)).not.toEqual([100, 100, 100]);
  });
});

describe('a stroke', () => {
  test('covers exactly its width, along any direction', () => {
    for (const [dx, dy] of [
      [100, 0],
      [0, 100],
      [70, 70],
      [100, 30],
    ] as const) {
      const image = blank();
      strokeLine(image, { x: 50, y: 50 }, { x: 50 + dx, y: 50 + dy }, 3, [255, 255, 255], 1);
      const full = white(image);
      const length = Math.hypot(dx, dy);
      // A line of 6 px with round ends, half a pixel of soft edge on each side left out.
      expect(full).toBeGreaterThan(length * 4.5);
      expect(full).toBeLessThan(length * 6.5 + 40);
    }
  });
});

describe('the legend', () => {
  test('writes into the corner, and stays in the picture when it is longer', () => {
    const image = blank(160, 120);
    new Legend(160, 120, 1, loadCanvas('--labels')).draw(image, ['frame 12  0.400 s', 'x'.repeat(200)]);
    expect(image.data.subarray(0, 160 * 120).filter(value => value > 188).length).toBeGreaterThan(50);
    expect(at(image, 100, 110)).toEqual([100, 100, 100]);
  });
});
