import { idsOf, LANDMARK_IDS, LIMB_JOINTS } from '../model/body.js';
import type { Landmark, Pose } from '../model/pose.js';
import { middleOfShoulders, type Place, torsoLength } from '../model/torso.js';

/**
 * Landmarks for comparing two poses: the limbs, and ears and nose, some of which are visible for nearly every person.
 */
const COMPARED: readonly number[] = [...idsOf('nose', 'left_ear', 'right_ear'), ...LIMB_JOINTS];
/** Below this visibility a landmark inside the picture hardly counts: the network itself reports that it is hidden. */
const LEAST_WEIGHT = 0.02;
const SHORTEST = 1e-6;
/** From this weight on, a joint counts as visible. */
const SEEN = 0.5;

/** Whether a landmark lies in the picture. Beyond the edges nothing is visible, and the network guesses. */
export function isInPicture({ x, y }: Place): boolean {
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

/** The visibility weight of a landmark, 0-1: its visibility inside the picture, 0 outside. */
export function seenWeight(landmark: Landmark): number {
  return isInPicture(landmark) ? Math.max(LEAST_WEIGHT, landmark.visibility) : 0;
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/**
 * Upper limit of the trunk's length over the distance from the nose to the middle of the shoulders: hips below the edge
 * may be guessed anywhere.
 */
const LONGEST_TRUNK = 3;

/**
 * Length of the trunk's longer side, shoulders to hips or shoulder to shoulder, in pixels: seen along the spine a trunk
 * is short, but its shoulders are wide. Invisible hips do not lengthen it beyond what a head and shoulders allow.
 */
export function trunkSize({ landmarks }: Pose, width: number, height: number): number {
  const at = (id: number) => ({ x: landmarks[id]!.x * width, y: landmarks[id]!.y * height });
  const { nose, left_shoulder, right_shoulder, left_hip, right_hip } = LANDMARK_IDS;
  const long = torsoLength(at);
  const across = distance(at(left_shoulder), at(right_shoulder));
  const areHipsSeen = isInPicture(landmarks[left_hip]!) || isInPicture(landmarks[right_hip]!);
  const longest = LONGEST_TRUNK * Math.max(across, distance(at(nose), middleOfShoulders(at)));
  return Math.max(SHORTEST, across, areHipsSeen ? long : Math.min(long, longest));
}

/** Distance of one landmark of two poses in lengths of the larger trunk. */
export function landmarkDistances(a: Pose, b: Pose, width: number, height: number): Float64Array {
  const scale = Math.max(trunkSize(a, width, height), trunkSize(b, width, height));
  return Float64Array.from(a.landmarks, ({ x, y }, id) => {
    const other = b.landmarks[id]!;
    return Math.hypot((x - other.x) * width, (y - other.y) * height) / scale;
  });
}

/**
 * Mean distance of two poses' landmarks in lengths of the larger trunk, each weighted by its visibility in both: near 0
 * if both are the same. Landmarks invisible in both do not count.
 * @param width of the picture in pixels
 */
export function poseDistance(a: Pose, b: Pose, width: number, height: number): number {
  const distances = landmarkDistances(a, b, width, height);
  let sum = 0;
  let weights = 0;
  for (const id of COMPARED) {
    const weight = Math.max(seenWeight(a.landmarks[id]!), seenWeight(b.landmarks[id]!));
    sum += weight * distances[id]!;
    weights += weight;
  }
  return weights > 0 ? sum / weights : Number.POSITIVE_INFINITY;
}

/**
 * The share of compared landmarks that are visible in both poses and further apart than a fraction of the trunk, 0-1.
 */
export function shareApart(a: Pose, b: Pose, width: number, height: number, least: number): number {
  const distances = landmarkDistances(a, b, width, height);
  let apart = 0;
  let weights = 0;
  for (const id of COMPARED) {
    const weight = Math.max(seenWeight(a.landmarks[id]!), seenWeight(b.landmarks[id]!));
    if (distances[id]! > least) apart += weight;
    weights += weight;
  }
  return weights > 0 ? apart / weights : 1;
}

/** The share of visible limb joints, 0-1. */
export function seenShare({ landmarks }: Pose): number {
  return LIMB_JOINTS.filter(id => seenWeight(landmarks[id]!) >= SEEN).length / LIMB_JOINTS.length;
}
