import { expect, test } from 'vitest';
import { PoseSmoother } from '../../src/signal/pose-smoother.js';
import { moved, truePose } from '../support/true-pose.js';

const body = await truePose('wave', 0);
const { width, height } = body;
const SIZE = 300;

/** Smooths a body that moves along x, and returns how far it seems to have moved. */
function smoothed(places: readonly number[], smoother = new PoseSmoother(), from = 0): number[] {
  return places.map((x, i) => {
    const pose = smoother.smooth(moved(body, x), SIZE, (from + i + 1) * 33_333, width, height);
    return pose.landmarks[0]!.x - body.landmarks[0]!.x;
  });
}

test('the first pose is unchanged', () => {
  expect(new PoseSmoother().smooth(body, SIZE, 1, width, height)).toEqual({
    ...body,
    landmarks: body.landmarks.map(mark => ({
      ...mark,
      x: expect.closeTo(mark.x, 12),
      y: expect.closeTo(mark.y, 12),
    })),
  });
});

test('shaking by a fraction of a pixel is removed, a quick motion is followed', () => {
  const shaking = smoothed(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 2e-4 : -2e-4))).slice(30);
  expect(Math.max(...shaking) - Math.min(...shaking)).toBeLessThan(2e-4);
  const quick = smoothed(Array.from({ length: 30 }, (_, i) => i / 100));
  expect(quick[29]).toBeGreaterThan(0.29 - 0.01);
});

test('visibility follows slowly: a tenth of each change', () => {
  const smoother = new PoseSmoother();
  smoother.smooth(body, SIZE, 1, width, height);
  const hidden = { ...body, landmarks: body.landmarks.map(mark => ({ ...mark, visibility: 0 })) };
  const { landmarks } = smoother.smooth(hidden, SIZE, 33_000, width, height);
  expect(landmarks[0]!.visibility).toBeCloseTo(0.9 * body.landmarks[0]!.visibility, 12);
});

test('after a reset the next pose is unchanged', () => {
  const smoother = new PoseSmoother();
  smoothed([0, 0, 0], smoother);
  smoother.reset();
  expect(smoothed([0.2], smoother, 3)[0]).toBeCloseTo(0.2, 12);
});

test('a saved state continues like the smoother, which does not change it', () => {
  const [smoother, copy] = [new PoseSmoother(), new PoseSmoother()];
  smoothed([0, 0.01, 0.005], smoother);
  const saved = smoother.save();
  const before = structuredClone(saved);
  const expected = smoothed([0.02, 0, 0.03], smoother, 3);
  expect(saved).toEqual(before);
  copy.restore(saved);
  expect(smoothed([0.02, 0, 0.03], copy, 3)).toEqual(expected);
});
