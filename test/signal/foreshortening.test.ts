import { describe, expect, test } from 'vitest';
import { LANDMARK_IDS } from '../../src/model/body.js';
import { Foreshortening } from '../../src/signal/foreshortening.js';
import type { Vector } from '../../src/signal/vector.js';

const THIGH = 0.4;

/**
 * A right leg whose thigh and shank point along the camera's axis by some length, in the picture and in a network's
 * metres.
 */
function leg(degrees: number, shareOfDepth: number): (Vector | undefined)[] {
  const points: (Vector | undefined)[] = Array.from({ length: 33 }, () => undefined);
  const radians = (degrees * Math.PI) / 180;
  const [down, depth] = [THIGH * Math.cos(radians), THIGH * Math.sin(radians) * shareOfDepth];
  points[LANDMARK_IDS.right_hip] = [0.1, 0, 0];
  points[LANDMARK_IDS.right_knee] = [0.1, -down, depth];
  points[LANDMARK_IDS.right_ankle] = [0.1, -down - 0.4, depth];
  points[LANDMARK_IDS.right_heel] = [0.1, -down - 0.45, depth - 0.05];
  return points;
}

function corrected(degrees: number, shareOfDepth: number) {
  const lengths = new Foreshortening();
  for (let i = 0; i < 50; i++) lengths.add(leg(0, 1));
  lengths.add(leg(degrees, shareOfDepth));
  return lengths.corrector()(leg(degrees, shareOfDepth));
}

const depthOf = (points: readonly (Vector | undefined)[], id: number) => points[id]?.[2] ?? Number.NaN;

describe('depth from segment lengths', () => {
  test.each([1, -1])("is what a foreshortened thigh requires, on the network's side (%i)", side => {
    const points = corrected(70, 0.5 * side);
    expect(depthOf(points, LANDMARK_IDS.right_knee)).toBeCloseTo(side * THIGH * Math.sin((70 * Math.PI) / 180), 2);
  });

  test('moves shank and foot along', () => {
    const [before, after] = [leg(70, 0.5), corrected(70, 0.5)];
    const moved = (id: number) => depthOf(after, id) - depthOf(before, id);
    expect(moved(LANDMARK_IDS.right_heel)).toBeCloseTo(moved(LANDMARK_IDS.right_knee), 9);
    expect(after[LANDMARK_IDS.right_hip]).toEqual(before[LANDMARK_IDS.right_hip]);
    expect(after[LANDMARK_IDS.left_knee]).toBeUndefined();
  });

  test('is unchanged if a segment is hardly foreshortened: that may be a measurement error', () => {
    expect(corrected(20, 0.5)).toEqual(leg(20, 0.5));
  });
});
