import { SIDES, type Side } from '../../model/body.js';
import { spreadOf } from './stretches.js';

/** Positions of a heel and a toe in front of the hips and above the floor, by frame, in leg lengths; NaN if unknown. */
export interface FootPath {
  readonly heel: PathPoints;
  readonly toe: PathPoints;
}
interface PathPoints {
  readonly forward: readonly number[];
  readonly up: readonly number[];
}

/** How feet pass each other: as in steps, as in backward steps, in circles, or up and down. */
export type Gait = 'forwards' | 'backwards' | 'pedalling' | 'in place';

/**
 * Correlation between the forward speed of heels and toes and their height. Feet are lifted to swing: rendered walkers
 * have 0.35 to 0.45, backward ones the same below 0, and a pedal 1.
 */
const BACKWARDS = -0.15;
const PEDALLING = 0.85;
/**
 * Correlation between the position of heels in front of the hips and their height: walkers have -0.5 to -0.8, a person
 * marching on the spot 0.95.
 */
const IN_PLACE = 0.4;
/** Feet that rise less do not visibly leave the floor: they show no gait. */
const LEAST_LIFT = 0.03;
/** Seconds on either side over which a foot's direction is measured: shorter ones are noise at high frame rates. */
const REACH_SECONDS = 0.05;

/**
 * How a person moves whose feet pass each other, by the paths of the feet seen from the side: heel strikes and toe-offs
 * are turning points of forward steps only.
 * @param times rising, in seconds
 */
export function gaitOfPaths(times: readonly number[], feet: Readonly<Record<Side, FootPath>>): Gait {
  const lifted = ({ up }: PathPoints) => spreadOf(up) >= LEAST_LIFT;
  const heels = SIDES.map(side => feet[side].heel).filter(lifted);
  const all = SIDES.flatMap(side => [feet[side].heel, feet[side].toe]).filter(lifted);
  const lift = meanOfKnown(all.map(({ forward, up }) => correlation(speeds(times, forward), up)));
  if (meanOfKnown(heels.map(({ forward, up }) => correlation(forward, up))) >= IN_PLACE) return 'in place';
  if (lift >= PEDALLING) return 'pedalling';
  return lift <= BACKWARDS ? 'backwards' : 'forwards';
}

/** Pearson's, over the frames in which both are known; NaN if one of them is constant. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const known = [...a.keys()].filter(i => Number.isFinite(a[i]) && Number.isFinite(b[i]));
  const mean = (values: readonly number[]) => known.reduce((sum, i) => sum + values[i]!, 0) / known.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const i of known) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** In units of the values per second. */
function speeds(times: readonly number[], values: readonly number[]): number[] {
  let [from, to] = [0, 0];
  return times.map((time, i) => {
    while (from < i - 1 && times[from]! < time - REACH_SECONDS) from++;
    while (to < times.length - 1 && (to <= i || times[to]! < time + REACH_SECONDS)) to++;
    return (values[to]! - values[from]!) / (times[to]! - times[from]!);
  });
}

/** NaN if none is known. */
function meanOfKnown(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
