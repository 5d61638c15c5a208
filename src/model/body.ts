import { LANDMARK_NAMES, type LandmarkName } from './blazepose.js';

/**
 * The anatomy behind BlazePose's landmarks: the id of each joint, the groups of joints, the opposite side. All of it is
 * derived from the names in `blazepose.ts`; lengths and midpoints are in `torso.ts`.
 */

/** Landmark ids by name, 0-32: `LANDMARK_IDS.left_hip` is 23. */
export const LANDMARK_IDS = Object.fromEntries(LANDMARK_NAMES.map((name, id) => [name, id])) as Readonly<
  Record<LandmarkName, number>
>;

/** Ids of some landmarks, in the order of the names. */
export function idsOf(...names: readonly LandmarkName[]): readonly number[] {
  return names.map(name => LANDMARK_IDS[name]);
}

/** The person's own sides, in the order of the ids: the left landmark of each pair comes first. */
export const SIDES = ['left', 'right'] as const;
export type Side = (typeof SIDES)[number];

type WithoutSide<Name> = Name extends `left_${infer Part}` ? Part : never;
/** Parts that a person has on both sides: `shoulder` stands for `left_shoulder` and `right_shoulder`. */
export type PairedPart = WithoutSide<LandmarkName>;

/** `left_hip` for the left `hip`. */
export function landmarkName(side: Side, part: PairedPart): LandmarkName {
  return `${side}_${part}`;
}

/** Ids of the left and the right landmark of a part. */
export function pairOf(part: PairedPart): readonly [left: number, right: number] {
  return [LANDMARK_IDS[landmarkName('left', part)], LANDMARK_IDS[landmarkName('right', part)]];
}

/** Ids of both shoulders and both hips, which span the torso. */
export const TORSO: readonly number[] = [...pairOf('shoulder'), ...pairOf('hip')];

/**
 * Ids, left and right, of the joints at which limbs attach and bend: shoulders, elbows, wrists, hips, knees, ankles.
 */
export const LIMB_PAIRS = (['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'] as const).map(pairOf);

/** The twelve joints of trunk and limbs, shoulders to ankles: they define a pose best, so poses are judged by them. */
export const LIMB_JOINTS: readonly number[] = LIMB_PAIRS.flat();

/** Ids of shoulder, elbow and wrist, left and right. */
export const ARMS = SIDES.map(side => idsOf(`${side}_shoulder`, `${side}_elbow`, `${side}_wrist`));

/** Ids of hip, knee and ankle, left and right. */
export const LEGS = SIDES.map(side => idsOf(`${side}_hip`, `${side}_knee`, `${side}_ankle`));

/** Ids of all landmarks by body region; each landmark is in one of these groups. */
export const BODY_GROUPS = {
  // MediaPipe numbers the face's landmarks first.
  face: [...LANDMARK_NAMES.keys()].slice(0, LANDMARK_IDS.left_shoulder),
  shoulder: pairOf('shoulder'),
  elbow: pairOf('elbow'),
  wrist: pairOf('wrist'),
  hand: (['pinky', 'index', 'thumb'] as const).flatMap(pairOf),
  hip: pairOf('hip'),
  knee: pairOf('knee'),
  ankle: pairOf('ankle'),
  foot: (['heel', 'foot_index'] as const).flatMap(pairOf),
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type BodyGroup = keyof typeof BODY_GROUPS;

/**
 * The segments on both sides, each from the joint nearer to the trunk to the farther one; the foot from heel to toe.
 */
export const SEGMENTS = {
  foot: ['heel', 'foot_index'],
  shank: ['knee', 'ankle'],
  thigh: ['hip', 'knee'],
  upper_arm: ['shoulder', 'elbow'],
  forearm: ['elbow', 'wrist'],
  hand: ['wrist', 'index'],
} as const satisfies Readonly<Record<string, readonly [PairedPart, PairedPart]>>;

/** A part of the skeleton that keeps its length however the person moves. */
export interface Bone {
  readonly name: string;
  /** Landmark ids of its ends. */
  readonly from: number;
  readonly to: number;
}

function segmentBone(side: Side, segment: keyof typeof SEGMENTS): Bone {
  const [from, to] = idsOf(...SEGMENTS[segment].map(part => landmarkName(side, part)));
  return { name: `${side}_${segment}`, from: from!, to: to! };
}

function crossBone(name: string, part: PairedPart): Bone {
  const [from, to] = pairOf(part);
  return { name, from, to };
}

/** The long bones of arms and legs; hands and feet are too short to measure well. */
export const LIMB_BONES: readonly { readonly left: Bone; readonly right: Bone }[] = (
  ['upper_arm', 'forearm', 'thigh', 'shank'] as const
).map(segment => ({ left: segmentBone('left', segment), right: segmentBone('right', segment) }));

/** The limbs' long bones, left before right, and the lines from shoulder to shoulder and from hip to hip. */
export const BONES: readonly Bone[] = [
  ...LIMB_BONES.flatMap(({ left, right }) => [left, right]),
  crossBone('shoulders', 'shoulder'),
  crossBone('hips', 'hip'),
];

/** For each landmark, the id of its counterpart on the person's other side; the nose is its own. */
export const OTHER_SIDE: readonly number[] = LANDMARK_NAMES.map(name => {
  const other = name.includes('left') ? name.replace('left', 'right') : name.replace('right', 'left');
  return LANDMARK_IDS[other as LandmarkName];
});

/**
 * The same values with left and right swapped; swapping twice restores them.
 * @param byLandmark one for each of the 33 landmarks, by id
 */
export function swapSides<T>(byLandmark: readonly T[]): T[] {
  return OTHER_SIDE.map(id => byLandmark[id]!);
}
