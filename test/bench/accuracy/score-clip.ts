import {
  accelerationError,
  isSwapped,
  jointErrors,
  pck,
  procrustesError,
  quantile,
  rootAlignedError,
  torsoLength,
} from './metrics.js';
import type { PredictedFrame, PredictedPose, TrueClip, TruePose } from './poses.js';
import { type Reliability, reliabilityOf } from './reliability.js';

/** A pose is right if its mean error is below this fraction of the torso. */
const RIGHT = 0.25;
/** A pose further from all people than this many torso lengths is a false one. */
const NOBODY = 2;
/** With fewer visible limb joints, the person is not required. */
const LEAST_IN_SIGHT = 6;

/** A true person in one frame, with the pose found for them. */
interface Judged {
  readonly frame: number;
  readonly person: number;
  readonly truth: TruePose;
  readonly torso: number;
  readonly found: PredictedPose | undefined;
  /** Mean error of the limb joints over the torso's length; undefined without a pose. */
  readonly error: number | undefined;
}

/** Accuracy of the poses of a clip. Counts are of people in frames: two people in a frame count twice. */
export interface ClipScore {
  /** Required people, summed over frames. */
  readonly wanted: number;
  readonly posed: number;
  readonly right: number;
  /** Mean error of the limb joints over the torso's length, over all poses found: mean and 95th percentile. */
  readonly meanError: number;
  readonly p95Error: number;
  readonly pck10: number;
  readonly pck20: number;
  /** Millimetres, over all poses found. */
  readonly mpjpe: number;
  readonly paMpjpe: number;
  readonly swaps: number;
  /** False poses: in empty frames, or far from all people. */
  readonly falsePersons: number;
  readonly identitySwitches: number;
  /** Reported poses, and right ones among them, by their score: below 0.1, 0.2 ... 1. */
  readonly reliability: Reliability;
  /** Pixels per frame^2; NaN if no three consecutive frames have a pose. */
  readonly jitter: number;
  /** For the picture: each person's error in each frame, null where missing. */
  readonly series: readonly (readonly (number | null)[])[];
}

const average = (values: readonly number[]) =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

function relativeError(found: PredictedPose, truth: TruePose, torso: number): number {
  return average(jointErrors(found.image, truth.image)) / torso;
}

/** Gives each person of a frame the nearest pose, nearest pairs first, none twice; and counts the remaining poses. */
export function matchFrame(
  clip: TrueClip,
  frame: number,
  found: readonly PredictedPose[],
): {
  judged: Judged[];
  nobody: readonly PredictedPose[];
  /** The pose of each person that has one, including invisible people. */
  matched: ReadonlyMap<number, PredictedPose>;
} {
  const people = clip.frames[frame]!.map((truth, person) => ({
    person,
    truth,
    torso: torsoLength(truth.camera, clip.focal),
  }));
  const pairs = people
    .flatMap(one => found.map(pose => ({ ...one, pose, error: relativeError(pose, one.truth, one.torso) })))
    .filter(pair => pair.error < NOBODY)
    .sort((a, b) => a.error - b.error);
  const matched = new Map<number, (typeof pairs)[number]>();
  const used = new Set<PredictedPose>();
  for (const pair of pairs) {
    if (matched.has(pair.person) || used.has(pair.pose)) continue;
    matched.set(pair.person, pair);
    used.add(pair.pose);
  }
  const judged = people
    .filter(({ truth }) => truth.limbsInSight >= LEAST_IN_SIGHT)
    .map(({ person, truth, torso }): Judged => {
      const pair = matched.get(person);
      return { frame, person, truth, torso, found: pair?.pose, error: pair?.error };
    });
  return {
    judged,
    nobody: found.filter(pose => !used.has(pose)),
    matched: new Map([...matched].map(([person, { pose }]) => [person, pose])),
  };
}

function countSwitches(judged: readonly Judged[], people: number): number {
  let switches = 0;
  for (let person = 0; person < people; person++) {
    const ids = judged.filter(one => one.person === person && one.found).map(one => one.found?.personId);
    switches += ids.filter((id, i) => i > 0 && id !== ids[i - 1]).length;
  }
  return switches;
}

function jitterOf(judged: readonly Judged[], people: number): number {
  const errors: number[] = [];
  for (let person = 0; person < people; person++) {
    const own = judged.filter(one => one.person === person);
    for (let i = 2; i < own.length; i++) {
      const [a, b, c] = own.slice(i - 2, i + 1);
      if (!a!.found || !b!.found || !c!.found || c!.frame - a!.frame !== 2) continue;
      errors.push(
        accelerationError(
          [a!.found.image, b!.found.image, c!.found.image],
          [a!.truth.image, b!.truth.image, c!.truth.image],
        ),
      );
    }
  }
  return average(errors);
}

function seriesOf(judged: readonly Judged[], clip: TrueClip): (number | null)[][] {
  return Array.from({ length: clip.people }, (_, person) => {
    const errors: (number | null)[] = clip.frames.map(() => null);
    for (const one of judged) if (one.person === person) errors[one.frame] = one.error ?? null;
    return errors;
  });
}

/** Compares the poses of a clip with its truth. Both have the same frames. */
export function scoreClip(clip: TrueClip, predicted: readonly PredictedFrame[]): ClipScore {
  if (predicted.length !== clip.frames.length) {
    throw new RangeError(`${predicted.length} frames were analysed, the truth has ${clip.frames.length}`);
  }
  const matches = predicted.map((frame, i) => matchFrame(clip, i, frame.people));
  const judged = matches.flatMap(match => match.judged);
  const posed = judged.flatMap(one =>
    one.found && one.error !== undefined ? [{ ...one, found: one.found, error: one.error }] : [],
  );
  const errors = posed.map(one => one.error);
  const part = (alpha: number) =>
    average(posed.map(one => pck(jointErrors(one.found.image, one.truth.image), one.torso, alpha)));
  return {
    wanted: judged.length,
    posed: posed.length,
    right: errors.filter(error => error < RIGHT).length,
    meanError: average(errors),
    p95Error: quantile(errors, 0.95),
    pck10: part(0.1),
    pck20: part(0.2),
    mpjpe: average(posed.map(one => rootAlignedError(one.found.world, one.truth.camera))) * 1000,
    paMpjpe: average(posed.map(one => procrustesError(one.found.world, one.truth.camera))) * 1000,
    swaps: posed.filter(one => isSwapped(one.found.image, one.truth.image)).length,
    falsePersons: matches.reduce((sum, match) => sum + match.nobody.length, 0),
    identitySwitches: countSwitches(judged, clip.people),
    reliability: reliabilityOf([
      ...posed.map(one => ({ confidence: one.found.score, right: one.error < RIGHT })),
      ...matches.flatMap(match => match.nobody.map(pose => ({ confidence: pose.score, right: false }))),
    ]),
    jitter: jitterOf(judged, clip.people),
    series: seriesOf(judged, clip),
  };
}
