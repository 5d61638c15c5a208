import type { Pose } from '../model/pose.js';
import { poseDistance } from './plausibility.js';
import { AGREE, type Judgement, scoreAlone, scoreChecked } from './score.js';

/** A pose with what is thought of it. */
export interface Candidate {
  readonly name: string;
  readonly pose: Pose;
  readonly careful: boolean;
  readonly tracked: boolean;
  readonly judgement: Judgement;
  /** With what other looks say. */
  score: number;
}

/** What is left of the score of a pose that a second look does not find at all, and of one that no other look agrees with. */
export const UNCONFIRMED = 0.5;
const STANDS_ALONE = 0.55;
/** The same for a pose that goes on from where the person was. */
const GOES_ON_ALONE = 0.8;
/** A pose less plausible than this speaks for no other. */
const LEAST_WITNESS = 0.3;
/** Two poses this near, in torso lengths, are one person found twice. */
export const SAME_PERSON = 0.5;

/**
 * What looks say of each other. Where both networks looked, their agreement counts; of several looks one that stands alone is not believed, unless it goes on
 * from where the person was: among many doubtful poses there is always one that seems good.
 */
export function weigh(candidates: readonly Candidate[], width: number, height: number): void {
  for (const candidate of candidates) {
    const others = candidates
      .filter(other => other !== candidate)
      .map(other => ({ ...other, distance: poseDistance(candidate.pose, other.pose, width, height) }));
    const { judgement, careful } = candidate;
    const alone = scoreAlone(judgement, careful);
    const checks = others.filter(other => other.careful !== careful).map(({ distance }) => distance);
    const checked = checks.length === 0 ? alone : scoreChecked(judgement, Math.min(...checks));
    const isBacked = others.some(other => other.distance < AGREE && scoreAlone(other.judgement) >= LEAST_WITNESS);
    // The careful network needs no other network's word, but a second look.
    const score = careful && !isBacked ? alone : careful ? Math.max(alone, checked) : checked;
    const lone = judgement.goesOn ? GOES_ON_ALONE : STANDS_ALONE;
    candidate.score = others.length === 0 || isBacked ? score : score * lone;
  }
}

/** Of nearly equal poses the tracker's is taken, which is smooth, or the careful network's, which is nearer to the truth. */
const PREFERENCE = 0.03;

/** The highest score; of equal ones the first. */
export function best(candidates: readonly Candidate[]): Candidate | undefined {
  const worth = ({ score, tracked, careful }: Candidate) => score + (tracked || careful ? PREFERENCE : 0);
  return candidates.reduce<Candidate | undefined>(
    (winner, candidate) => (winner && worth(winner) >= worth(candidate) ? winner : candidate),
    undefined,
  );
}

/** Whether a pose is of somebody who is among those found already. */
export function isAmong(pose: Pose, found: readonly Candidate[], width: number, height: number): boolean {
  return found.some(other => poseDistance(pose, other.pose, width, height) < SAME_PERSON);
}
