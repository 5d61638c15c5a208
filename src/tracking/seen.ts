import { idsOf, LANDMARK_IDS, LIMB_JOINTS } from '../model/body.js';
import type { Landmark, Pose } from '../model/pose.js';
import { middleOfShoulders, type Place, torsoLength } from '../model/torso.js';

/** What two poses are compared by: the limbs, and ears and nose, of which something is seen of nearly everybody. */
const COMPARED: readonly number[] = [...idsOf('nose', 'left_ear', 'right_ear'), ...LIMB_JOINTS];
/** Below, a landmark inside the picture counts hardly: the network says itself that it is hidden. */
const LEAST_WEIGHT = 0.02;
const SHORTEST = 1e-6;
/** From this weight on a joint counts as seen. */
const SEEN = 0.5;

/** Whether a landmark lies in the picture. What lies beyond its edges, nobody can see: there the network guesses. */
export function isInPicture({ x, y }: Place): boolean {
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

/** How much a landmark is seen, 0-1: its visibility inside the picture, 0 outside. */
export function seenWeight(landmark: Landmark): number {
  return isInPicture(landmark) ? Math.max(LEAST_WEIGHT, landmark.visibility) : 0;
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/**
 * A trunk is at most so many times as long as the way from the nose to the middle of the shoulders: hips below the edge
 * may be guessed anywhere.
 */
const LONGEST_TRUNK = 3;

/**
 * Length of the trunk's longer side, shoulders to hips or shoulder to shoulder, in pixels: seen along the spine a trunk
 * is short, but its shoulders are wide. Hips that nobody sees do not make it longer than a head and shoulders allow.
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
 * Mean distance of two poses' landmarks in lengths of the larger trunk, each weighted by how well both see it: near 0
 * when both are the same. What neither sees does not count.
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

/** How many of the compared landmarks are seen in both poses and lie further apart than a part of the trunk, 0-1. */
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

/** How many of the limbs' joints are seen, 0-1. */
export function seenShare({ landmarks }: Pose): number {
  return LIMB_JOINTS.filter(id => seenWeight(landmarks[id]!) >= SEEN).length / LIMB_JOINTS.length;
}
