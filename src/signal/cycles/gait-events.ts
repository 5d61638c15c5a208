import { SIDES, type Side } from '../../model/body.js';
import { stepOf } from '../process-series.js';
import { type Drops, type Extremum, peaksOf, valleysOf } from './extrema.js';
import { correlation, type FootPath, type Gait, gaitOfPaths } from './foot-paths.js';
import { type FeetSeries, type FootSeries, legLengths, type Pass, passesOf } from './passes.js';
import { longestGap, smoothStretch, spreadOf, stretchesOf } from './stretches.js';

/** A foot strikes the floor, or leaves it. */
export interface GaitEvent {
  readonly side: Side;
  readonly kind: 'heel_strike' | 'toe_off';
  /** In seconds; may lie between two frames. */
  readonly time: number;
  /** Index of the nearest frame. */
  readonly frame: number;
  /** Steps that follow one another without a gap share a number. */
  readonly walk: number;
}

/** Consecutive steps, left and right alternating. */
export interface Walk extends Pass {
  /** By rising time. */
  readonly events: readonly GaitEvent[];
}

/** Why a person has no events. */
export type NoGait = 'few frames' | 'rarely seen' | 'not walking' | Exclude<Gait, 'forwards'> | 'too short';

/** Distance of a heel from its foremost to its hindmost position, in leg lengths: less is shifting one's weight. */
const LEAST_SWING = 0.15;
/** The same in space, in metres. */
const LEAST_SWING_METRES = 0.12;
/** Left and right swing against each other. */
const MOST_CORRELATION = -0.3;
/**
 * A camera above the floor shows feet that are farther forward lower, or higher; below this, in leg lengths, it does
 * not.
 */
const LEAST_RISE = 0.03;
/** Fraction of the swing: smaller turns are noise; this much must also be seen after a turn where the series ends. */
const PROMINENCE = { least: 0.35, atEnds: 0.08 } as const;
/** Duration of a step in seconds, from a sprinter's to a very slow walker's. */
const STEP_SECONDS = { least: 0.2, most: 1.6 } as const;
/** Minimum number of heel strikes in a walk; with fewer, the person shifts a foot. */
const LEAST_STRIKES = 3;
/** Minimum number after a gap, for a person who walks. */
const LEAST_STRIKES_AFTER = 2;
/** A shorter time cannot hold two steps. */
const LEAST_SECONDS = 0.8;
/** Longest time between frames: with fewer than ten per second, a swing has only three. */
const LONGEST_STEP_SECONDS = 0.1001;

/**
 * Heel strikes and toe-offs of a person, after Zeni, Richards and Higginson, "Two simple methods for determining gait
 * events during treadmill and overground walking using kinematic data", Gait & Posture 27 (2008) 710-714: the heel
 * strikes where it is farthest in front of the sacrum in the direction of walking; the toe leaves the floor where it is
 * farthest behind. The sacrum is the midpoint of the hips. Seen from the side, forward is along the picture's x axis.
 * Along the camera's axis it is depth: for the toe in space, and for the heel by its height in the picture, since a
 * camera above the floor shows what is nearer lower.
 *
 * The events lie between frames, at a parabola's vertex. None lies in a frame in which the foot was not seen, and left
 * and right alternate: events that violate this are left out.
 */
export function walksOf(feet: FeetSeries): readonly Walk[] | NoGait {
  const { times } = feet;
  if (times.length > 1 && stepOf(times) > LONGEST_STEP_SECONDS) return 'few frames';
  const legs = legLengths(feet);
  const passes = passesOf(feet, legs).filter(({ from, to }) => times[to - 1]! - times[from]! >= LEAST_SECONDS);
  if (passes.length === 0) return 'rarely seen';
  const swinging = passes.map(pass => forwardOf(feet, legs, pass)).filter(isSwinging);
  if (swinging.length === 0) return 'not walking';
  const gaits = swinging.map(one => gaitOf(feet, legs, one));
  const walked = swinging.filter((_, i) => gaits[i] === 'forwards');
  const [other] = gaits;
  if (walked.length === 0 && other && other !== 'forwards') return other;
  const runs = walked.flatMap(runsOf);
  if (!runs.some(({ strikes }) => strikes.length >= LEAST_STRIKES)) return 'too short';
  return runs
    .filter(({ strikes }) => strikes.length >= LEAST_STRIKES_AFTER)
    .map(({ pass, strikes, offs }, walk) => {
      const events = [...strikes, ...offs].map(event => ({ ...event, walk })).sort((a, b) => a.time - b.time);
      return { ...pass, events };
    });
}

/** Distance of heel and toe of a foot in front of the hips, by frame of a pass. */
interface Forward {
  readonly heel: readonly number[];
  readonly toe: readonly number[];
}
interface Walked extends Readonly<Record<Side, Forward>> {
  readonly pass: Pass;
  /** Seconds, by frame of the pass. */
  readonly times: readonly number[];
  /** Whether the table begins with the first frame, or ends with the last one. */
  readonly isFirst: (frame: number) => boolean;
  readonly isLast: (frame: number) => boolean;
  /** In the unit of the toes. */
  readonly leastSwing: number;
}

