import { describe, expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { exchangeSides, PersonMemory } from '../../src/tracking/person-memory.js';
import { evidenceOf, poseDistance } from '../../src/tracking/plausibility.js';
import { AGREE, judgePose, scoreAlone, scoreChecked } from '../../src/tracking/score.js';
import { truePose } from '../support/true-pose.js';

const [W, H] = [640, 480];
const stranger = new PersonMemory();
const body = await truePose('wave', 0);
const judge = (pose: Pose, memory = stranger, timestamp = 0) => judgePose(pose, memory, timestamp, W, H);
/** The pose with one arm three times as long, in metres. */
const longArm: Pose = {
  ...body,
  worldLandmarks: body.worldLandmarks.map((point, id) =>
    id === 13 || id === 15 ? { x: point.x * 3, y: point.y * 3, z: point.z } : point,
  ),
};

describe('what a pose shows of itself', () => {
  test('a true body is even, in proportion, and its metres fit its pixels', () => {
    const evidence = evidenceOf(body, W, H);
    expect(evidence.asymmetry).toBeLessThan(0.05);
    expect(evidence.disproportion).toBeLessThan(0.25);
    expect(evidence.contradiction).toBeLessThan(0.1);
    expect(evidence.presence).toBe(1);
  });

  test('a long arm is uneven, out of proportion, and no longer fits', () => {
    const [good, bad] = [evidenceOf(body, W, H), evidenceOf(longArm, W, H)];
    for (const key of ['asymmetry', 'disproportion', 'contradiction'] as const) {
      expect(bad[key]).toBeGreaterThan(good[key] + 0.05);
    }
  });

  test('an engine that tells no presence is not held against the pose', () => {
    expect(evidenceOf({ ...body, presence: undefined }, W, H).presence).toBe(1);
  });

  test('distances are in torso lengths: a shift by one torso is 1', () => {
    const at = (a: number, b: number) => (body.landmarks[a].y + body.landmarks[b].y) / 2;
    const torso = at(23, 24) - at(11, 12);
    const shifted = { ...body, landmarks: body.landmarks.map(point => ({ ...point, y: point.y + torso })) };
    expect(poseDistance(body, shifted, W, H)).toBeCloseTo(1, 2);
    expect(poseDistance(body, body, W, H)).toBe(0);
  });
});

describe('the score', () => {
  test('is high for a body, low for none', () => {
    expect(scoreAlone(judge(body))).toBeGreaterThan(0.9);
    expect(scoreAlone(judge(longArm))).toBeLessThan(0.5);
  });

  test('falls when the network doubts that anybody is there', () => {
    expect(scoreAlone(judge({ ...body, presence: 0.05 }))).toBeLessThan(scoreAlone(judge(body)));
  });

  test('two networks that agree are sure, two that do not are not', () => {
    expect(scoreChecked(judge(body), 0.05)).toBeGreaterThan(0.95);
    expect(scoreChecked(judge(body), AGREE)).toBeGreaterThan(scoreChecked(judge(body), 0.5));
    expect(scoreChecked(judge(body), 0.8)).toBeLessThan(0.1);
  });

  test('falls for a pose far from where the person was, and for exchanged sides, less so by the careful network', () => {
    const memory = new PersonMemory();
    memory.remember(body, 0);
    const far = { ...body, landmarks: body.landmarks.map(point => ({ ...point, x: point.x + 0.4 })) };
    expect(scoreAlone(judge(far, memory, 0.04))).toBeLessThan(0.6);
    const swapped = judge(exchangeSides(body), memory, 0.04);
    expect(swapped.exchanged).toBe(true);
    expect(scoreAlone(swapped)).toBeLessThan(0.5);
    expect(scoreAlone(swapped, true)).toBeGreaterThan(scoreAlone(swapped));
    expect(judge(body, memory, 0.04)).toMatchObject({ exchanged: false, goesOn: true });
  });
});
