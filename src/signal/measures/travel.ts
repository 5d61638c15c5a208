import { derivative } from '../derivative.js';
import { highestOf } from './highest.js';
import { inQuadrature, joinNotes, type Measurement } from './measurement.js';
import type { PictureScale } from './picture-scale.js';
import {
  bridged,
  filterOf,
  placeError,
  STRAIGHT_SECONDS,
  secondsOf,
  velocityError,
  type Way,
  type Ways,
} from './way.js';

/** Shorter movements back and forth, in metres or in deviations of the jitter, are ignored. */
const LEAST_TURN = { metres: 0.02, deviations: 3 } as const;
/** Frames at either end of a path at which a filter and a difference are less accurate. */
const ENDS = 2;

/** The length of a path along one axis. */
interface Zigzag {
  readonly length: number;
  /** Number of turning points. */
  readonly turns: number;
}

/**
 * The length of a path along an axis, back and forth, where reversals smaller than a band count as jitter: between two
 * turning points it is their difference.
 */
export function zigzag(values: readonly number[], band: number): Zigzag {
  let [turns, length] = [0, 0];
  let from = values[0] ?? 0;
  let far = from;
  let direction = 0;
  for (const value of values) {
    if (direction === 0) {
      if (Math.abs(value - from) >= band) [direction, far] = [Math.sign(value - from), value];
    } else if ((value - far) * direction > 0) far = value;
    else if ((far - value) * direction >= band) {
      length += Math.abs(far - from);
      turns++;
      [from, far, direction] = [far, value, -direction];
    }
  }
  // Less than a band from its start: it has not moved, except for its offset at the end.
  const end = direction === 0 ? (values.at(-1) ?? from) : far;
  return { length: length + Math.abs(end - from), turns };
}

/** For the speed of hips, which change it slowly: faster fluctuations are errors. */
export const SPEED_HZ = 3;

/**
 * How far and how fast a person moves along the ground, and up and down, by the midpoint of the hips.
 * @param slow the same hips, filtered with `SPEED_HZ`
 */
export function travelMeasures(hips: Ways, slow: Ways, { relative }: PictureScale): Measurement[] {
  const [first, last] = [slow.ways[0], slow.ways.at(-1)];
  if (!first || !last) return [];
  const place = placeError(slow);
  const span = { from: first.times[0]!, to: last.times.at(-1)! };
  const unseen = hips.unseen > 0 ? `not seen for ${hips.unseen.toFixed(2)} s` : undefined;
  const band = Math.max(LEAST_TURN.metres, LEAST_TURN.deviations * slow.jitter);
  const parts = bridged(slow.ways);
  const ways = parts.map(({ along }) => zigzag(along, band));
  const length = ways.reduce((sum, way) => sum + way.length, 0);
  const turns = ways.reduce((sum, way) => sum + way.turns, 0);
  const seconds = parts.reduce((sum, part) => sum + secondsOf(part), 0);
  // Each path has two ends, and each turning point belongs to two parts of it, which both grow by its error.
  const lengthError = inQuadrature(length * relative, place * Math.sqrt(2 * ways.length + 4 * turns));
  const displacement = last.along.at(-1)! - first.along[0]!;
  const range = rangeOf(hips);
  const measured: Measurement[] = [
    {
      measure: 'distance',
      value: length,
      unit: 'm',
      uncertainty: lengthError,
      ...span,
      note: joinNotes(
        `turns: ${turns}; movements back of less than ${band.toFixed(2)} m do not count`,
        unseen,
        missed(parts),
      ),
    },
    {
      measure: 'displacement',
      value: displacement,
      unit: 'm',
      uncertainty: inQuadrature(displacement * relative, Math.SQRT2 * place),
      ...span,
      note: joinNotes("+ to the picture's right", unseen),
    },
    {
      measure: 'mean_speed',
      value: length / seconds,
      unit: 'm/s',
      uncertainty: lengthError / seconds,
      ...span,
      note: joinNotes('distance over its time', unseen),
    },
    {
      measure: 'vertical_range',
      value: range.value,
      unit: 'm',
      uncertainty: inQuadrature(range.value * relative, range.error),
      ...span,
      note: joinNotes('of the middle of the hips', unseen),
    },
  ];
  const peak = peakSpeed(slow, way => Array.from(derivative(way.times, way.along), Math.abs));
  if (!peak) return measured;
  const note = joinNotes(`at ${peak.time.toFixed(2)} s`, filterOf(slow), unseen);
  const uncertainty = inQuadrature(peak.speed * relative, peak.error);
  return [
    ...measured.slice(0, 3),
    { measure: 'peak_speed', value: peak.speed, unit: 'm/s', uncertainty, ...span, note },
    ...measured.slice(3),
  ];
}

function missed(parts: readonly Way[]): string | undefined {
  return parts.length > 1 ? `the way in gaps of more than ${STRAIGHT_SECONDS} s is not counted` : undefined;
}

/** The highest speed of some paths, without their ends, and when it occurred. */
export function peakSpeed(
  ways: Ways,
  speedOf: (way: Way) => readonly number[],
): { readonly speed: number; readonly error: number; readonly time: number } | undefined {
  const inner = <T>(values: readonly T[]) => values.slice(ENDS, -ENDS);
  const speeds = ways.ways.flatMap(way => inner(speedOf(way)));
  const times = ways.ways.flatMap(way => inner(way.times));
  // A filter leaves two independent values for each period of its cutoff.
  const peak = highestOf(speeds, velocityError(ways), (2 * ways.cutoffHz) / ways.rateHz);
  return peak && { speed: peak.value, error: peak.error, time: times[peak.index]! };
}

/**
 * From the lowest to the highest position. Errors lengthen that: by nothing if both stand alone, by the mean maximum of
 * all errors if the person stands still. The result is the middle of both, and half of the difference is its error.
 */
function rangeOf(hips: Ways): { readonly value: number; readonly error: number } {
  const ups = hips.ways.flatMap(({ up }) => up);
  const error = placeError(hips);
  // Passed as arguments, the numbers of a long table would be too many.
  const lowest = ups.reduce((least, up) => Math.min(least, up), Infinity);
  const highest = ups.reduce((most, up) => Math.max(most, up), -Infinity);
  const independent = (2 * hips.cutoffHz) / hips.rateHz;
  const range = highest - lowest;
  const ends = [ups.map(up => up - lowest), ups.map(up => highest - up)];
  const added = ends.reduce(
    (sum, heights) => sum + range - (highestOf(heights, error, independent)?.value ?? range),
    0,
  );
  const taken = Math.min(added, range) / 2;
  return { value: range - taken, error: Math.hypot(Math.SQRT2 * error, taken) };
}
