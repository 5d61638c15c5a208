import { describe, expect, test } from 'vitest';
import { decodePose, type LandmarkTensors } from '../../../src/engine/native/pipeline/landmarks.js';
import { type Signal, signalOf } from '../../../src/model/pose.js';

const CELLS = 64;
const POINTS = 39;
const WRIST = 15;
/** The square is the picture's centre, half as large as the network's input. */
const region = { x: 100, y: 80, size: 128, rotation: 0 };

/** The network's output: all points in one place, heatmaps dark except for some cells. */
function tensors(
  x: number,
  y: number,
  cells: readonly (readonly [column: number, row: number, logit: number])[] = [],
): LandmarkTensors {
  const points = Float32Array.from({ length: POINTS * 5 }, (_, i) => [x, y, 0, 3, 2][i % 5]!);
  // The middle of the hips, and a point above the head.
  points.set([128, 160, 0, 0, 0], 33 * 5);
  points.set([128, 96, 0, 0, 0], 34 * 5);
  const heatmap = new Float32Array(POINTS * CELLS * CELLS).fill(-20);
  for (const [column, row, logit] of cells) heatmap[(WRIST * CELLS + row) * CELLS + column] = logit;
  return { points, presence: 0.9, heatmap, world: new Float32Array(POINTS * 3) };
}

const wrist = (from: LandmarkTensors, signal: Signal) => signalOf(decodePose(from, region, 200, 160), WRIST, signal)!;

describe("the landmark network's signals", () => {
  test('presence is a probability', () => {
    expect(wrist(tensors(128, 128), 'presence')).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });

  test('the peak is the highest cell near the position, not one far away', () => {
    const near = tensors(130, 130, [
      [33, 32, 0],
      [5, 5, 4],
    ]);
    expect(wrist(near, 'peak')).toBeCloseTo(0.5, 6);
    expect(wrist(tensors(130, 130), 'peak')).toBeLessThan(1e-6);
  });

  test('the offset is the distance of the highest cell from the position, in sides of the square', () => {
    // The position is the centre of cell 32, 32; the peak is eight cells to the right and six down.
    const from = tensors(130, 130, [[40, 38, 4]]);
    expect(wrist(from, 'offset')).toBeCloseTo(10 / 64, 6);
    expect(wrist(tensors(130, 130, [[32, 32, 4]]), 'offset')).toBeCloseTo(0, 6);
  });

  test('the spread is small if one cell is bright, and larger if two are', () => {
    const one = wrist(tensors(130, 130, [[32, 32, 8]]), 'spread');
    const two = wrist(
      tensors(130, 130, [
        [30, 32, 8],
        [34, 32, 8],
      ]),
      'spread',
    );
    expect(one).toBeLessThan(0.002);
    expect(two).toBeCloseTo(2 / 64, 3);
  });

  test('a position outside the square has no heatmap', () => {
    const from = tensors(300, 128, [[63, 32, 4]]);
    expect(wrist(from, 'peak')).toBe(0);
    expect(wrist(from, 'spread')).toBe(0);
    expect(wrist(from, 'offset')).toBeGreaterThan(0.1);
  });
});

test('the next region comes from the points at the hips and above the head', () => {
  const { next, presence } = decodePose(tensors(128, 128), region, 200, 160);
  // 64 pixels of the input are 32 of the picture; the square is two and a half times as large.
  expect(next).toEqual({ x: 100, y: 96, size: 80, rotation: 0 });
  expect(presence).toBe(0.9);
});
