import { LANDMARK_COUNT } from '../model/blazepose.js';
import { ARMS, BODY_GROUPS, type BodyGroup, type Bone, LEGS, LIMB_BONES, LIMB_JOINTS, TORSO } from '../model/body.js';
import { type Pose, signalOf, type WorldLandmark } from '../model/pose.js';
import { torsoLengthInSpace } from '../model/torso.js';
import { isInPicture, landmarkDistances, seenWeight, trunkSize } from './seen.js';

/** What is known when a pose is judged, beside the pose itself. */
export interface Circumstances {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether the refining network found the pose. */
  readonly refined: boolean;
  /** What other attempts at the same person in the same frame found; the nearest one counts for each landmark. */
  readonly others: readonly Pose[];
  /** Where the person's motion leads; undefined for somebody who was not there before. */
  readonly expected: Pose | undefined;
  /** Seconds since the person was seen last. */
  readonly absence: number;
}

/** Groups of landmarks that are judged alike. */
const PART_NAMES = Object.keys(BODY_GROUPS) as BodyGroup[];
const PART_OF = Array.from(
  { length: LANDMARK_COUNT },
  (_, id) => PART_NAMES.find(name => (BODY_GROUPS[name] as readonly number[]).includes(id))!,
);

/** What speaks for and against a whole pose, by name. All in 0-1 or as logits of probabilities. */
const POSE_EVIDENCE = [
  'posePresence',
  'reprojectionError',
  'asymmetry',
  'disproportion',
  'poseDistance',
  'poseSurprise',
  'smallness',
] as const;

/** What speaks for and against one landmark, by name; the numbers of the whole pose count for each. */
export const LANDMARK_EVIDENCE = [
  'bias',
  ...PART_NAMES.slice(1),
  'visibility',
  'presence',
  'peak',
  'offset',
  'spread',
  'outside',
  'beyond',
  'distance',
  'unchecked',
  'surprise',
  'unknown',
  'refined',
  'speed',
  ...POSE_EVIDENCE,
] as const;
export type LandmarkEvidence = (typeof LANDMARK_EVIDENCE)[number];

/** Weights of two logistic regressions by the name of their evidence, fitted by `npm run calibrate`. */
export interface JudgeWeights {
  readonly landmark: Readonly<Record<string, number>>;
  readonly pose: Readonly<Record<string, number>>;
}

/** Distances that say half as much as the longest ones, in lengths of the trunk. */
const HALF_DISTANCE = 0.1;
const HALF_SURPRISE = 0.2;
/** Heatmap distances in sides of the square. */
const HALF_OFFSET = 0.03;
/** A trunk so many pixels long is half as well to be seen as a large one. */
const HALF_TRUNK = 30;

/** Lengths of arm and leg over the trunk's in BlazePose's metres: means of the samples. */
const USUAL_ARM = 1.05;
const USUAL_LEG = 1.6;
const SHORTEST = 1e-3;
/** A joint that is seen less says nothing of the body's proportions. */
const SEEN = 0.5;

const saturate = (value: number, half: number) => value / (value + half);

/** Kept within what the networks can mean. */
export function logit(probability: number): number {
  const within = Math.min(1 - 1e-3, Math.max(1e-3, probability));
  return Math.log(within / (1 - within));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/**
 * What speaks for and against each landmark of a pose.
 * @returns `LANDMARK_EVIDENCE.length` numbers for each of the 33 landmarks
 */
export function evidenceOf(pose: Pose, circumstances: Circumstances): Float64Array {
  const { width, height, refined, others, expected, absence } = circumstances;
  const apart = others.map(other => landmarkDistances(pose, other, width, height));
  const away = expected && landmarkDistances(pose, expected, width, height);
  const whole = wholeEvidence(pose, circumstances, apart, away);
  const count = LANDMARK_EVIDENCE.length;
  const evidence = new Float64Array(LANDMARK_COUNT * count);
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    const part = PART_OF[id];
    const nearest = apart.length > 0 ? Math.min(...apart.map(distances => distances[id]!)) : 0;
    const values = [
      1,
      ...PART_NAMES.slice(1).map(name => (name === part ? 1 : 0)),
      ...landmarkEvidence(pose, id, width, height),
      saturate(nearest, HALF_DISTANCE),
      apart.length > 0 ? 0 : 1,
      away ? saturate(away[id]!, HALF_SURPRISE) : 0,
      away ? 0 : 1,
      refined ? 1 : 0,
      away && absence > 0 && Number.isFinite(absence) ? saturate(away[id]! / absence, 3) : 0,
      ...whole,
    ];
    evidence.set(values, id * count);
  }
  return evidence;
}

/** What the networks say of one landmark, and whether it lies in the picture. */
function landmarkEvidence(pose: Pose, id: number, width: number, height: number): number[] {
  const landmark = pose.landmarks[id]!;
  const beyond = beyondPicture(landmark.x, width) + beyondPicture(landmark.y, height);
  return [
    logit(landmark.visibility),
    logit(signalOf(pose, id, 'presence') ?? 0.5),
    logit(signalOf(pose, id, 'peak') ?? 0.5),
    saturate(signalOf(pose, id, 'offset') ?? 0, HALF_OFFSET),
    10 * (signalOf(pose, id, 'spread') ?? 0),
    isInPicture(landmark) ? 0 : 1,
    saturate(beyond / trunkSize(pose, width, height), HALF_SURPRISE),
  ];
}

