import { peaksOf } from './extrema.js';
import { meanAndDeviation, SmoothedSeries } from './resample.js';
import { longestGap } from './stretches.js';

/** One repetition: from rest to the turning point and back. */
export interface Repetition {
  /** In seconds, with the indexes of the nearest frames. */
  readonly start: number;
  readonly turn: number;
  readonly end: number;
  readonly startFrame: number;
  readonly turnFrame: number;
  readonly endFrame: number;
  /** The angle in degrees at rest (mean of start and end) and at the turning point. */
  readonly rest: number;
  readonly reached: number;
}

/** The repetitions of one angle. */
export interface Repetitions {
  readonly found: readonly Repetition[];
  /** Degrees between rest and turning point, the mean. */
  readonly range: number;
  /** Variation of repetitions in range and in time: the larger standard deviation over mean of both. */
  readonly variation: number;
}

/** Fraction of the angle's whole range: smaller turns are not repetitions. */
const PROMINENCE = 0.4;
/** Smaller movements are noise, in degrees. */
export const LEAST_RANGE_DEGREES = 15;
/** Where a recording begins or ends, an angle is at rest if it lies this near to it, as a fraction of the range. */
const AT_REST = 0.25;
/** It has come down when this fraction of the way is left. */
const SETTLED = 0.1;

interface Turn {
  readonly time: number;
  readonly frame: number;
  readonly value: number;
}

/**
 * The repetitions in the course of an angle: excursions from rest and back, by the prominence of its turning points.
 * Rest is where the recording begins and ends. A repetition cut off by a gap, the beginning or the end does not count.
 * @param times rising, in seconds
 * @param degrees by frame, NaN if absent
 */
export function repetitionsOf(times: readonly number[], degrees: ArrayLike<number>): Repetitions {
  const series = new SmoothedSeries(times, degrees, longestGap(times));
  const [low, high] = extremesOf(series.parts.flatMap(({ values }) => values));
  const range = high - low;
  if (!(range >= LEAST_RANGE_DEGREES)) return { found: [], range: 0, variation: 0 };
  const sign = restsLow(series) ? 1 : -1;
  const found = series.parts.flatMap(({ stretch, values }) => {
    const part = times.slice(stretch.from, stretch.to);
    const upward = values.map(value => sign * value);
    return excursions(part, upward, PROMINENCE * range).map(([a, b, c]): Repetition => {
      const frame = (turn: Turn) => stretch.from + turn.frame;
      return {
        start: a.time,
        turn: b.time,
        end: c.time,
        startFrame: frame(a),
        turnFrame: frame(b),
        endFrame: frame(c),
        rest: (sign * (a.value + c.value)) / 2,
        reached: sign * b.value,
      };
    });
  });
  const seen = found.filter(({ turnFrame }) => Number.isFinite(degrees[turnFrame]));
  const ranges = meanAndDeviation(seen.map(({ rest, reached }) => Math.abs(reached - rest)));
  const durations = meanAndDeviation(seen.map(({ start, end }) => end - start));
  const variations = [ranges, durations].map(({ mean, deviation }) => (deviation || 0) / mean);
  return { found: seen, range: ranges.mean || 0, variation: Math.max(...variations) || 0 };
}

/** Minimum and maximum of some values, without spreading them into arguments. */
function extremesOf(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Whether the angle begins and ends nearer to its lowest values than to its highest ones. */
function restsLow({ parts }: SmoothedSeries): boolean {
  const all = parts.flatMap(({ values }) => values);
  const [low, high] = extremesOf(all);
  const ends = (all[0]! + all.at(-1)!) / 2;
  return ends - low <= high - ends;
}

/** Rest, turning point and rest of each complete excursion upwards. */
function excursions(times: readonly number[], values: readonly number[], least: number): [Turn, Turn, Turn][] {
  const tops = peaksOf(times, values, { least, atStart: least, atEnd: least });
  const level = extremesOf(values)[0];
  const isRest = (at: number) => values[at]! - level <= (AT_REST / PROMINENCE) * least;
  return tops.flatMap(({ index, time, value }, i): [Turn, Turn, Turn][] => {
    const [before, after] = [tops[i - 1], tops[i + 1]];
    const lows = [
      lowestBetween(values, before?.index ?? 0, index),
      lowestBetween(values, index, after?.index ?? values.length - 1),
    ] as const;
    // Between two maxima an angle may come to rest or not; before the first and after the last it must.
    if ((!before && !isRest(lows[0])) || (!after && !isRest(lows[1]))) return [];
    const [from, to] = [settled(values, index, lows[0]), settled(values, index, lows[1])];
    const at = (frame: number): Turn => ({ time: times[frame]!, frame, value: values[frame]! });
    return [[at(from), { time, frame: index, value }, at(to)]];
  });
}

function lowestBetween(values: readonly number[], from: number, to: number): number {
  let lowest = from;
  for (let i = from; i <= to; i++) if (values[i]! < values[lowest]!) lowest = i;
  return lowest;
}

/** Where an angle on its way from a maximum to a minimum has come down and stops falling: a rest may follow. */
function settled(values: readonly number[], top: number, low: number): number {
  const step = low < top ? -1 : 1;
  const nearly = values[low]! + SETTLED * (values[top]! - values[low]!);
  let at = top;
  while (at !== low && values[at]! > nearly) at += step;
  while (at !== low && values[at + step]! < values[at]!) at += step;
  return at;
}
