import { SIDES } from '../../model/body.js';
import type { BinnedSeries } from './binned-series.js';

/** The plotted angles, each for both sides. */
export const PLOTTED_JOINTS = ['knee', 'hip', 'elbow', 'shoulder'] as const;

/** The angles of a person, in the order of their channels. */
export const ANGLE_CHANNELS: readonly string[] = PLOTTED_JOINTS.flatMap(joint => SIDES.map(side => `${side}_${joint}`));

/**
 * A person's channels after those of the angles: the score, then 1 or 0 for whether the frame has a pose of the person,
 * and whether that was newly detected, found on retry, or filled between neighbours.
 */
export const PERSON_CHANNELS = {
  score: ANGLE_CHANNELS.length,
  present: ANGLE_CHANNELS.length + 1,
  detected: ANGLE_CHANNELS.length + 2,
  retried: ANGLE_CHANNELS.length + 3,
  filled: ANGLE_CHANNELS.length + 4,
} as const;
export const PERSON_WIDTH = ANGLE_CHANNELS.length + Object.keys(PERSON_CHANNELS).length;

/** A whole table, in bins of time. */
export interface PlotSeries {
  readonly title: string;
  readonly frames: number;
  /** One channel: time in seconds. */
  readonly times: BinnedSeries;
  /** By person id: joint angles in the picture in degrees, and `PERSON_CHANNELS`. */
  readonly people: ReadonlyMap<number, BinnedSeries>;
  /** Number of people in the table, plotted or not. */
  readonly peopleInAll: number;
}
