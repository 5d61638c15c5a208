import type { Pose } from '../model/pose.js';
import type { PersonMemory } from './person-memory.js';
import { evidenceOf, type PoseEvidence } from './plausibility.js';

/** What is thought of one pose. */
export interface Judgement {
  readonly evidence: PoseEvidence;
  /** Distance to the expected pose, 1 being as far as motion explains. */
  readonly surprise: number;
  /** Whether left and right have changed places since the last frame. */
  readonly exchanged: boolean;
  /** Whether the person was known, and the pose is well within what motion explains. */
  readonly goesOn: boolean;
}

/** From here on nothing more is tried. */
export const EXCELLENT = 0.9;
/** Poses below are left out unless `--min-score` says otherwise: of those just above, about as many are right as wrong. */
export const DEFAULT_MIN_SCORE = 0.6;
/** Two looks agree when their limbs' joints are this near on average, in torso lengths. */
export const AGREE = 0.15;

/**
 * Weights of a logistic regression of "the pose is right" (mean error of the limbs' joints under a quarter of the torso) on its evidence. Fitted on 4,000 poses
 * of wave, walk-towards, sit, cartwheel, walk-behind-pillar, very-dark, backlight and upside-down; `npm run bench:accuracy` prints how well the scores hold on
 * all clips.
 */
const ALONE = {
  bias: 4.29,
  torsoVisibility: 0.26,
  presence: 0.28,
  asymmetry: -1.52,
  disproportion: -7.51,
  contradiction: -59.67,
};
/** The same where a careful network looked too, with the distance of its pose in torso lengths. */
const CHECKED = {
  bias: 11.13,
  torsoVisibility: 0,
  presence: 0.11,
  asymmetry: -4.68,
  disproportion: -13.94,
  contradiction: -48.02,
};
const CHECKED_DISTANCE = -21.41;

/** What is left of a score when the motion speaks against the pose; the careful network is trusted to correct the frames before. */
const EXCHANGED = { usual: 0.4, careful: 0.9 };
const LEAST_FOR_JUMP = 0.3;
const GOES_ON = 0.5;

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

function logit(probability: number): number {
  const within = Math.min(1 - 1e-4, Math.max(1e-4, probability));
  return Math.log(within / (1 - within));
}

function weighed(evidence: PoseEvidence, weights: typeof ALONE): number {
  return (
    weights.bias +
    weights.torsoVisibility * logit(evidence.torsoVisibility) +
    weights.presence * logit(evidence.presence) +
    weights.asymmetry * Math.min(1, evidence.asymmetry) +
    weights.disproportion * Math.min(1, evidence.disproportion) +
    weights.contradiction * Math.min(1, evidence.contradiction)
  );
}

/** Looks at a pose by itself and at where the person was. */
export function judgePose(
  pose: Pose,
  memory: PersonMemory,
  timestamp: number,
  width: number,
  height: number,
): Judgement {
  const surprise = memory.surprise(pose, timestamp, width, height);
  const exchanged = memory.isExchanged(pose, timestamp, width, height);
  const goesOn = Number.isFinite(memory.absence(timestamp)) && surprise < GOES_ON && !exchanged;
  return { evidence: evidenceOf(pose, width, height), surprise, exchanged, goesOn };
}

/** Probability that a pose is right by itself and by the person's motion, 0-1. @param careful whether the careful network found it */
export function scoreAlone({ evidence, surprise, exchanged }: Judgement, careful = false): number {
  return sigmoid(weighed(evidence, ALONE)) * motionFactor(surprise, exchanged, careful);
}

/** The same when a careful network found a pose at this distance in the same frame, in torso lengths. */
export function scoreChecked({ evidence, surprise, exchanged }: Judgement, distance: number): number {
  const sure = distance < AGREE;
  return (
    sigmoid(weighed(evidence, CHECKED) + CHECKED_DISTANCE * Math.min(1, distance)) *
    motionFactor(surprise, exchanged, sure)
  );
}

function motionFactor(surprise: number, exchanged: boolean, trusted: boolean): number {
  const jump = surprise <= 1 ? 1 : Math.max(LEAST_FOR_JUMP, 1 / surprise);
  return (exchanged ? EXCHANGED[trusted ? 'careful' : 'usual'] : 1) * (trusted ? Math.sqrt(jump) : jump);
}
