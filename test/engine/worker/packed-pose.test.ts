import { expect, test } from 'vitest';
import { packPose, unpackPose } from '../../../src/engine/worker/packed-pose.js';
import type { Pose } from '../../../src/model/pose.js';

const landmarks = Array.from({ length: 33 }, (_, id) => ({
  x: Math.sin(id),
  y: -0,
  z: id / 3,
  visibility: id === 3 ? Number.NaN : 1 / (id + 1),
}));
const worldLandmarks = landmarks.map(({ x, z }) => ({ x: z, y: x, z: Number.MIN_VALUE }));
const FULL: Pose = {
  landmarks,
  worldLandmarks,
  presence: 0.9,
  signals: Float32Array.from({ length: 132 }, (_, i) => i),
  next: { x: 1, y: 2, size: 3, rotation: 4 },
};

test.each([
  ['all that an engine may tell', FULL],
  ['landmarks alone', { landmarks, worldLandmarks }],
  ['no metres', { landmarks, worldLandmarks: [] }],
] as const)('a pose of %s is the same after a way between threads, in each number and key', (_, pose) => {
  const arrived = unpackPose(structuredClone(packPose(pose)));
  expect(arrived).toStrictEqual(pose);
  expect(Object.is(arrived.landmarks[0]?.y, -0)).toBe(true);
  expect(Object.keys(arrived)).toEqual(Object.keys(pose));
});
