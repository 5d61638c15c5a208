import { LANDMARK_COUNT } from '../model/blazepose.js';
import type { Landmark, Pose, WorldLandmark } from '../model/pose.js';
import { trunkSize } from './seen.js';

/** A pose with the confidence of each of its landmarks, 0-1. */
export interface Trusted {
  readonly pose: Pose;
  readonly confidences: readonly number[];
}

/** Of three or more attempts, a landmark this far from the middle one, in trunk lengths, is an outlier. */
const ODD_ONE = 0.25;
/**
 * The squared confidence is the weight; a landmark without confidence gets this weight, so that there is always a mean.
 */
const LEAST_TRUST = 1e-3;

/**
 * The mean of several attempts' poses of one person, each landmark weighted by its confidence, in the picture and in
 * metres. Outliers are dropped, landmark by landmark. All other values (presence, signals, the next square) come from
 * the first pose.
 */
export function fusePoses(found: readonly Trusted[], width: number, height: number): Pose {
  const [first, ...rest] = found;
  if (!first) throw new RangeError('there are no poses to fuse');
  if (rest.length === 0) return first.pose;
  const scale = trunkSize(first.pose, width, height);
  const landmarks: Landmark[] = [];
  const worldLandmarks: WorldLandmark[] = [];
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    const kept = withoutOddOnes(found, id, scale, width, height);
    const weights = kept.map(({ confidences }) => Math.max(LEAST_TRUST, confidences[id]! ** 2));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = (value: (pose: Pose) => number) =>
      kept.reduce((sum, { pose }, i) => sum + weights[i]! * value(pose), 0) / total;
    landmarks.push({
      x: mean(({ landmarks: all }) => all[id]!.x),
      y: mean(({ landmarks: all }) => all[id]!.y),
      z: mean(({ landmarks: all }) => all[id]!.z),
      visibility: mean(({ landmarks: all }) => all[id]!.visibility),
    });
    worldLandmarks.push({
      x: mean(({ worldLandmarks: all }) => all[id]!.x),
      y: mean(({ worldLandmarks: all }) => all[id]!.y),
      z: mean(({ worldLandmarks: all }) => all[id]!.z),
    });
  }
  return { ...first.pose, landmarks, worldLandmarks };
}

function withoutOddOnes(
  found: readonly Trusted[],
  id: number,
  scale: number,
  width: number,
  height: number,
): readonly Trusted[] {
  if (found.length < 3) return found;
  const x = median(found.map(({ pose }) => pose.landmarks[id]!.x));
  const y = median(found.map(({ pose }) => pose.landmarks[id]!.y));
  const kept = found.filter(({ pose: { landmarks } }) => {
    const landmark = landmarks[id]!;
    return Math.hypot((landmark.x - x) * width, (landmark.y - y) * height) <= ODD_ONE * scale;
  });
  return kept.length > 0 ? kept : found;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
