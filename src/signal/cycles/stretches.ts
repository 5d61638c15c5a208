import { fillGaps } from '../gaps.js';
import { smooth, stepOf } from '../process-series.js';

/** Frames in which a subject was seen throughout, except for short gaps; `to` is the index after the last. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Shorter gaps are bridged for the filter, in seconds; a few frames more at low frame rates. */
const BRIDGED_SECONDS = 0.12;
const BRIDGED_STEPS = 2.1;
/** Of the fourth-order Butterworth filter, forwards and backwards, as in Zeni et al. 2008 and for joint angles. */
const CUTOFF_HZ = 6;
/**
 * Fraction of the rate. A filter cannot cut off at half of it, and a short stretch with uneven times is resampled at
 * two thirds of its rate at least.
 */
const HIGHEST_CUTOFF = 0.3;

const knownSteps = new WeakMap<readonly number[], number>();

/** `stepOf`, once for the times shared by all angles of a person. */
function usualStep(times: readonly number[]): number {
  const step = knownSteps.get(times) ?? stepOf(times);
  knownSteps.set(times, step);
  return step;
}

/** The longest time between two frames of a stretch, in seconds. @param times rising */
export function longestGap(times: readonly number[]): number {
  return Math.max(BRIDGED_SECONDS, BRIDGED_STEPS * usualStep(times));
}

/**
 * The stretches in which a subject was seen.
 * @param times rising, in seconds @param isSeen by frame
 */
export function stretchesOf(times: readonly number[], isSeen: (frame: number) => boolean, gap: number): Stretch[] {
  const found: Stretch[] = [];
  let from = -1;
  let last = -1;
  for (let i = 0; i < times.length; i++) {
    if (!isSeen(i)) continue;
    if (from >= 0 && times[i]! - times[last]! > gap) {
      found.push({ from, to: last + 1 });
      from = i;
    } else if (from < 0) from = i;
    last = i;
  }
  if (from >= 0) found.push({ from, to: last + 1 });
  return found;
}

/** A stretch of a series: short gaps filled, then low-pass filtered. @param values NaN if absent */
export function smoothStretch(times: readonly number[], values: ArrayLike<number>, { from, to }: Stretch): number[] {
  const part = from === 0 && to === times.length ? times : times.slice(from, to);
  const raw = Float64Array.from({ length: to - from }, (_, i) => values[from + i]!);
  const whole = fillGaps(part, raw, raw.length, 'linear');
  if (whole.some(Number.isNaN) || part.length < 3) return [...whole];
  const cutoffHz = Math.min(CUTOFF_HZ, HIGHEST_CUTOFF / usualStep(part));
  return Array.from(smooth(part, whole, { kind: 'butterworth', order: 4, cutoffHz }));
}

/** Distance between the 5th and 95th percentile of a series' known values; NaN if none exist. */
export function spreadOf(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return at(0.95) - at(0.05);
}
