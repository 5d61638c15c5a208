import type { LandmarkName } from '../model/blazepose.js';
import type { RecordDifference } from './record-differences.js';
import type { Limit, Tolerance } from './tolerance.js';

/** How much may differ. */
export interface CompareLimits {
  readonly position: Tolerance;
  readonly depth: Tolerance;
  /** Metres. */
  readonly world: number;
  /** 0-1. */
  readonly visibility: number;
  /** 0-1; of landmarks that have one in the golden file. */
  readonly confidence: number;
  /** Landmarks less visible than this in the golden file are not compared, 0-1. */
  readonly minVisibility: number;
  /** Tolerances that replace `position` for single landmarks, by name. */
  readonly landmarks: Readonly<Partial<Record<LandmarkName, Tolerance>>>;
  readonly maxDifferent: Limit;
  readonly maxMissing: Limit;
  readonly maxSwaps: Limit;
  /** Number of frames and landmarks that the report lists. */
  readonly worst: number;
}

/** Numbers of frames or poses in both files. */
export interface Counts {
  readonly golden: number;
  readonly new: number;
  readonly compared: number;
  /** Only in the golden file. */
  readonly lost: number;
  /** Only in the new file. */
  readonly added: number;
}

/** The ways in which a landmark can differ; `absent`: it is not in the new file. */
export type Aspect = 'position' | 'depth' | 'world' | 'visibility' | 'confidence' | 'absent';

export interface WorstFrame {
  readonly frameId: number;
  readonly timestamp: number;
  readonly personId: number;
  readonly landmark: string;
  readonly aspect: Aspect;
  /** The difference in the aspect's unit: pixels, metres, 0-1. */
  readonly off: number;
  /** The difference divided by the tolerance. */
  readonly ratio: number;
}

export interface WorstLandmark {
  readonly name: string;
  /** Distance between both positions, in pixels. */
  readonly mean: number;
  readonly max: number;
  /**
   * Number of times that its position exceeds the tolerance or is absent, and that any aspect exceeds its tolerance.
   */
  readonly positions: number;
  readonly different: number;
}

/** The differences between two landmark files. */
export interface Comparison {
  readonly golden: string;
  readonly new: string;
  readonly passed: boolean;
  /** The reasons for a failure, one line each. */
  readonly failures: readonly string[];
  /** A description of the differences. */
  readonly hints: readonly string[];
  /** Differences between the run records beside both tables; empty if a table has no record. */
  readonly records: readonly RecordDifference[];
  readonly frames: Counts;
  /** Lost and added poses in the frames that both files have. */
  readonly poses: Counts;
  readonly landmarks: { readonly compared: number; readonly different: number };
  /** Landmarks that exceed the tolerance, by aspect. */
  readonly aspects: Readonly<Record<Aspect, number>>;
  /** Poses with left and right swapped. */
  readonly swaps: number;
  /** Number of times that a person of the golden file changes to another id in the new one. */
  readonly identityChanges: number;
  /** Frames with a different `status`; this alone is not a failure. */
  readonly statusChanges: number;
  /** Pixels between landmarks of both files. */
  readonly distance: { readonly mean: number; readonly max: number };
  /** Drift of the new landmarks in pixels per minute, fitted over all frames; null for less than ten seconds. */
  readonly drift: { readonly x: number; readonly y: number } | null;
  /** Positions beyond the tolerance first; depths have a list of their own. */
  readonly worstFrames: readonly WorstFrame[];
  readonly worstDepths: readonly WorstFrame[];
  readonly worstLandmarks: readonly WorstLandmark[];
  /** Times of the first frames that only one file has, in seconds. */
  readonly lostAt: readonly number[];
  readonly addedAt: readonly number[];
}
