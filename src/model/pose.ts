import type { Region } from './region.js';

/** A landmark in the picture. */
export interface Landmark {
  /** Fraction of the picture's width, 0 at the left edge; outside 0-1 where the joint lies outside the picture. */
  readonly x: number;
  /** Fraction of the picture's height, 0 at the top edge. */
  readonly y: number;
  /** Depth in the scale of `x`, 0 at the middle of the hips, smaller is nearer to the camera. */
  readonly z: number;
  /** Likelihood that the landmark is in the picture and not hidden, 0-1. */
  readonly visibility: number;
  /**
   * Probability that the joint lies within 0.2 torso lengths of its true place, 0-1; undefined where nothing judged it.
   */
  readonly confidence?: number | undefined;
}

/** How sure a landmark is, 0-1: its confidence where something judged it, else its visibility. */
export function confidenceOf<V extends number | undefined>({
  confidence,
  visibility,
}: {
  readonly confidence?: number | undefined;
  readonly visibility: V;
}): number | V {
  return confidence ?? visibility;
}

/** A landmark in metres around the middle of the hips; x to the picture's right, y down, z away from the camera. */
export interface WorldLandmark {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** One person in one picture: 33 landmarks by id (`LANDMARK_NAMES`), in the picture and in metres. */
export interface Pose {
  readonly landmarks: readonly Landmark[];
  readonly worldLandmarks: readonly WorldLandmark[];
  /**
   * The landmark network's probability that a person is where it looked, 0-1; undefined where the engine does not tell.
   */
  readonly presence?: number | undefined;
  /**
   * What the network says of each landmark beside its place: `SIGNALS` numbers for each, by id; undefined where the
   * engine does not tell.
   */
  readonly signals?: Float32Array | undefined;
  /**
   * Where to look for the person in the next frame, in pixels of the picture; undefined where the engine does not tell.
   */
  readonly next?: Region | undefined;
}

/**
 * The numbers of `Pose.signals` for one landmark. `presence`: the probability that the landmark is in the square that
 * the network looked at, 0-1. `peak`: the height of its heatmap near its place, 0-1. `offset`: how far from there the
 * heatmap's highest point lies, in sides of the square. `spread`: how wide the heatmap is near the place, in sides of
 * the square.
 */
export const SIGNALS = ['presence', 'peak', 'offset', 'spread'] as const;
export type Signal = (typeof SIGNALS)[number];

/** One of a landmark's signals; undefined where the engine does not tell. */
export function signalOf({ signals }: Pose, landmarkId: number, signal: Signal): number | undefined {
  return signals?.[landmarkId * SIGNALS.length + SIGNALS.indexOf(signal)];
}
