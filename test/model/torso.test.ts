import { expect, test } from 'vitest';
import { LANDMARK_COUNT } from '../../src/model/blazepose.js';
import { LANDMARK_IDS, OTHER_SIDE, TORSO } from '../../src/model/body.js';
import {
  middleOfHips,
  middleOfShoulders,
  type Place,
  type PlaceOf,
  torsoCentre,
  torsoLength,
  torsoLengthBySum,
  torsoLengthInSpace,
} from '../../src/model/torso.js';
import { truePose } from '../support/true-pose.js';

const { left_shoulder, right_shoulder, left_hip, right_hip } = LANDMARK_IDS;

/** Shoulders around (130, 60), hips around (100, 100): 30 across and 40 down are 50 pixels. */
const LEANING: Readonly<Record<number, Place>> = {
  [left_shoulder]: { x: 150, y: 50 },
  [right_shoulder]: { x: 110, y: 70 },
  [left_hip]: { x: 115, y: 95 },
  [right_hip]: { x: 85, y: 105 },
};
const leaning: PlaceOf = id => LEANING[id]!;

test('a torso with known corners has the length between their midpoints', () => {
  expect(middleOfShoulders(leaning)).toEqual({ x: 130, y: 60 });
  expect(middleOfHips(leaning)).toEqual({ x: 100, y: 100 });
  expect(torsoCentre(leaning)).toEqual({ x: 115, y: 80 });
  expect(torsoLength(leaning)).toBe(50);
  expect(torsoLengthBySum(leaning)).toBe(50);
});

test("fractions of a picture, scaled by its aspect, give the pixels' length in its width or height", () => {
  const [width, height] = [640, 360];
  const fraction: PlaceOf = id => ({ x: leaning(id).x / width, y: leaning(id).y / height });
  expect(torsoLength(fraction, height / width) * width).toBeCloseTo(50, 9);
  expect(torsoLengthBySum(fraction, width / height) * height).toBeCloseTo(50, 9);
});

test('lengths and centre do not depend on which side is called left', () => {
  const swapped: PlaceOf = id => leaning(OTHER_SIDE[id]!);
  expect(torsoLength(swapped)).toBe(torsoLength(leaning));
  expect(torsoLengthBySum(swapped)).toBe(torsoLengthBySum(leaning));
  expect(torsoCentre(swapped)).toEqual(torsoCentre(leaning));
});

test.each(TORSO)('without a position for corner %i there is no length', missing => {
  const broken: PlaceOf = id => (id === missing ? { x: Number.NaN, y: Number.NaN } : leaning(id));
  expect(torsoLength(broken)).toBeNaN();
  expect(torsoLengthBySum(broken)).toBeNaN();
  expect(torsoCentre(broken).x).toBeNaN();
});

test('in space a torso keeps its length while the person walks, and a human one has 40 to 60 cm', async () => {
  const lengths: number[] = [];
  for (const frame of [0, 20, 40])
    lengths.push(torsoLengthInSpace((await truePose('walk-towards', frame)).worldLandmarks));
  expect(Math.min(...lengths)).toBeGreaterThan(0.4);
  expect(Math.max(...lengths)).toBeLessThan(0.6);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(0.02);
});

test('depth counts in space', () => {
  const flat = Array.from({ length: LANDMARK_COUNT }, (_, id) => ({ ...(LEANING[id] ?? { x: 0, y: 0 }), z: 0 }));
  expect(torsoLengthInSpace(flat)).toBe(50);
  const bent = flat.map((place, id) => ({ ...place, z: id === left_hip || id === right_hip ? 120 : 0 }));
  expect(torsoLengthInSpace(bent)).toBe(130);
});
