import type { Pose } from '../model/pose.js';
import type { Judgement } from './judge.js';
import { poseDistance, seenShare, shareApart } from './seen.js';

/** A pose that one attempt found, with what is thought of it. */
export interface Candidate {
  /** As it appears in the table's `strategy`. */
  readonly name: string;
  readonly pose: Pose;
  /** Whether the refining network found it. */
  readonly refined: boolean;
  /** Name of the strategy whose light it was found in. */
  readonly light: string;
  /** Whether it goes on from the frame before. */
  readonly tracked: boolean;
  /** Whether left and right changed places against the motion. */
  readonly swapped: boolean;
  readonly judgement: Judgement;
}

/** Who is reported in a frame. */
export interface Chosen {
  readonly id: number;
  readonly candidate: Candidate;
}

/** Two poses this near, in trunk lengths, are one person found twice. */
export const SAME_PERSON = 0.5;
/**
 * Two attempts at a whole body agree when their landmarks are this near on average, in trunk lengths, and few of them
 * lie far apart.
 */
const AGREE = 0.1;
const APART = 0.2;
const MOST_APART = 0.12;
/**
 * Where less of the body is seen, the networks differ more from the truth than from each other: they must be nearer.
 */
const AGREE_IN_PART = 0.027;
/** Parts of the limbs' joints from which on a body is whole, and up to which it is a part. */
const WHOLE = 0.85;
const PART = 0.7;

/** Of nearly equal poses the refining network's is taken, which is nearer to the truth, or the tracker's. */
const PREFERENCE = 0.03;

/** Whether two attempts say the same of what can be seen. */
export function agree(a: Pose, b: Pose, width: number, height: number): boolean {
  const seen = Math.max(seenShare(a), seenShare(b));
  const wholeness = Math.min(1, Math.max(0, (seen - PART) / (WHOLE - PART)));
  const allowed = AGREE_IN_PART + wholeness * (AGREE - AGREE_IN_PART);
  return poseDistance(a, b, width, height) <= allowed && shareApart(a, b, width, height, APART) <= MOST_APART;
}

/** The highest score; of equal ones the first. */
export function best(candidates: readonly Candidate[]): Candidate | undefined {
  const worth = ({ judgement, tracked, refined }: Candidate) => judgement.score + (tracked || refined ? PREFERENCE : 0);
  return candidates.reduce<Candidate | undefined>(
    (winner, candidate) => (winner && worth(winner) >= worth(candidate) ? winner : candidate),
    undefined,
  );
}

/** Whether a pose is of somebody who is among those found already. */
export function isAmong(pose: Pose, found: readonly Pose[], width: number, height: number): boolean {
  return found.some(other => poseDistance(pose, other, width, height) < SAME_PERSON);
}
