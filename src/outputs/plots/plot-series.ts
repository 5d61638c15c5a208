import type { BinnedSeries } from './binned-series.js';

/** What is plotted, each for both sides. */
export const PLOTTED_JOINTS = ['knee', 'hip', 'elbow', 'shoulder'] as const;

/** Of a whole table, in bins of time. */
export interface PlotSeries {
  readonly title: string;
  readonly frames: number;
  /** Channels: time in seconds, score, and 1 for frames that are missing, were found by a retry, or were filled. */
  readonly video: BinnedSeries;
  /** By person id: joint angles in the picture in degrees, `PLOTTED_JOINTS` by `SIDES`. */
  readonly people: ReadonlyMap<number, BinnedSeries>;
}
