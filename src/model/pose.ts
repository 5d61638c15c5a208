import type { Region } from './region.js';

/** A landmark in the picture. */
export interface Landmark {
  /** Fraction of the picture's width, 0 at the left edge; outside 0-1 if the joint lies outside the picture. */
  readonly x: number;
  /** Fraction of the picture's height, 0 at the top edge. */
  readonly y: number;
  /** Depth in the scale of `x`, 0 at the middle of the hips, smaller means nearer to the camera. */
  readonly z: number;
  /** Probability that the landmark is in the picture and not hidden, 0-1. */
  readonly visibility: number;
  /** Probability that the joint lies within 0.2 torso lengths of its true place, 0-1; undefined if not judged. */
  readonly confidence?: number | undefined;
}

/** How certain a landmark is, 0-1: its confidence if judged, otherwise its visibility. */
export function confidenceOf<V extends number | undefined>({
  confidence,
  visibility,
}: {
  readonly confidence?: number | undefined;
  readonly visibility: V;
}): number | V {
  return confidence ?? visibility;
}

/** A landmark in metres from the middle of the hips; x to the picture's right, y down, z away from the camera. */
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
   * The landmark network's probability that its region shows a person, 0-1; undefined if the engine does not report it.
   */
  readonly presence?: number | undefined;
  /**
   * The network's further output for each landmark: `SIGNALS` numbers for each, by id; undefined if the engine does not
   * report them.
   */
  readonly signals?: Float32Array | undefined;
  /**
   * Where to search for the person in the next frame, in pixels of the picture; undefined if the engine does not report
   * it.
   */
  readonly next?: Region | undefined;
}

/**
 * The numbers of `Pose.signals` for one landmark. `presence`: the probability that the landmark is in the square given
 * to the network, 0-1. `peak`: the height of its heatmap near its position, 0-1. `offset`: distance from there to the
 * heatmap's highest point, in sides of the square. `spread`: width of the heatmap near the position, in sides of the
 * square.
 */
export const SIGNALS = ['presence', 'peak', 'offset', 'spread'] as const;
export type Signal = (typeof SIGNALS)[number];

/** One of a landmark's signals; undefined if the engine does not report it. */
export function signalOf({ signals }: Pose, landmarkId: number, signal: Signal): number | undefined {
  return signals?.[landmarkId * SIGNALS.length + SIGNALS.indexOf(signal)];
}
