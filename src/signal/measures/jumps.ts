import { derivative } from '../derivative.js';
import { stepOf } from '../process-series.js';
import { inQuadrature, type Measurement } from './measurement.js';
import type { PictureScale } from './picture-scale.js';
import { medianOf, placeError, spansOf, type Ways } from './way.js';

/** Metres per second squared. */
const GRAVITY = 9.81;
/** Feet are off the ground if the lowest of them is higher than this, in metres or in deviations of their jitter. */
const LIFTED = { metres: 0.03, deviations: 4 } as const;
/** The ground is the lowest tenth of the feet's heights, within this time on either side. */
const GROUND = { seconds: 1.5, share: 0.1 } as const;
/** Fewer frames in the air cannot be distinguished from an error. */
const LEAST_FRAMES = 4;
/** A person in flight falls like any body, within this fraction. */
const OFF_GRAVITY = 0.5;
/**
 * Standing: hips that move up or down more slowly than this, in metres per second, for this long, this close to a
 * flight.
 */
const STANDING = { speed: 0.12, seconds: 0.3, within: 5 } as const;
/** Seconds around a flight in which no person stands. */
const LANDING = 0.1;

/** A flight: both feet off the ground. */
export interface Flight {
  /** Seconds on the table's clock. */
  readonly from: number;
  readonly to: number;
  /** Acceleration of the falling hips, in metres per second squared: 9.81 if the scale is right. */
  readonly falls: number;
  /** Time between crossings of the height at which feet count as lifted, and the correction for it. */
  readonly seconds: number;
  readonly secondsError: number;
}

/** The lowest point of both feet by frame, in metres, NaN if a foot is not seen. */
export interface Feet {
  readonly times: readonly number[];
  readonly lowest: readonly number[];
}

/** Jitter of the feet, one standard deviation: from second differences, most of which come from feet at rest. */
function jitterOf({ lowest }: Feet): number {
  const bends = lowest.map((value, i) =>
    Math.abs((lowest[i - 1] ?? Number.NaN) + (lowest[i + 1] ?? Number.NaN) - 2 * value),
  );
  // Converts the median absolute deviation to a standard deviation; the power of white jitter is six times as high.
  return ((medianOf(bends.filter(Number.isFinite)) || 0) * 1.4826) / Math.sqrt(6);
}

/** The flights within a run of the clock: from the ground, through the air in free fall, to the ground. */
export function flightsOf(feet: Feet, hips: Ways): Flight[] {
  const { times, lowest } = feet;
  const jitter = jitterOf(feet);
  const lifted = Math.max(LIFTED.metres, LIFTED.deviations * jitter);
  const step = stepOf(times);
  const flights: Flight[] = [];
  for (const [from, to] of spansOf(times, i => !Number.isNaN(lowest[i]))) {
    const seen = Array.from({ length: to - from }, (_, i) => from + i).filter(i => !Number.isNaN(lowest[i]));
    const heights = aboveGround(
      seen.map(i => times[i]!),
      seen.map(i => lowest[i]!),
    );
    for (const [first, after] of risesOf(heights, lifted)) {
      if (first === 0 || after === seen.length || after - first < LEAST_FRAMES) continue;
      const crossing = (low: number, high: number) => {
        const part = (lifted - heights[low]!) / (heights[high]! - heights[low]!);
        return times[seen[low]!]! + part * (times[seen[high]!]! - times[seen[low]!]!);
      };
      const [up, down] = [crossing(first - 1, first), crossing(after, after - 1)];
      const falls = fallOf(hips, times[seen[first]!]!, times[seen[after - 1]!]!);
      if (falls !== undefined) flights.push(flight(up, down, falls, { lifted, step, jitter }));
    }
  }
  return flights;
}

function flight(
  up: number,
  down: number,
  falls: number,
  { lifted, step, jitter }: { readonly lifted: number; readonly step: number; readonly jitter: number },
): Flight {
  const above = down - up;
  // Feet in free flight are below the height at which they count for this much longer.
  const seconds = Math.sqrt(above ** 2 + (8 * lifted) / GRAVITY);
  const speed = (GRAVITY * seconds) / 2;
  return {
    from: up - (seconds - above) / 2,
    to: down + (seconds - above) / 2,
    falls,
    seconds,
    // Half a frame at both ends, uniformly distributed; the part below that height; and the jitter at both crossings.
    secondsError: inQuadrature(step / Math.sqrt(6), (seconds - above) / 4, (Math.SQRT2 * jitter) / speed),
  };
}

/** Height above the ground around each moment. */
function aboveGround(times: readonly number[], values: readonly number[]): number[] {
  let [from, to] = [0, 0];
  return times.map((time, i) => {
    while (to < times.length && times[to]! <= time + GROUND.seconds) to++;
    while (times[from]! < time - GROUND.seconds) from++;
    const around = Float64Array.from(values.slice(from, to)).sort();
    return values[i]! - around[Math.floor(GROUND.share * around.length)]!;
  });
}

