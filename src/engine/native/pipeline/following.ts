import { LANDMARK_IDS, LIMB_JOINTS } from '../../../model/body.js';
import type { Pose } from '../../../model/pose.js';
import type { Region } from '../../../model/region.js';
import { overlap } from '../../../regions/region.js';

/** Followed regions that the detector confirms; the others make room for people who are not followed yet. */
export function confirmed(followed: readonly Region[], fresh: readonly Region[], least: number): readonly Region[] {
  const isSeen = (region: Region) => fresh.some(other => overlap(region, other) > least);
  const newcomers = fresh.filter(region => !followed.some(other => overlap(region, other) > least));
  const sure = followed.filter(isSeen);
  const doubtful = followed.filter(region => !isSeen(region));
  return [...sure, ...newcomers, ...doubtful].slice(0, followed.length);
}

/** Of overlapping regions, the later one stays (`AssociationNormRectCalculator`): no person is followed twice. */
export function apart(regions: readonly Region[], most: number): readonly Region[] {
  let kept: Region[] = [];
  for (const region of regions) {
    kept = kept.filter(other => overlap(other, region) <= most);
    kept.push(region);
  }
  return kept;
}

/** Poses whose joints are this close on average, in lengths of the torso's diagonal, belong to one person. */
const SAME_POSE = 0.4;

/** Of the poses that two squares show of one person, the first stays. */
export function distinct<T extends Pose>(found: readonly T[]): readonly T[] {
  const kept: T[] = [];
  for (const one of found) if (!kept.some(other => isSame(one, other))) kept.push(one);
  return kept;
}

/** In fractions of the picture, as the limit is. */
function isSame({ landmarks: a }: Pose, { landmarks: b }: Pose): boolean {
  const apart = (p: Pose['landmarks'], q: Pose['landmarks'], i: number, j: number) =>
    Math.hypot((p[i]?.x ?? 0) - (q[j]?.x ?? 0), (p[i]?.y ?? 0) - (q[j]?.y ?? 0));
  const mean = LIMB_JOINTS.reduce((sum, id) => sum + apart(a, b, id, id), 0) / LIMB_JOINTS.length;
  return mean < SAME_POSE * apart(a, a, LANDMARK_IDS.left_shoulder, LANDMARK_IDS.right_hip);
}
