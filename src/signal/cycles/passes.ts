import type { Side } from '../../model/body.js';
import { longestGap, type Stretch, stretchesOf } from './stretches.js';

/** Positions of one foot by frame, NaN if unknown. */
export interface FootSeries {
  /** Pixels from the middle of the hips: x to the picture's right, y down. */
  readonly heel: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
  readonly toe: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
  /** Metres from the middle of the hips: x to the picture's right, z away from the camera. */
  readonly heelInSpace: { readonly x: ArrayLike<number>; readonly z: ArrayLike<number> };
  readonly toeInSpace: { readonly x: ArrayLike<number>; readonly z: ArrayLike<number> };
}

/** Both feet of a person. */
export interface FeetSeries extends Readonly<Record<Side, FootSeries>> {
  /** Seconds, rising. */
  readonly times: readonly number[];
}

/** Where a person walks: to a side of the picture, or along the camera's axis. */
export type Heading = 'left' | 'right' | 'towards' | 'away';

/** Frames in which a person who stands on their legs keeps a heading. */
export interface Pass extends Stretch {
  readonly heading: Heading;
}

/** About a stride: over that time the swing of feet and knees averages out. */
const WINDOW_SECONDS = 1;
/**
 * A foot seen from the side is a quarter of the leg's length; from here on the picture shows enough of the forward
 * direction.
 */
const SIDE_ON_FOOT = 0.12;
/**
 * Heels hang below the hips by this fraction of the leg's length: a person who lies, kneels or stands on their hands
 * has no gait.
 */
const LEAST_UPRIGHT = 0.7;

/** The length of the legs in pixels by frame, from hips to heels, averaged over a stride. */
export function legLengths({ times, left, right }: FeetSeries): number[] {
  const lengths = times.map((_, i) =>
    meanOf([left, right].map(({ heel }) => Math.hypot(heel.x[i]!, heel.y[i]!)).filter(Number.isFinite)),
  );
  return movingMean(times, lengths);
}

/**
 * The passes of a standing person: frames without a longer gap, with one heading. The feet show the heading: heel to
 * toe.
 */
export function passesOf(feet: FeetSeries, legs: readonly number[]): Pass[] {
  const { times, left, right } = feet;
  const mean = (of: (foot: FootSeries, frame: number) => number) =>
    movingMean(
      times,
      times.map((_, i) => meanOf([of(left, i), of(right, i)].filter(Number.isFinite))),
    );
  const across = mean(({ heel, toe }, i) => (toe.x[i]! - heel.x[i]!) / legs[i]!);
  const away = mean(({ heelInSpace, toeInSpace }, i) => toeInSpace.z[i]! - heelInSpace.z[i]!);
  const down = mean(({ heel }, i) => heel.y[i]! / legs[i]!);
  const headings = times.map((_, i) => (down[i]! >= LEAST_UPRIGHT ? headingOf(across[i]!, away[i]!) : undefined));
  const isSeen = (i: number) => Number.isFinite(left.heel.x[i]) || Number.isFinite(right.heel.x[i]);
  return stretchesOf(times, isSeen, longestGap(times)).flatMap(stretch => sameHeading(headings, stretch));
}

function headingOf(across: number, away: number): Heading | undefined {
  if (Math.abs(across) >= SIDE_ON_FOOT) return across < 0 ? 'left' : 'right';
  if (!Number.isFinite(across) || !Number.isFinite(away)) return undefined;
  return away < 0 ? 'towards' : 'away';
}

function sameHeading(headings: readonly (Heading | undefined)[], { from, to }: Stretch): Pass[] {
  const found: Pass[] = [];
  for (let i = from; i < to; ) {
    const heading = headings[i];
    let end = i + 1;
    while (end < to && headings[end] === heading) end++;
    if (heading !== undefined) found.push({ from: i, to: end, heading });
    i = end;
  }
  return found;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean of the known values around each moment. */
function movingMean(times: readonly number[], values: readonly number[]): number[] {
  let [sum, count, from, to] = [0, 0, 0, 0];
  const take = (i: number, sign: 1 | -1) => {
    if (!Number.isFinite(values[i])) return;
    sum += sign * values[i]!;
    count += sign;
  };
  return times.map(time => {
    while (to < times.length && times[to]! <= time + WINDOW_SECONDS / 2) take(to++, 1);
    while (times[from]! < time - WINDOW_SECONDS / 2) take(from++, -1);
    return count === 0 ? Number.NaN : sum / count;
  });
}
