import { type Html, html } from '../text/html.js';
import { binsOf, meanOf, worstOf } from './bins.js';
import { statusRow } from './statuses.js';

/** A video's time in a few bins, for one line of a list. */
export interface Strip {
  /** The worst status of each bin, as a digit. */
  readonly worst: string;
  /** Mean score of each bin, 0-1. */
  readonly scores: readonly number[];
}

const BINS = 240;

/** @param statuses a digit for each frame @param scores 0-255 for each frame */
export function stripOf(statuses: Float64Array, scores: Float64Array): Strip {
  const bins = binsOf(statuses.length, BINS);
  return {
    worst: bins.map(([from, to]) => worstOf(statuses.subarray(from, to))).join(''),
    scores: bins.map(([from, to]) => meanOf(scores.subarray(from, to)) / 255),
  };
}

const SCORE_PX = 16;

/** The score as a curve, and below it the status of each bin. */
export function drawStrip({ worst, scores }: Strip): Html {
  const heights = scores.map(score => ((SCORE_PX - 2) * (1 - score) + 1).toFixed(1));
  // A level stretch needs its ends alone: with thousands of videos the points are most of the page.
  const isLevel = (i: number) => heights[i - 1] === heights[i] && heights[i + 1] === heights[i];
  const points = heights.flatMap((height, i) => (isLevel(i) ? [] : [`${i + 0.5},${height}`])).join(' ');
  const box = `0 0 ${Math.max(1, worst.length)} ${SCORE_PX}`;
  return html`<svg class="strip" viewBox="${box}" preserveAspectRatio="none" role="img" aria-label="score over time"><polyline points="${points}"/></svg>${statusRow(worst, 'status over time')}`;
}