/** Where values exceed a height: from, and the index after the last. */
function risesOf(values: readonly number[], height: number): [from: number, after: number][] {
  const rises: [number, number][] = [];
  for (const [i, value] of values.entries()) {
    if (value <= height) continue;
    const last = rises.at(-1);
    if (last?.[1] === i) last[1] = i + 1;
    else rises.push([i, i + 1]);
  }
  return rises;
}

/**
 * Acceleration of the hips between two moments, by a parabola; undefined if it does not match free fall, or the hips
 * were not seen.
 */
function fallOf({ ways }: Ways, from: number, to: number): number | undefined {
  const way = ways.find(({ times }) => times[0]! <= from && times.at(-1)! >= to);
  if (!way) return undefined;
  const [first, after] = between(way.times, from, to);
  if (after - first < LEAST_FRAMES) return undefined;
  const falls = bendOf(way.times.slice(first, after), way.up.slice(first, after));
  return Math.abs(falls - GRAVITY) <= OFF_GRAVITY * GRAVITY ? falls : undefined;
}

/** The indices of times from one to another: from, and the index after the last. @param times rising */
function between(times: readonly number[], from: number, to: number): [first: number, after: number] {
  const before = (isBefore: (time: number) => boolean) => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(times[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [before(time => time < from), before(time => time <= to)];
}

/** Second derivative of values: of the least-squares parabola, by orthogonal polynomials. */
function bendOf(times: readonly number[], values: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const middle = mean(times);
  const linear = times.map(time => time - middle);
  const squares = linear.map(value => value ** 2);
  const tilt = dot(squares, linear) / dot(linear, linear);
  const level = mean(squares);
  const bend = squares.map((value, i) => value - level - tilt * linear[i]!);
  return (-2 * dot(bend, values)) / dot(bend, bend);
}

/** A position at which the hips rest while the feet are on the ground. */
interface Rest {
  readonly from: number;
  readonly to: number;
  /** Height in metres: the median. */
  readonly height: number;
}

function restsOf({ ways }: Ways, flights: readonly Flight[]): Rest[] {
  return ways.flatMap(({ times, up }) => {
    const rises = derivative(times, up);
    const isInAir = new Array<boolean>(times.length).fill(false);
    for (const { from, to } of flights) isInAir.fill(true, ...between(times, from - LANDING, to + LANDING));
    const spans: [number, number][] = [];
    for (let i = 0; i < times.length; i++) {
      if (isInAir[i] || !(Math.abs(rises[i]!) <= STANDING.speed)) continue;
      const last = spans.at(-1);
      if (last?.[1] === i) last[1] = i + 1;
      else spans.push([i, i + 1]);
    }
    return spans
      .map(([from, to]) => ({ from: times[from]!, to: times[to - 1]!, height: medianOf(up.slice(from, to)) }))
      .filter(({ from, to }) => to - from >= STANDING.seconds);
  });
}

/** The highest position at which the hips rest shortly before or after a flight; undefined if they never do. */
function standingHeight(rests: readonly Rest[], flight: Flight): number | undefined {
  const near = rests.filter(
    ({ from, to }) => to >= flight.from - STANDING.within && from <= flight.to + STANDING.within,
  );
  return near.length === 0 ? undefined : Math.max(...near.map(({ height }) => height));
}

/** Each flight with its duration, and the height of the jump from that duration and from the rise of the hips. */
export function jumpMeasures(feet: Feet, hips: Ways, { relative }: PictureScale): Measurement[] {
  const flights = flightsOf(feet, hips);
  const rests = restsOf(hips, flights);
  return flights.flatMap((flight): Measurement[] => {
    const { from, to, seconds, secondsError, falls } = flight;
    const fall = `the hips fall by ${falls.toFixed(1)} m/s2 (${GRAVITY} by a right scale)`;
    const byFlight: Measurement[] = [
      { measure: 'jump_flight_time', value: seconds, unit: 's', uncertainty: secondsError, from, to, note: fall },
      {
        measure: 'jump_height_by_flight',
        value: (GRAVITY * seconds ** 2) / 8,
        unit: 'm',
        uncertainty: (GRAVITY * seconds * secondsError) / 4,
        from,
        to,
        note: 'from take-off; too high where knees are more bent at landing',
      },
    ];
    const stands = standingHeight(rests, flight);
    const top = topOf(hips, flight);
    if (stands === undefined || top === undefined) return byFlight;
    const rise = top - stands;
    const uncertainty = inQuadrature(rise * relative, Math.SQRT2 * placeError(hips));
    const note = 'above standing height: the stretch of the feet is in it';
    return [...byFlight, { measure: 'jump_height_by_rise', value: rise, unit: 'm', uncertainty, from, to, note }];
  });
}

function topOf({ ways }: Ways, { from, to }: Flight): number | undefined {
  const heights = ways.flatMap(({ times, up }) => up.slice(...between(times, from, to)));
  return heights.length === 0 ? undefined : Math.max(...heights);
}
