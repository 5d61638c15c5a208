import type { LandmarkName } from '../model/blazepose.js';
import type { Limit, Tolerance } from './tolerance.js';

/** What may differ. */
export interface CompareLimits {
  readonly position: Tolerance;
  readonly depth: Tolerance;
  /** Metres. */
  readonly world: number;
  /** 0-1. */
  readonly visibility: number;
  /** 0-1; of landmarks that have one in the golden file. */
  readonly confidence: number;
  /** Landmarks that the golden file sees less are not compared, 0-1. */
  readonly minVisibility: number;
  /** By name of the landmark, in place of `position`. */
  readonly landmarks: Readonly<Partial<Record<LandmarkName, Tolerance>>>;
  readonly maxDifferent: Limit;
  readonly maxMissing: Limit;
  readonly maxSwaps: Limit;
  /** Frames and landmarks to name. */
  readonly worst: number;
}

/** How much of something there is in both files. */
export interface Counts {
  readonly golden: number;
  readonly new: number;
  readonly compared: number;
  /** In the golden file alone. */
  readonly lost: number;
  /** In the new file alone. */
  readonly added: number;
}

/** What a landmark differs in. */
export type Aspect = 'position' | 'depth' | 'world' | 'visibility' | 'confidence' | 'absent';

export interface WorstFrame {
  readonly frameId: number;
  readonly timestamp: number;
  readonly personId: number;
  readonly landmark: string;
  readonly aspect: Aspect;
  /** How far off, in what the aspect is told in: pixels, metres, 0-1. */
  readonly off: number;
  /** The same by what is allowed. */
  readonly ratio: number;
}

export interface WorstLandmark {
  readonly name: string;
  /** Pixels. */
  readonly mean: number;
  readonly max: number;
  /** How often it is further off than allowed, in any aspect. */
  readonly different: number;
}

/** How two landmark files differ. */
export interface Comparison {
  readonly golden: string;
  readonly new: string;
  readonly passed: boolean;
  /** Why it did not pass, a line each. */
  readonly failures: readonly string[];
  /** What the differences look like. */
  readonly hints: readonly string[];
  readonly frames: Counts;
  /** Lost and added ones of the frames that were compared. */
  readonly poses: Counts;
  readonly landmarks: { readonly compared: number; readonly different: number };
  /** Landmarks that are further off than allowed, by what they differ in. */
  readonly aspects: Readonly<Record<Aspect, number>>;
  /** Poses whose left and right are swapped. */
  readonly swaps: number;
  /** How often a person of the golden file gets another id in the new one. */
  readonly identityChanges: number;
  /** Frames of another `status`; that alone is no failure. */
  readonly statusChanges: number;
  /** Pixels between landmarks of both files. */
  readonly distance: { readonly mean: number; readonly max: number };
  /** Pixels per minute by which the new landmarks move away, fitted over all frames. */
  readonly drift: { readonly x: number; readonly y: number };
  readonly worstFrames: readonly WorstFrame[];
  readonly worstLandmarks: readonly WorstLandmark[];
  /** The first moments, in seconds, of frames that only one file has. */
  readonly lostAt: readonly number[];
  readonly addedAt: readonly number[];
}
