import { describe, expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { PersonMemory, swapPose } from '../../src/tracking/person-memory.js';
import { standingPose } from '../support/fake-engine.js';

const [W, H] = [640, 480];
const moved = (pose: Pose, dx: number): Pose => ({
  ...pose,
  landmarks: pose.landmarks.map(landmark => ({ ...landmark, x: landmark.x + dx })),
});

describe("a person's motion", () => {
  test('continues, a little slower, and stops after a long time out of sight', () => {
    const memory = new PersonMemory();
    expect(memory.expected(0)).toBeUndefined();
    memory.remember(standingPose(), 0);
    memory.remember(moved(standingPose(), 0.1), 0.04);
    const x = standingPose().landmarks[0]!.x;
    expect(memory.expected(0.08)?.landmarks[0]?.x).toBeCloseTo(x + 0.16, 6);
    expect(memory.expected(1)?.landmarks[0]?.x).toBeCloseTo(x + 0.1, 6);
    expect(memory.absence(1)).toBeCloseTo(0.96, 6);
  });

  test("a pose at the person's position is no surprise, one far away is, and less so after a while", () => {
    const memory = new PersonMemory();
    expect(memory.surprise(standingPose(), 0, W, H)).toBe(0);
    memory.remember(standingPose(), 0);
    expect(memory.surprise(standingPose(), 0.04, W, H)).toBe(0);
    const far = moved(standingPose(), 0.4);
    expect(memory.surprise(far, 0.04, W, H)).toBeGreaterThan(1);
    expect(memory.surprise(far, 1, W, H)).toBeLessThan(memory.surprise(far, 0.04, W, H));
  });

  test('swaps of left and right are detected, a person who turns around slowly is not suspected', () => {
    const memory = new PersonMemory();
    memory.remember(standingPose(), 0);
    expect(memory.isSwapped(swapPose(standingPose()), 0.04, W, H)).toBe(true);
    expect(memory.isSwapped(standingPose(), 0.04, W, H)).toBe(false);
    expect(memory.isSwapped(moved(standingPose(), 0.02), 0.04, W, H)).toBe(false);
  });

  test('two frames with the same time do not give an infinite speed', () => {
    const memory = new PersonMemory();
    memory.remember(standingPose(), 1);
    memory.remember(moved(standingPose(), 0.1), 1);
    expect(memory.expected(1.04)?.landmarks[0]?.x).toBeCloseTo(standingPose().landmarks[0]!.x + 0.1, 6);
  });
});
