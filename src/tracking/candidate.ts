import type { Pose } from '../model/pose.js';
import type { Judgement } from './judge.js';
import { poseDistance, seenShare, shareApart } from './seen.js';

/** A pose found by one attempt, with its judgement. */
export interface Candidate {
  /** As written to the table's `strategy` column. */
  readonly name: string;
  readonly pose: Pose;
  /** Whether the refining network found it. */
  readonly refined: boolean;
  /** Name of the strategy that produced its light. */
  readonly light: string;
  /** Whether it continues the frame before. */
  readonly tracked: boolean;
  /** Whether left and right were swapped against the motion. */
  readonly swapped: boolean;
  readonly judgement: Judgement;
}

/** A person reported in a frame. */
export interface Chosen {
  readonly id: number;
  readonly candidate: Candidate;
}

/** Two poses this near, in trunk lengths, are the same person found twice. */
export const SAME_PERSON = 0.5;
/**
 * Two attempts at a whole body agree if their landmarks are this near on average, in trunk lengths, and few of them lie
 * far apart.
 */
const AGREE = 0.1;
const APART = 0.2;
const MOST_APART = 0.12;
/**
 * If less of the body is visible, the networks differ more from the truth than from each other: they must be nearer.
 */
const AGREE_IN_PART = 0.027;
/** Shares of visible limb joints: from the first value a body counts as whole, up to the second as partial. */
const WHOLE = 0.85;
const PART = 0.7;

/** Of nearly equal poses the refining network's is taken, which is closer to the truth, or the tracker's. */
const PREFERENCE = 0.03;

/** Whether two attempts agree on everything visible. */
export function agree(a: Pose, b: Pose, width: number, height: number): boolean {
  const seen = Math.max(seenShare(a), seenShare(b));
  const wholeness = Math.min(1, Math.max(0, (seen - PART) / (WHOLE - PART)));
  const allowed = AGREE_IN_PART + wholeness * (AGREE - AGREE_IN_PART);
  return poseDistance(a, b, width, height) <= allowed && shareApart(a, b, width, height, APART) <= MOST_APART;
}

/** The highest score; the first of equal ones. */
export function best(candidates: readonly Candidate[]): Candidate | undefined {
  const worth = ({ judgement, tracked, refined }: Candidate) => judgement.score + (tracked || refined ? PREFERENCE : 0);
  return candidates.reduce<Candidate | undefined>(
    (winner, candidate) => (winner && worth(winner) >= worth(candidate) ? winner : candidate),
    undefined,
  );
}

/** Whether a pose shows a person who is already among those found. */
export function isAmong(pose: Pose, found: readonly Pose[], width: number, height: number): boolean {
  return found.some(other => poseDistance(pose, other, width, height) < SAME_PERSON);
}
