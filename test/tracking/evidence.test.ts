import { describe, expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import {
  type Circumstances,
  evidenceOf,
  LANDMARK_EVIDENCE,
  type LandmarkEvidence,
  logit,
} from '../../src/tracking/evidence.js';
import { absurdBeyond, cropped, moved, type PlacedPose, truePose, withSignals } from '../support/true-pose.js';

const body = await truePose('wave', 0);
const WRIST = 15;
const ANKLE = 27;

/** One value of the evidence for and against a landmark. */
function evidence(
  pose: Pose,
  id: number,
  name: LandmarkEvidence,
  { width, height }: PlacedPose = body,
  known: Partial<Circumstances> = {},
): number {
  const circumstances: Circumstances = {
    width,
    height,
    refined: false,
    others: [],
    expected: undefined,
    absence: Number.POSITIVE_INFINITY,
    ...known,
  };
  return evidenceOf(pose, circumstances)[id * LANDMARK_EVIDENCE.length + LANDMARK_EVIDENCE.indexOf(name)]!;
}

/** The arm's bones in metres, lengthened by a factor. */
function stretchedArm(pose: PlacedPose, factor: number): PlacedPose {
  const shoulder = pose.worldLandmarks[11]!;
  const stretch = (from: number, to: number) => from + factor * (to - from);
  const worldLandmarks = pose.worldLandmarks.map((place, id) =>
    id === 13 || id === 15
      ? { x: stretch(shoulder.x, place.x), y: stretch(shoulder.y, place.y), z: stretch(shoulder.z, place.z) }
      : place,
  );
  return { ...pose, worldLandmarks };
}

describe('evidence for and against a landmark', () => {
  test('all numbers are finite, even for a person who is entirely invisible, with signals and without', () => {
    const dot = { ...body, landmarks: body.landmarks.map(mark => ({ ...mark, x: 0.5, y: 0.5 })) };
    const nowhere = { ...body, worldLandmarks: body.worldLandmarks.map(() => ({ x: 0, y: 0, z: 0 })) };
    for (const pose of [body, withSignals(body), moved(body, 3), dot, nowhere, { ...body, presence: 0 }]) {
      const { width, height } = body;
      for (const known of [
        { others: [], expected: undefined, absence: Number.POSITIVE_INFINITY },
        { others: [body, dot], expected: body, absence: 0 },
      ]) {
        const numbers = evidenceOf(pose, { width, height, refined: true, ...known });
        expect(numbers).toHaveLength(33 * LANDMARK_EVIDENCE.length);
        expect(numbers.every(Number.isFinite)).toBe(true);
      }
    }
  });

  test("the network's own numbers become logits, and those that an engine does not report are neutral", () => {
    const reported = withSignals(body, { presence: 0.9, peak: 0.2 });
    expect(evidence(reported, WRIST, 'presence')).toBeCloseTo(Math.log(0.9 / 0.1), 5);
    expect(evidence(reported, WRIST, 'peak')).toBeCloseTo(Math.log(0.2 / 0.8), 5);
    expect(evidence(body, WRIST, 'peak')).toBe(0);
    expect(Number.isFinite(logit(0)) && Number.isFinite(logit(1))).toBe(true);
  });

  test('a landmark beyond the edge is marked as such, with its distance', () => {
    const upper = cropped(body, { bottom: body.landmarks[ANKLE]!.y - 0.05 });
    const further = cropped(body, { bottom: body.landmarks[ANKLE]!.y - 0.1 });
    expect(evidence(upper, WRIST, 'outside', upper)).toBe(0);
    expect(evidence(upper, WRIST, 'beyond', upper)).toBe(0);
    expect(evidence(upper, ANKLE, 'outside', upper)).toBe(1);
    expect(evidence(further, ANKLE, 'beyond', further)).toBeGreaterThan(evidence(upper, ANKLE, 'beyond', upper));
  });

  test('of several other attempts the nearest one counts; without any the evidence says so', () => {
    const [near, far] = [moved(body, 0.01), moved(body, 0.1)];
    const of = (...others: Pose[]) => evidence(body, WRIST, 'distance', body, { others });
    expect(of(far, near)).toBe(of(near));
    expect(of(far)).toBeGreaterThan(of(near));
    expect(evidence(body, WRIST, 'unchecked')).toBe(1);
    expect(evidence(body, WRIST, 'unchecked', body, { others: [far] })).toBe(0);
  });

  test('a jump counts against a person whose motion is known; for a stranger it is unknown', () => {
    const jumped = { expected: moved(body, 0.1), absence: 1 / 30 };
    expect(evidence(body, WRIST, 'surprise', body, jumped)).toBeGreaterThan(0.3);
    expect(evidence(body, WRIST, 'unknown', body, jumped)).toBe(0);
    expect(evidence(body, WRIST, 'surprise')).toBe(0);
    expect(evidence(body, WRIST, 'unknown')).toBe(1);
    // The same distance is less of a jump after a longer time.
    const later = { ...jumped, absence: 1 };
    expect(evidence(body, WRIST, 'speed', body, later)).toBeLessThan(evidence(body, WRIST, 'speed', body, jumped));
  });
});

describe('evidence for and against a body', () => {
  test('a true one has no evidence against it: metres fit the picture, left fits right, limbs have human lengths', () => {
    expect(evidence(body, 0, 'reprojectionError')).toBeLessThan(0.3);
    expect(evidence(body, 0, 'asymmetry')).toBeLessThan(0.1);
    expect(evidence(body, 0, 'disproportion')).toBeLessThan(0.25);
  });

  test('metres upside down have a large reprojection error', () => {
    const turned = { ...body, worldLandmarks: body.worldLandmarks.map(({ x, y, z }) => ({ x: -x, y: -y, z })) };
    expect(evidence(turned, 0, 'reprojectionError')).toBe(1);
  });

  test('an arm twice as long as the other is asymmetric and out of proportion', () => {
    const long = stretchedArm(body, 2);
    expect(evidence(long, 0, 'asymmetry')).toBeGreaterThan(evidence(body, 0, 'asymmetry') + 0.1);
    expect(evidence(long, 0, 'disproportion')).toBeGreaterThan(evidence(body, 0, 'disproportion') + 0.05);
  });

  test('the same arm beyond the edge, where it is invisible, is neither', () => {
    const right = cropped(body, { right: (body.landmarks[11]!.x + body.landmarks[12]!.x) / 2 });
    const long = stretchedArm(right, 2);
    for (const name of ['asymmetry', 'disproportion', 'reprojectionError'] as const) {
      expect(evidence(long, 0, name, right)).toBe(evidence(right, 0, name, right));
    }
  });

  test('guesses beyond the edge do not count against proportions, sides or motion', () => {
    const hips = Math.min(body.landmarks[23]!.y, body.landmarks[24]!.y);
    const upper = cropped(body, { bottom: hips - 0.01 });
    const absurd = absurdBeyond(upper);
    const known = { others: [upper], expected: upper, absence: 1 / 30 };
    for (const name of ['asymmetry', 'disproportion', 'poseDistance', 'poseSurprise'] as const) {
      expect(evidence(absurd, 0, name, upper, known)).toBe(0);
    }
  });

  test('a person far away is small', () => {
    const far = { ...body, landmarks: body.landmarks.map(mark => ({ ...mark, x: mark.x / 8, y: mark.y / 8 })) };
    expect(evidence(far, 0, 'smallness')).toBeGreaterThan(evidence(body, 0, 'smallness') + 0.2);
  });
});