/** How far beyond the picture's edges a place lies, in pixels. @param place as a fraction of `length` */
function beyondPicture(place: number, length: number): number {
  return Math.max(0, -place, place - 1) * length;
}

function wholeEvidence(
  pose: Pose,
  { width, height }: Circumstances,
  apart: readonly Float64Array[],
  away: Float64Array | undefined,
): number[] {
  const weights = LIMB_JOINTS.map(id => seenWeight(pose.landmarks[id]!));
  const total = Math.max(
    SHORTEST,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  const weighed = (distances: Float64Array) =>
    LIMB_JOINTS.reduce((sum, id, i) => sum + distances[id]! * weights[i]!, 0) / total;
  return [
    logit(pose.presence ?? 0.9),
    Math.min(1, 3 * reprojectionError(pose, weights, width, height)),
    Math.min(1, asymmetry(pose)),
    Math.min(1, disproportion(pose)),
    apart.length > 0 ? saturate(Math.min(...apart.map(weighed)), HALF_DISTANCE) : 0,
    away ? saturate(weighed(away), HALF_SURPRISE) : 0,
    1 - saturate(trunkSize(pose, width, height), HALF_TRUNK),
  ];
}

function length(a: WorldLandmark, b: WorldLandmark): number {
  return Math.max(SHORTEST, Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z));
}

const isSeen = ({ landmarks }: Pose, id: number) => seenWeight(landmarks[id]!) >= SEEN;

/**
 * How different left and right bones are whose ends are all seen: mean of `|ln(left / right)|` of their lengths in
 * metres; 0 where none is.
 */
function asymmetry(pose: Pose): number {
  const { worldLandmarks: world } = pose;
  const isBoneSeen = ({ from, to }: Bone) => isSeen(pose, from) && isSeen(pose, to);
  const lengthOf = ({ from, to }: Bone) => length(world[from]!, world[to]!);
  const both = LIMB_BONES.filter(({ left, right }) => isBoneSeen(left) && isBoneSeen(right));
  return mean(both.map(({ left, right }) => Math.abs(Math.log(lengthOf(left) / lengthOf(right)))));
}

const LIMBS = [...ARMS.map(ids => ({ ids, usual: USUAL_ARM })), ...LEGS.map(ids => ({ ids, usual: USUAL_LEG }))];

/**
 * How far arms and legs that are seen are from a human's: mean of `|ln(length / trunk / usual)|`; 0 where none is, or
 * no trunk.
 */
function disproportion(pose: Pose): number {
  if (!TORSO.every(id => isSeen(pose, id))) return 0;
  const { worldLandmarks: world } = pose;
  const trunk = Math.max(SHORTEST, torsoLengthInSpace(world));
  const limbs = LIMBS.filter(({ ids }) => ids.every(id => isSeen(pose, id)));
  return mean(
    limbs.map(({ ids: [a, b, c], usual }) =>
      Math.abs(Math.log((length(world[a!]!, world[b!]!) + length(world[b!]!, world[c!]!)) / trunk / usual)),
    ),
  );
}

/**
 * How far the landmarks in metres, projected, lie from those in the picture: root mean square over the limbs' joints,
 * weighted by how well they are seen, in trunk lengths, after the best scale and shift of the metres' x and y, without
 * a turn: both have the picture's axes.
 */
function reprojectionError(
  { landmarks, worldLandmarks: world }: Pose,
  weights: readonly number[],
  width: number,
  height: number,
): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.filter(weight => weight >= SEEN).length < 3) return 0;
  const centred = (points: readonly (readonly [number, number])[]) => {
    const middle = [0, 1].map(k => points.reduce((sum, point, i) => sum + weights[i]! * point[k]!, 0) / total);
    return points.map(([x, y]) => [x - middle[0]!, y - middle[1]!] as const);
  };
  const image = centred(LIMB_JOINTS.map(id => [landmarks[id]!.x * width, landmarks[id]!.y * height] as const));
  const metres = centred(LIMB_JOINTS.map(id => [world[id]!.x, world[id]!.y] as const));
  const dot = (p: typeof image, q: typeof image) =>
    p.reduce((sum, [x, y], i) => sum + weights[i]! * (x * q[i]![0] + y * q[i]![1]), 0);
  const scale = dot(image, metres) / Math.max(SHORTEST, dot(metres, metres));
  if (scale <= 0) return 1;
  const squares = image.map(
    ([x, y], i) => weights[i]! * ((x - scale * metres[i]![0]) ** 2 + (y - scale * metres[i]![1]) ** 2),
  );
  const trunk = Math.max(SHORTEST, torsoLengthInSpace(world));
  return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / total) / (scale * trunk);
}
