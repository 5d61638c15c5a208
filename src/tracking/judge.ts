import { LANDMARK_COUNT } from '../model/blazepose.js';
import { LIMB_JOINTS } from '../model/body.js';
import type { Pose } from '../model/pose.js';
import { type Circumstances, evidenceOf, type JudgeWeights, LANDMARK_EVIDENCE, logit } from './evidence.js';
import { isInPicture, seenWeight } from './seen.js';
import { WEIGHTS } from './weights.js';

/** Knowledge of a person's position from sources other than the landmark networks. */
export interface Witness {
  /** How well a person detector's box fits the pose, 0-1; undefined if none was asked. */
  readonly box: number | undefined;
  /** Whether left and right were swapped against the motion. */
  readonly swapped: boolean;
}

/** The judgement of one pose. */
export interface Judgement {
  /** For each landmark the probability that it lies within 0.2 torso lengths of its true place, 0-1. */
  readonly confidences: readonly number[];
  /**
   * Probability that the pose is right, 0-1: the mean error of the limbs' joints in the picture is under a quarter of
   * the torso.
   */
  readonly score: number;
}

/** A pose with its evidence and judgement. */
export interface Judged {
  readonly pose: Pose;
  readonly circumstances: Circumstances;
  readonly witness: Witness;
  readonly judgement: Judgement;
}

/** Evidence for and against a pose in addition to its landmarks' confidences, by name. */
export const SCORE_EVIDENCE = [
  'bias',
  'meanConfidence',
  'box',
  'noBox',
  'noDetector',
  'posePresence',
  'reprojectionError',
  'poseDistance',
  'poseSurprise',
] as const;

/** Poses with a lower score are dropped: none, unless `--min-score` is set. */
export const DEFAULT_MIN_SCORE = 0;
/**
 * A person with fewer visible joints is judged by face, hands and feet as well; with hardly any landmark in the
 * picture, by the guessed ones.
 */
const LEAST_SEEN = 3;

const ALL: readonly number[] = Array.from({ length: LANDMARK_COUNT }, (_, id) => id);

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

function weighed(values: Float64Array | readonly number[], weights: Float64Array, from = 0): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += values[from + i]! * weights[i]!;
  return sum;
}

const inOrder = (names: readonly string[], weights: Readonly<Record<string, number>>) =>
  Float64Array.from(names, name => weights[name] ?? 0);

interface Regressions {
  readonly landmark: Float64Array;
  readonly pose: Float64Array;
}

const regressions = ({ landmark, pose }: JudgeWeights): Regressions => ({
  landmark: inOrder(LANDMARK_EVIDENCE, landmark),
  pose: inOrder(SCORE_EVIDENCE, pose),
});

/** One set for engines that report the networks' signals, and one for those that do not. */
const WITH_SIGNALS = regressions(WEIGHTS.withSignals);
const WITHOUT_SIGNALS = regressions(WEIGHTS.withoutSignals);

/** Judges a pose by what is visible of it. */
export function judgePose(pose: Pose, circumstances: Circumstances, witness: Witness): Judgement {
  const { landmark, pose: whole } = pose.signals ? WITH_SIGNALS : WITHOUT_SIGNALS;
  const evidence = evidenceOf(pose, circumstances);
  const confidences = Array.from({ length: LANDMARK_COUNT }, (_, id) =>
    sigmoid(weighed(evidence, landmark, id * LANDMARK_EVIDENCE.length)),
  );
  return { confidences, score: sigmoid(weighed(scoreEvidenceOf(pose, evidence, confidences, witness), whole)) };
}

/** @param evidence of the landmarks, as returned by `evidenceOf` */
export function scoreEvidenceOf(
  pose: Pose,
  evidence: Float64Array,
  confidences: readonly number[],
  { box }: Witness,
): number[] {
  const judged = judgedLandmarks(pose);
  const weights = judged.map(id => seenWeight(pose.landmarks[id]!) + 0.1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = judged.reduce((sum, id, i) => sum + confidences[id]! * weights[i]!, 0) / total;
  return [
    1,
    logit(mean),
    box ?? 0,
    box === undefined ? 0 : 1 - box,
    box === undefined ? 1 : 0,
    ...(['posePresence', 'reprojectionError', 'poseDistance', 'poseSurprise'] as const).map(
      name => evidence[LANDMARK_EVIDENCE.indexOf(name)]!,
    ),
  ];
}

/**
 * Ids of the landmarks by which to judge a pose. Those outside the picture do not count, unless there are no others.
 */
function judgedLandmarks({ landmarks }: Pose): readonly number[] {
  const inPicture = (ids: readonly number[]) => ids.filter(id => isInPicture(landmarks[id]!));
  const choices = [inPicture(LIMB_JOINTS), inPicture(ALL)];
  return choices.find(ids => ids.length >= LEAST_SEEN) ?? ALL;
}

/** The same pose with a confidence for each landmark. */
export function withConfidences(pose: Pose, confidences: readonly number[]): Pose {
  return {
    ...pose,
    landmarks: pose.landmarks.map((landmark, id) => ({ ...landmark, confidence: confidences[id] })),
  };
}
