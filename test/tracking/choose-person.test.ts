import { describe, expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { choosePerson } from '../../src/tracking/choose-person.js';
import { standingPose } from '../support/fake-engine.js';

/** A person around a point, enlarged by a factor. */
const at = (x: number, y: number, size = 1): Pose => {
  const pose = standingPose(0, 0);
  return {
    ...pose,
    landmarks: pose.landmarks.map(point => ({ ...point, x: x + point.x * size, y: y + point.y * size })),
  };
};

describe('the choice of a person', () => {
  const people = [at(0.2, 0.5, 0.3), at(0.9, 0.5, 1), at(0.55, 0.5, 0.4)];
  test.each([
    ['first', 0],
    ['largest', 1],
    ['center', 2],
    [{ x: 130, y: 240 }, 0],
    [{ x: 600, y: 200 }, 1],
  ] as const)('%j', (choice, index) => {
    expect(choosePerson(people, choice, 640, 480)).toBe(people[index]);
  });

  test('is undefined without people', () => {
    expect(choosePerson([], 'largest', 640, 480)).toBeUndefined();
  });
});
