import { outliers } from '../filters/hampel.js';
import { fillGaps } from '../gaps.js';
import { smooth, stepOf } from '../process-series.js';
import { filterGains } from './filter-gains.js';

/** Positions of a point over time without a longer gap, in metres. */
export interface Way {
  /** Seconds, rising. */
  readonly times: readonly number[];
  /** Filtered. */
  readonly along: readonly number[];
  readonly up: readonly number[];
}

/** All known positions of a point within a run of the clock. */
export interface Ways {
  readonly ways: readonly Way[];
  /** Error of a position before filtering, in each direction: one standard deviation in metres. */
  readonly jitter: number;
  readonly cutoffHz: number;
  readonly rateHz: number;
  /** Seconds between the first and the last path in which the point was not seen. */
  readonly unseen: number;
}

/** A person out of sight for up to this long is assumed to move straight on. */
export const STRAIGHT_SECONDS = 1;
/** Longer gaps are not filled, in seconds; a few frames more at low frame rates. */
const BRIDGED_SECONDS = 0.25;
const BRIDGED_STEPS = 2.1;
const LEAST_FRAMES = 7;
/** Of the fourth-order Butterworth filter, forwards and backwards. */
const CUTOFF_HZ = 6;
/** Fraction of the rate: a filter cannot cut off at half of it. */
const HIGHEST_CUTOFF = 0.35;
/** Hampel's window on either side, in frames, and its limit; smaller jumps, in metres, do not count. */
const OUTLIERS = { half: 3, sigmas: 4, least: 0.05 } as const;
/**
 * In addition to their jitter, landmarks drift slowly, which no filter removes: on the rendered samples by twice their
 * jitter (65 joints; two thirds are within a factor of 1.6), and by at least a centimetre; as one standard deviation.
 */
const WANDER = { jitters: 2, metres: 0.01 } as const;
/** Drift is spread over frequencies up to this one. */
const WANDER_HZ = 4;

/**
 * Removes single jumps, fills short gaps, and filters each stretch between longer ones.
 * @param times rising, in seconds, without a jump of the clock
 * @param along, up in metres, NaN if absent
 * @param highestHz of the cutoff; lower at low frame rates
 */
export function waysOf(
  times: readonly number[],
  along: readonly number[],
  up: readonly number[],
  highestHz = CUTOFF_HZ,
): Ways {
  const isOff = [along, up].map(values => outliers(values, OUTLIERS.half, OUTLIERS.sigmas, OUTLIERS.least));
  const isSeen = (i: number) => !Number.isNaN(along[i]! + up[i]!) && !isOff[0]![i] && !isOff[1]![i];
  const spans = spansOf(times, isSeen);
  const rateHz = 1 / stepOf(times);
  const cutoffHz = Math.min(highestHz, HIGHEST_CUTOFF * rateHz);
  const residuals: number[] = [];
  const ways = spans.map(([from, to]): Way => {
    const part = times.slice(from, to);
    const filtered = [along, up].map(values => {
      const known = Array.from({ length: to - from }, (_, i) => (isSeen(from + i) ? values[from + i]! : Number.NaN));
      const whole = fillGaps(part, known, known.length, 'linear');
      const result = Array.from(smooth(part, whole, { kind: 'butterworth', order: 4, cutoffHz }));
      for (const [i, value] of known.entries()) if (!Number.isNaN(value)) residuals.push((value - result[i]!) ** 2);
      return result;
    });
    return { times: part, along: filtered[0]!, up: filtered[1]! };
  });
  const seen = ways.reduce((sum, way) => sum + secondsOf(way), 0);
  const [first, last] = [ways[0]?.times[0] ?? 0, ways.at(-1)?.times.at(-1) ?? 0];
  const power = residuals.reduce((sum, square) => sum + square, 0) / Math.max(1, residuals.length);
  const jitter = Math.sqrt(power / filterGains(cutoffHz, rateHz).residual);
  return { ways, jitter, cutoffHz, rateHz, unseen: Math.max(0, last - first - seen) };
}

/**
 * Paths that assume straight motion in short gaps: paths with shorter gaps between them are joined.
 * @param longest of such a gap, in seconds
 */
export function bridged(ways: readonly Way[], longest = STRAIGHT_SECONDS): Way[] {
  const groups: Way[][] = [];
  for (const way of ways) {
    const before = groups.at(-1)?.at(-1);
    if (before && way.times[0]! - before.times.at(-1)! <= longest) groups.at(-1)!.push(way);
    else groups.push([way]);
  }
  const all = (group: readonly Way[], of: keyof Way) => group.flatMap(way => way[of]);
  return groups.map(group => ({ times: all(group, 'times'), along: all(group, 'along'), up: all(group, 'up') }));
}

export function secondsOf({ times }: Way): number {
  return times.at(-1)! - times[0]!;
}

/**
 * Error of a filtered position in each direction, in metres, one standard deviation: its drift, which the filter hardly
 * changes, and the rest of its jitter.
 */
export function placeError(ways: Ways): number {
  return Math.hypot(wanderOf(ways), ways.jitter * Math.sqrt(filterGains(ways.cutoffHz, ways.rateHz).place));
}

/** Of a filtered velocity in each direction, in metres per second, one standard deviation. */
export function velocityError(ways: Ways): number {
  const { jitter, cutoffHz, rateHz } = ways;
  const wander = wanderOf(ways) * Math.sqrt(filterGains(cutoffHz, rateHz, WANDER_HZ).velocity);
  return Math.hypot(wander, jitter * Math.sqrt(filterGains(cutoffHz, rateHz).velocity));
}

function wanderOf({ jitter }: Ways): number {
  return Math.max(WANDER.metres, WANDER.jitters * (jitter || 0));
}

/** The filter in words. */
export function filterOf({ cutoffHz }: Ways): string {
  return `Butterworth ${Number(cutoffHz.toFixed(2))} Hz of order 4 without lag`;
}

/** Where a point was seen, except for short gaps: from, and the index after the last. */
export function spansOf(times: readonly number[], isSeen: (i: number) => boolean): [from: number, to: number][] {
  const longest = Math.max(BRIDGED_SECONDS, BRIDGED_STEPS * stepOf(times));
  const spans: [number, number][] = [];
  for (let i = 0; i < times.length; i++) {
    if (!isSeen(i)) continue;
    const last = spans.at(-1);
    if (last && times[i]! - times[last[1] - 1]! <= longest) last[1] = i + 1;
    else spans.push([i, i + 1]);
  }
  return spans.filter(([from, to]) => to - from >= LEAST_FRAMES);
}

export function medianOf(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
