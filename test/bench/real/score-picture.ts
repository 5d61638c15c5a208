import { LIMB_JOINTS } from '../../../src/model/body.js';
import type { PredictedPose } from '../accuracy/poses.js';
import type { Reported } from '../accuracy/reliability.js';
import { type Box, type LabelledPerson, type LabelledPicture, torsoDiagonal } from './still-labels.js';

/** A joint is right within this fraction of the torso's diagonal. */
const RIGHT = 0.2;
/** A person is required with at least this many marks. */
const LEAST_MARKS = 8;
/** A person counts as found with this share of their marked limb joints right. */
const FOUND = 0.5;
/**
 * A pose belongs to a labelled box with this overlap (intersection over union), or to a crowd that contains this
 * fraction of it.
 */
const SAME_BOX = 0.3;
const IN_CROWD = 0.5;

/** Accuracy of the poses in a labelled picture. */
export interface PictureScore {
  readonly asked: number;
  readonly found: number;
  /** Marked limb joints of the required people. */
  readonly joints: number;
  readonly right: number;
  /** For each required person, the share of their joints that is right, 0-1. */
  readonly pck: readonly number[];
  readonly predicted: number;
  /** Poses that match no marked person, not even by a box. Undefined if not all people are marked. */
  readonly falsePeople: number | undefined;
  /** Joints with their confidence: the marked ones of people with a pose, and all of false people. */
  readonly reported: readonly Reported[];
}

interface Pair {
  readonly person: LabelledPerson;
  readonly pose: PredictedPose;
  readonly reported: readonly Reported[];
  readonly right: number;
}

function pairOf(person: LabelledPerson, pose: PredictedPose): Pair {
  const limit = RIGHT * torsoDiagonal(person);
  const reported = [...person.joints].map(([id, [x, y]]) => {
    const at = pose.image[id];
    return {
      confidence: at ? (pose.confidence?.[id] ?? 1) : 0,
      right: at !== undefined && Math.hypot(at[0] - x, at[1] - y) <= limit,
    };
  });
  return { person, pose, reported, right: reported.filter(one => one.right).length };
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

const areaOf = (box: Box) => box.width * box.height;

/** Around the limb joints, as far as they lie in the picture. */
function boxOf(pose: PredictedPose, size: { readonly width: number; readonly height: number }): Box {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const places = LIMB_JOINTS.flatMap(id => (pose.image[id] ? [pose.image[id]] : []));
  const [xs, ys] = [places.map(([x]) => within(x, size.width)), places.map(([, y]) => within(y, size.height))];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function isOfSomebody(box: Box, { people, crowds }: LabelledPicture): boolean {
  return (
    people.some(one => overlap(box, one.box) >= SAME_BOX * (areaOf(box) + areaOf(one.box) - overlap(box, one.box))) ||
    crowds.some(crowd => overlap(box, crowd) >= IN_CROWD * areaOf(box))
  );
}

/** Gives each person with enough marks the pose with most of their joints right, best pairs first, none twice. */
export function scorePicture(
  picture: LabelledPicture,
  poses: readonly PredictedPose[],
  size: { readonly width: number; readonly height: number },
): PictureScore {
  const asked = picture.people.filter(person => person.marks >= LEAST_MARKS);
  const pairs = asked
    .flatMap(person => poses.map(pose => pairOf(person, pose)))
    .filter(pair => pair.right > 0)
    .sort((a, b) => b.right / b.person.joints.size - a.right / a.person.joints.size);
  const matched = new Map<LabelledPerson, Pair>();
  const used = new Map<PredictedPose, Pair>();
  for (const pair of pairs) {
    if (matched.has(pair.person) || used.has(pair.pose)) continue;
    matched.set(pair.person, pair);
    used.set(pair.pose, pair);
  }
  const isFound = (pair: Pair | undefined) => pair !== undefined && pair.right >= FOUND * pair.person.joints.size;
  const nobody = poses.filter(pose => !isFound(used.get(pose)) && !isOfSomebody(boxOf(pose, size), picture));
  const falseJoints = nobody.flatMap(pose =>
    LIMB_JOINTS.map(id => ({ confidence: pose.confidence?.[id] ?? 1, right: false })),
  );
  return {
    asked: asked.length,
    found: [...matched.values()].filter(isFound).length,
    joints: asked.reduce((sum, person) => sum + person.joints.size, 0),
    right: [...matched.values()].reduce((sum, pair) => sum + pair.right, 0),
    pck: asked.map(person => (matched.get(person)?.right ?? 0) / person.joints.size),
    predicted: poses.length,
    falsePeople: picture.isComplete ? nobody.length : undefined,
    reported: [
      ...[...matched.values()].filter(pair => !nobody.includes(pair.pose)).flatMap(pair => pair.reported),
      ...(picture.isComplete ? falseJoints : []),
    ],
  };
}
