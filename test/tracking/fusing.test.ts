import { expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { fusePoses } from '../../src/tracking/fusing.js';
import { trunkSize } from '../../src/tracking/seen.js';
import { moved, truePose } from '../support/true-pose.js';

const body = await truePose('wave', 0);
const { width, height } = body;
const WRIST = 15;

const trusted = (pose: Pose, confidence = 0.8) => ({ pose, confidences: new Array<number>(33).fill(confidence) });
const fused = (...found: Parameters<typeof fusePoses>[0]) => fusePoses(found, width, height);

/** The same pose in metres and in the picture, with its left wrist lower by some trunk lengths. */
function withWristLower(pose: Pose, trunks: number): Pose {
  const lower = (trunks * trunkSize(pose, width, height)) / height;
  return {
    ...pose,
    landmarks: pose.landmarks.map((mark, id) => (id === WRIST ? { ...mark, y: mark.y + lower } : mark)),
    worldLandmarks: pose.worldLandmarks.map((place, id) => (id === WRIST ? { ...place, y: place.y + trunks } : place)),
  };
}

test('one attempt is unchanged, and none gives an error', () => {
  expect(fused(trusted(body))).toBe(body);
  expect(() => fused()).toThrow('no poses to fuse');
});

test('two attempts of equal confidence give their midpoint, in depth and visibility as well', () => {
  const other = {
    ...moved(body, 0.02, 0.01),
    landmarks: moved(body, 0.02, 0.01).landmarks.map(mark => ({ ...mark, z: 0.1, visibility: 0.5 })),
  };
  const [mark] = fused(trusted(body), trusted(other)).landmarks;
  expect(mark!.x).toBeCloseTo(body.landmarks[0]!.x + 0.01, 12);
  expect(mark!.y).toBeCloseTo(body.landmarks[0]!.y + 0.005, 12);
  expect([mark!.z, mark!.visibility]).toEqual([expect.closeTo(0.05, 12), expect.closeTo(0.74, 12)]);
});

test('the squared confidence is the weight: twice the confidence counts four times', () => {
  const { landmarks } = fused(trusted(body, 0.8), trusted(moved(body, 0.05), 0.4));
  expect(landmarks[WRIST]!.x).toBeCloseTo(body.landmarks[WRIST]!.x + 0.01, 12);
});

test('metres are weighted in the same way', () => {
  const shifted = { ...body, worldLandmarks: body.worldLandmarks.map(({ x, y, z }) => ({ x: x + 0.5, y, z: z - 1 })) };
  const [place] = fused(trusted(body, 0.8), trusted(shifted, 0.4)).worldLandmarks;
  const [own] = body.worldLandmarks;
  expect(place).toEqual({
    x: expect.closeTo(own!.x + 0.1, 12),
    y: expect.closeTo(own!.y, 12),
    z: expect.closeTo(own!.z - 0.2, 12),
  });
});

test('without any confidence there is still a mean', () => {
  const { landmarks } = fused(trusted(body, 0), trusted(moved(body, 0.02), 0));
  expect(landmarks[0]!.x).toBeCloseTo(body.landmarks[0]!.x + 0.01, 12);
});

test('of three attempts an outlying wrist is dropped, in the picture and in metres, and the rest of that attempt counts', () => {
  const odd = withWristLower(moved(body, 0.003), 0.5);
  const { landmarks, worldLandmarks } = fused(trusted(odd, 0.99), trusted(body, 0.5), trusted(body, 0.5));
  expect(landmarks[WRIST]!.y).toBeCloseTo(body.landmarks[WRIST]!.y, 12);
  expect(worldLandmarks[WRIST]!.y).toBeCloseTo(body.worldLandmarks[WRIST]!.y, 12);
  expect(landmarks[0]!.x).toBeGreaterThan(body.landmarks[0]!.x + 0.001);
});

test('a small deviation is not an outlier: it counts by its confidence', () => {
  const near = withWristLower(body, 0.2);
  const { landmarks } = fused(trusted(near), trusted(body), trusted(body));
  const lower = near.landmarks[WRIST]!.y - body.landmarks[WRIST]!.y;
  expect(landmarks[WRIST]!.y).toBeCloseTo(body.landmarks[WRIST]!.y + lower / 3, 12);
});

test('of two attempts that differ, neither is an outlier', () => {
  const other = withWristLower(body, 2);
  const { landmarks } = fused(trusted(body), trusted(other));
  const middle = (body.landmarks[WRIST]!.y + other.landmarks[WRIST]!.y) / 2;
  expect(landmarks[WRIST]!.y).toBeCloseTo(middle, 12);
});

test('if four attempts give four results, all of them count', () => {
  const found = [-3, -1, 1, 3].map(trunks => trusted(withWristLower(body, trunks)));
  expect(fused(...found).landmarks[WRIST]!.y).toBeCloseTo(body.landmarks[WRIST]!.y, 12);
});

test('values other than positions come from the first attempt', () => {
  const next = { x: 1, y: 2, size: 3, rotation: 0 };
  const first = { ...body, presence: 0.7, next, signals: new Float32Array(132) };
  const { presence, next: where, signals } = fused(trusted(first), trusted({ ...body, presence: 0.2 }));
  expect({ presence, where }).toEqual({ presence: 0.7, where: next });
  expect(signals).toBe(first.signals);
});