function forwardOf(feet: FeetSeries, legs: readonly number[], pass: Pass): Walked {
  const times = feet.times.slice(pass.from, pass.to);
  const inPass = (of: (frame: number) => number) => times.map((_, i) => of(pass.from + i));
  const across = pass.heading === 'left' ? -1 : 1;
  const nearer = pass.heading === 'towards' ? 1 : -1;
  const forward = (foot: FootSeries): Forward => {
    if (isAcross(pass)) {
      return {
        heel: inPass(i => (across * foot.heel.x[i]!) / legs[i]!),
        toe: inPass(i => (across * foot.toe.x[i]!) / legs[i]!),
      };
    }
    const rise = inPass(i => (nearer * foot.heel.y[i]!) / legs[i]!);
    const depth = inPass(i => -nearer * foot.heelInSpace.z[i]!);
    const toe = inPass(i => -nearer * foot.toeInSpace.z[i]!);
    return { heel: spreadOf(rise) >= LEAST_RISE ? rise : depth, toe };
  };
  return {
    pass,
    times,
    isFirst: frame => frame === 0,
    isLast: frame => frame === feet.times.length,
    left: forward(feet.left),
    right: forward(feet.right),
    leastSwing: isAcross(pass) ? LEAST_SWING : LEAST_SWING_METRES,
  };
}

const isAcross = ({ heading }: Pass) => heading === 'left' || heading === 'right';

function isSwinging({ left, right, leastSwing }: Walked): boolean {
  const areFar = [left, right].every(({ toe }) => spreadOf(toe) >= leastSwing);
  return areFar && correlation(left.toe, right.toe) <= MOST_CORRELATION;
}

/** Seen along the camera's axis, height is the forward direction itself and cannot show other gaits. */
function gaitOf(feet: FeetSeries, legs: readonly number[], { pass, times, left, right }: Walked): Gait {
  if (!isAcross(pass)) return 'forwards';
  const path = (foot: FootSeries, forward: Forward): FootPath => {
    const up = (part: 'heel' | 'toe') => times.map((_, i) => -foot[part].y[pass.from + i]! / legs[pass.from + i]!);
    return { heel: { forward: forward.heel, up: up('heel') }, toe: { forward: forward.toe, up: up('toe') } };
  };
  return gaitOfPaths(times, { left: path(feet.left, left), right: path(feet.right, right) });
}

type Found = Omit<GaitEvent, 'walk'>;

interface Run {
  readonly pass: Pass;
  readonly strikes: readonly Found[];
  readonly offs: readonly Found[];
}

/** Heel strikes of alternating feet, and the toe-offs around them. */
function runsOf(walked: Walked): Run[] {
  const events = (kind: GaitEvent['kind']) =>
    SIDES.flatMap(side => footEvents(walked, side, kind)).sort((a, b) => a.time - b.time);
  const offs = events('toe_off');
  return turnTaking(events('heel_strike')).map(strikes => {
    const [first, last] = [strikes[0]!, strikes.at(-1)!];
    const step = (last.time - first.time) / Math.max(1, strikes.length - 1);
    const around = offs.filter(({ time }) => time > first.time - step && time < last.time + step);
    return { pass: walked.pass, strikes, offs: around };
  });
}

function footEvents({ pass, times, isFirst, isLast, ...feet }: Walked, side: Side, kind: GaitEvent['kind']): Found[] {
  const values = kind === 'heel_strike' ? feet[side].heel : feet[side].toe;
  const swing = spreadOf(values);
  const [least, atEnds] = [PROMINENCE.least * swing, PROMINENCE.atEnds * swing];
  return stretchesOf(times, i => Number.isFinite(values[i]), longestGap(times)).flatMap(stretch => {
    const smoothed = smoothStretch(times, values, stretch);
    const part = times.slice(stretch.from, stretch.to);
    // Next to a gap, landmarks are guesses for some frames: only the ends of the table may cut a swing short.
    const atStart = isFirst(pass.from + stretch.from) ? atEnds : least;
    const atEnd = isLast(pass.from + stretch.to) ? atEnds : least;
    const drops: Drops = { least, atStart, atEnd };
    const turns = kind === 'heel_strike' ? peaksOf(part, smoothed, drops) : valleysOf(part, smoothed, drops);
    return turns
      .map(turn => ({ side, kind, time: turn.time, at: stretch.from + nearest(part, turn) }))
      .filter(({ at }) => Number.isFinite(values[at]))
      .map(({ at, ...event }) => ({ ...event, frame: pass.from + at }));
  });
}

function nearest(times: readonly number[], { index, time }: Extremum): number {
  const neighbour = time < times[index]! ? index - 1 : index + 1;
  return Math.abs((times[neighbour] ?? Infinity) - time) < Math.abs(times[index]! - time) ? neighbour : index;
}

/** Splits heel strikes where the same foot comes twice, or a step has an impossible duration. */
function turnTaking(strikes: readonly Found[]): Found[][] {
  const runs: Found[][] = [];
  for (const strike of strikes) {
    const before = runs.at(-1)?.at(-1);
    const pause = before ? strike.time - before.time : Infinity;
    const follows = before?.side !== strike.side && pause >= STEP_SECONDS.least && pause <= STEP_SECONDS.most;
    if (follows) runs.at(-1)!.push(strike);
    else runs.push([strike]);
  }
  return runs;
}
