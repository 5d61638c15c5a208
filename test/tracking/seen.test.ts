import { describe, expect, test } from 'vitest';
import { LIMB_JOINTS } from '../../src/model/body.js';
import type { Pose } from '../../src/model/pose.js';
import {
  isInPicture,
  landmarkDistances,
  poseDistance,
  seenShare,
  seenWeight,
  shareApart,
  trunkSize,
} from '../../src/tracking/seen.js';
import { cropped, moved, truePose } from '../support/true-pose.js';

const body = await truePose('wave', 0);
const { width, height } = body;
const WRIST = 15;
const KNEE = 25;

/** The same pose with one landmark changed. */
const altered = <P extends Pose>(pose: P, id: number, change: object): P => ({
  ...pose,
  landmarks: pose.landmarks.map((landmark, i) => (i === id ? { ...landmark, ...change } : landmark)),
});

describe('visibility', () => {
  test("includes the picture's edges, but nothing beyond", () => {
    expect([0, 1].map(x => isInPicture({ x, y: 0.5 }))).toEqual([true, true]);
    expect([-0.001, 1.001].map(x => isInPicture({ x, y: 0.5 }))).toEqual([false, false]);
    expect([-0.001, 1.001].map(y => isInPicture({ x: 0.5, y }))).toEqual([false, false]);
  });

  test('a landmark beyond the edge weighs nothing, however certain the network is; one hidden in the picture, a little', () => {
    expect(seenWeight({ x: 0.5, y: 1.01, z: 0, visibility: 1 })).toBe(0);
    expect(seenWeight({ x: 0.5, y: 0.5, z: 0, visibility: 0.7 })).toBe(0.7);
    expect(seenWeight({ x: 0.5, y: 0.5, z: 0, visibility: 0 })).toBeGreaterThan(0);
  });

  test('the share is 1 for a whole body, six joints of twelve for legs alone, and 0 beyond the edge', () => {
    expect(seenShare(body)).toBe(1);
    const hips = Math.min(body.landmarks[23]!.y, body.landmarks[24]!.y) - 0.001;
    const below = LIMB_JOINTS.filter(id => body.landmarks[id]!.y >= hips).length;
    expect(seenShare(cropped(body, { top: hips }))).toBeCloseTo(below / 12, 12);
    expect(seenShare(moved(body, 2))).toBe(0);
  });

  test('a trunk seen along the spine is as long as its shoulders are wide', () => {
    const shoulders = Math.hypot(
      (body.landmarks[11]!.x - body.landmarks[12]!.x) * width,
      (body.landmarks[11]!.y - body.landmarks[12]!.y) * height,
    );
    const bent = altered(altered(body, 23, body.landmarks[11]!), 24, body.landmarks[12]!);
    expect(trunkSize(bent, width, height)).toBeCloseTo(shoulders, 9);
    expect(trunkSize(body, width, height)).toBeGreaterThan(shoulders);
  });
});

describe('the distance of two poses', () => {
  test('is 0 from a pose to itself, and for a moved one its shift in trunk lengths', () => {
    expect(poseDistance(body, body, width, height)).toBe(0);
    const trunk = trunkSize(body, width, height);
    const aside = moved(body, 0, (0.3 * trunk) / height);
    expect(poseDistance(body, aside, width, height)).toBeCloseTo(0.3, 9);
    expect([...landmarkDistances(body, aside, width, height)]).toEqual(new Array(33).fill(expect.closeTo(0.3, 9)));
  });

  test('is the same in both directions, and grows with one wrong wrist', () => {
    const near = altered(body, WRIST, { y: body.landmarks[WRIST]!.y - 0.05 });
    const far = altered(body, WRIST, { y: body.landmarks[WRIST]!.y - 0.1 });
    expect(poseDistance(near, far, width, height)).toBe(poseDistance(far, near, width, height));
    expect(poseDistance(body, far, width, height)).toBeGreaterThan(poseDistance(body, near, width, height));
  });

  test('ignores guesses beyond the edge, however far apart they are', () => {
    const upper = cropped(body, { bottom: body.landmarks[KNEE]!.y - 0.01 });
    const other = altered(upper, KNEE, { x: -3, y: 4 });
    expect(poseDistance(upper, other, upper.width, upper.height)).toBe(0);
    expect(shareApart(upper, other, upper.width, upper.height, 0.2)).toBe(0);
  });

  test('counts a joint that one of them sees and the other has beyond the edge', () => {
    const upper = cropped(body, { bottom: body.landmarks[KNEE]!.y - 0.01 });
    const other = altered(upper, KNEE, { y: 0.5 });
    expect(poseDistance(upper, other, upper.width, upper.height)).toBeGreaterThan(0);
    expect(shareApart(upper, other, upper.width, upper.height, 0.2)).toBeGreaterThan(0);
  });

  test('counts a hidden joint less than a visible one', () => {
    const wrong = (visibility: number) => {
      const pose = altered(body, WRIST, { visibility });
      return poseDistance(pose, altered(pose, WRIST, { y: body.landmarks[WRIST]!.y - 0.2 }), width, height);
    };
    expect(wrong(0.1)).toBeLessThan(wrong(0.9) / 3);
  });

  test('of two invisible poses is infinite, and all of them are apart', () => {
    const away = moved(body, 2);
    expect(poseDistance(away, away, width, height)).toBe(Number.POSITIVE_INFINITY);
    expect(shareApart(away, away, width, height, 0.2)).toBe(1);
  });

  test('the share apart is that of the weights beyond the limit', () => {
    const other = altered(body, WRIST, { y: body.landmarks[WRIST]!.y - 0.3 });
    // Fifteen landmarks are compared: twelve joints, nose and ears.
    expect(shareApart(body, other, width, height, 0.2)).toBeCloseTo(1 / 15, 6);
    expect(shareApart(body, other, width, height, 100)).toBe(0);
  });
});
