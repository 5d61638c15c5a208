import { LANDMARK_COUNT } from '../model/blazepose.js';
import { ARMS, BODY_GROUPS, type BodyGroup, type Bone, LEGS, LIMB_BONES, LIMB_JOINTS, TORSO } from '../model/body.js';
import { type Pose, signalOf, type WorldLandmark } from '../model/pose.js';
import { torsoLengthInSpace } from '../model/torso.js';
import { isInPicture, landmarkDistances, seenWeight, trunkSize } from './seen.js';

/** Input of a judgement in addition to the pose itself. */
export interface Circumstances {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether the refining network found the pose. */
  readonly refined: boolean;
  /** Results of other attempts at the same person in the same frame; for each landmark the nearest one counts. */
  readonly others: readonly Pose[];
  /** The pose that the person's motion predicts; undefined for a new person. */
  readonly expected: Pose | undefined;
  /** Seconds since the person was last seen. */
  readonly absence: number;
}

/** Groups of landmarks that are judged alike. */
const PART_NAMES = Object.keys(BODY_GROUPS) as BodyGroup[];
const PART_OF = Array.from(
  { length: LANDMARK_COUNT },
  (_, id) => PART_NAMES.find(name => (BODY_GROUPS[name] as readonly number[]).includes(id))!,
);

/** Evidence for and against a whole pose, by name. All in 0-1 or as logits of probabilities. */
const POSE_EVIDENCE = [
  'posePresence',
  'reprojectionError',
  'asymmetry',
  'disproportion',
  'poseDistance',
  'poseSurprise',
  'smallness',
] as const;

/** Evidence for and against one landmark, by name; the values of the whole pose apply to each. */
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

/** Distances that count half as much as the longest ones, in trunk lengths. */
const HALF_DISTANCE = 0.1;
const HALF_SURPRISE = 0.2;
/** Heatmap distances in sides of the square. */
const HALF_OFFSET = 0.03;
/** A trunk of this many pixels is half as visible as a large one. */
const HALF_TRUNK = 30;

/** Lengths of arm and leg over the trunk's in BlazePose's metres: means of the samples. */
const USUAL_ARM = 1.05;
const USUAL_LEG = 1.6;
const SHORTEST = 1e-3;
/** A joint of lower visibility is no evidence of the body's proportions. */
const SEEN = 0.5;

const saturate = (value: number, half: number) => value / (value + half);

/** Clamped to the meaningful range of the networks' output. */
export function logit(probability: number): number {
  const within = Math.min(1 - 1e-3, Math.max(1e-3, probability));
  return Math.log(within / (1 - within));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/**
 * Evidence for and against each landmark of a pose.
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

/** The networks' signals for one landmark, and whether it lies in the picture. */
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

/** How far a place lies outside the picture, in pixels. @param place as a fraction of `length` */
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
 * Difference between left and right bones with visible ends: mean of `|ln(left / right)|` of their lengths in metres; 0
 * if none exist.
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
 * Deviation of visible arms and legs from human proportions: mean of `|ln(length / trunk / usual)|`; 0 if none is
 * visible, or no trunk.
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
 * Distance between the landmarks in metres, projected, and those in the picture: root mean square over the limb joints,
 * weighted by visibility, in trunk lengths, after the best scale and shift of the metres' x and y, without a rotation:
 * both have the picture's axes.
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
