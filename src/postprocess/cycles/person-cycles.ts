import { JOINT_ANGLES } from '../../formats/person-angles.js';
import { SIDES, type Side } from '../../model/body.js';
import { type GaitEvent, type NoGait, type Walk, walksOf } from '../../signal/cycles/gait-events.js';
import { type GaitSummary, type MeasuredStride, summarizeGait } from '../../signal/cycles/gait-summary.js';
import type { FeetSeries } from '../../signal/cycles/passes.js';
import {
  LEAST_RANGE_DEGREES,
  type Repetition,
  type Repetitions,
  repetitionsOf,
} from '../../signal/cycles/repetitions.js';
import { type MeanCurve, meanCurve, SmoothedSeries } from '../../signal/cycles/resample.js';
import { longestGap } from '../../signal/cycles/stretches.js';
import { type Stride, stridesOf } from '../../signal/cycles/strides.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import { COORDINATES, type Coordinates, type PersonMotion, type PersonRun } from './read-motion.js';

export interface CycleOptions {
  /** What to find: `auto` finds steps if the person walks, otherwise repetitions. */
  readonly kind: 'auto' | 'gait' | 'repetitions';
  /** The angle whose repetitions are counted; `auto`: the one with the largest periodic range. */
  readonly angle: string;
  /** Height of the people in metres; undefined: according to the table's metres. */
  readonly personHeight: number | undefined;
}

/** The mean curve of an angle over cycles. */
export interface CycleCurve extends MeanCurve {
  /** The foot whose heel strikes begin and end the cycles; undefined for repetitions. */
  readonly side: Side | undefined;
  readonly angle: string;
}

/** The steps of a person. Frames are counted from the table's first one. */
export interface PersonGait {
  readonly kind: 'gait';
  readonly coordinates: Coordinates;
  readonly events: readonly GaitEvent[];
  readonly strides: readonly MeasuredStride[];
  readonly summary: GaitSummary;
  readonly curves: readonly CycleCurve[];
}

/** The repetitions of a person. Frames are counted from the table's first one. */
export interface PersonRepetitions {
  readonly kind: 'repetitions';
  readonly angle: string;
  readonly coordinates: Coordinates;
  readonly repetitions: readonly Repetition[];
  readonly curves: readonly CycleCurve[];
  /** Whether the person walks, but too briefly for steps: then these repetitions may be those of a stride. */
  readonly walksShortly: boolean;
  /** The angle over time, smoothed as for counting, by frame or thinned evenly. */
  readonly course: readonly CoursePoint[];
}

/** Seconds and degrees; NaN in gaps. */
interface CoursePoint {
  readonly time: number;
  readonly degrees: number;
}

/** Why a person has no cycles. */
export type NoCycles = NoGait | 'no repetition' | 'nothing repeats';

/** The cycles of one person. */
export interface PersonCycles {
  readonly id: number;
  readonly found: PersonGait | PersonRepetitions | NoCycles;
}

/** If repetitions vary more in range or time, an angle is not periodic. */
const MOST_VARIATION = 0.25;
/** Fewer repetitions are not periodic. */
const LEAST_REPETITIONS = 2;
/** Angles that follow others, or are too noisy to choose. */
const NEVER_CHOSEN = /^(pelvis|shoulder_girdle|neck|(left|right)_wrist)$/;
/** The 2D angles are more accurate, unless a limb moves along the camera's axis: then 3D shows much more. */
const PICTURE_SHARE = 0.8;

/** The cycles of a person: steps, or repetitions of an angle. */
export function cyclesOf(person: PersonMotion, options: CycleOptions): PersonCycles {
  const gait = options.kind === 'repetitions' || options.angle !== 'auto' ? undefined : gaitOf(person, options);
  if (gait && (typeof gait !== 'string' || options.kind === 'gait')) return { id: person.id, found: gait };
  const chosen = chooseAngle(person, options.angle);
  if (!chosen) return { id: person.id, found: options.angle === 'auto' ? 'nothing repeats' : 'no repetition' };
  const { angle, coordinates, repetitions } = chosen;
  const spans = repetitions.map(({ start, end, startFrame }) => ({ start, end, startFrame, side: undefined }));
  const curves = curvesOf(person, coordinates, spans);
  const walksShortly = gait === 'too short';
  const course = courseOf(person, angle, coordinates);
  return {
    id: person.id,
    found: { kind: 'repetitions', angle, coordinates, repetitions, curves, course, walksShortly },
  };
}

/** A plot has fewer pixels; otherwise the series of an hour would stay in memory while it is drawn. */
const MOST_POINTS = 1600;

function courseOf(person: PersonMotion, angle: string, coordinates: Coordinates): CoursePoint[] {
  const frames = person.runs.reduce((sum, { times }) => sum + times.length, 0);
  const every = Math.max(1, Math.ceil(frames / MOST_POINTS));
  return person.runs.flatMap(run => {
    const series = new SmoothedSeries(run.times, person.angle(angle, coordinates, run), longestGap(run.times));
    const degrees = series.values();
    return run.times.flatMap((time, i) => (i % every === 0 ? [{ time, degrees: degrees[i] ?? Number.NaN }] : []));
  });
}

function gaitOf(person: PersonMotion, { personHeight }: CycleOptions): PersonGait | NoGait {
  const reasons: NoGait[] = [];
  const events: GaitEvent[] = [];
  const strides: MeasuredStride[] = [];
  const scale = personHeight === undefined ? 1 : personHeight / person.height;
  let walks = 0;
  for (const run of person.runs) {
    const feet = person.feet(run);
    const found = walksOf(feet);
    if (typeof found === 'string') {
      reasons.push(found);
      continue;
    }
    const inTable = found.map(walk => moved(walk, run.from, walks));
    walks += found.length;
    events.push(...inTable.flatMap(walk => walk.events));
    strides.push(...stridesOf(inTable).map(stride => measured(stride, feet, run.from, scale)));
  }
  if (strides.length === 0) return leastBad(reasons);
  const across = strides.filter(isAcross);
  const coordinates = 2 * across.length >= strides.length ? 'picture' : 'space';
  // A 2D angle differs between a walk along the camera's axis and a walk across it.
  const alike = coordinates === 'picture' ? across : strides;
  const curves = curvesOf(person, coordinates, alike);
  return { kind: 'gait', coordinates, events, strides, summary: summarizeGait(strides), curves };
}

const isAcross = ({ heading }: Stride) => heading === 'left' || heading === 'right';

/** The reason that comes closest to a walk. */
function leastBad(reasons: readonly NoGait[]): NoGait {
  const byMerit: readonly NoGait[] = [
    ...(['too short', 'backwards', 'pedalling', 'in place'] as const),
    ...(['not walking', 'few frames', 'rarely seen'] as const),
  ];
  return byMerit.find(reason => reasons.includes(reason)) ?? 'too short';
}

/** A walk of a run, in frames of the table. */
function moved(walk: Walk, from: number, walksBefore: number): Walk {
  const events = walk.events.map(event => ({
    ...event,
    frame: event.frame + from,
    walk: event.walk + walksBefore,
  }));
  return { ...walk, from: walk.from + from, to: walk.to + from, events };
}

/** Lengths along the picture's x axis in space; along the camera's axis depth shows half of them at most. */
function measured(stride: Stride, feet: FeetSeries, from: number, scale: number): MeasuredStride {
  if (!isAcross(stride)) return { ...stride, stepLength: undefined, strideLength: undefined };
  const sign = stride.heading === 'left' ? -scale : scale;
  const other: Side = stride.side === 'left' ? 'right' : 'left';
  const stepTo = (own: Side, behind: Side, frame: number) =>
    farthestAhead(feet.times, feet[own].heelInSpace.x, feet[behind].heelInSpace.x, frame - from, sign);
  const stepLength = stepTo(stride.side, other, stride.endFrame);
  const before = stepTo(other, stride.side, stride.otherFrame);
  return {
    ...stride,
    stepLength,
    strideLength: stepLength === undefined || before === undefined ? undefined : stepLength + before,
  };
}

/** Both feet stand for this long after a heel strike, even if the person walks fast. */
const STANDS_SECONDS = 0.1;
/** Frames on either side that are averaged for a position: one frame alone is noisy. */
const PLACE_REACH = 1;

/**
 * Distance by which a heel is in front of the other at its strike, in metres. The turning point taken for the strike
 * precedes it slightly: the other foot is still moving back below the hips.
 */
function farthestAhead(
  times: readonly number[],
  own: ArrayLike<number>,
  other: ArrayLike<number>,
  frame: number,
  sign: number,
): number | undefined {
  let farthest: number | undefined;
  const end = (times[frame] ?? Number.NaN) + STANDS_SECONDS;
  for (let i = frame; (times[i] ?? Number.POSITIVE_INFINITY) <= end; i++) {
    const ahead = sign * (placeAt(own, i) - placeAt(other, i));
    if (Number.isFinite(ahead) && !(ahead <= (farthest ?? Number.NEGATIVE_INFINITY))) farthest = ahead;
  }
  return farthest;
}

function placeAt(values: ArrayLike<number>, frame: number): number {
  let [sum, count] = [0, 0];
  for (let i = frame - PLACE_REACH; i <= frame + PLACE_REACH; i++) {
    const value = values[i];
    if (value === undefined || !Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

interface Chosen {
  readonly angle: string;
  readonly coordinates: Coordinates;
  readonly repetitions: readonly Repetition[];
  readonly range: number;
}

function chooseAngle(person: PersonMotion, wanted: string): Chosen | undefined {
  const names = wanted === 'auto' ? JOINT_ANGLES.filter(name => !NEVER_CHOSEN.test(name)) : [wanted];
  const candidates = names.flatMap(angle => {
    if (person.frames > COLLECT_FROM) collectGarbage();
    const [picture, space] = COORDINATES.map(coordinates => repetitionsIn(person, angle, coordinates));
    const best = [picture, space].filter(one => one !== undefined && (wanted !== 'auto' || isPeriodic(one)));
    const [first, second] = best;
    if (!first) return [];
    return second && first.range < PICTURE_SHARE * second.range ? [second] : [first];
  });
  return candidates.reduce<Chosen | undefined>(
    (best, one) => (best === undefined || one.range > best.range ? one : best),
    undefined,
  );
}

const isPeriodic = ({ repetitions, range, variation }: Chosen & Pick<Repetitions, 'variation'>) =>
  repetitions.length >= LEAST_REPETITIONS && range >= LEAST_RANGE_DEGREES && variation <= MOST_VARIATION;

/** Undefined if none exists. */
function repetitionsIn(
  person: PersonMotion,
  angle: string,
  coordinates: Coordinates,
): (Chosen & Pick<Repetitions, 'variation'>) | undefined {
  const parts = person.runs.map(run => ({
    run,
    ...repetitionsOf(run.times, person.angle(angle, coordinates, run)),
  }));
  const repetitions = parts.flatMap(({ run, found }) => found.map(one => inTable(one, run)));
  if (repetitions.length === 0) return undefined;
  const most = (of: (part: Repetitions) => number) => parts.reduce((largest, part) => Math.max(largest, of(part)), 0);
  const [range, variation] = [most(part => part.range), most(part => part.variation)];
  return { angle, coordinates, repetitions, range, variation };
}

function inTable(repetition: Repetition, { from }: PersonRun): Repetition {
  const { startFrame, turnFrame, endFrame } = repetition;
  return { ...repetition, startFrame: startFrame + from, turnFrame: turnFrame + from, endFrame: endFrame + from };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly startFrame: number;
  readonly side: Side | undefined;
}

/** From this many frames on, the series of each angle leave megabytes behind. */
const COLLECT_FROM = 20_000;

/** The mean curves of angles: over a foot's strides those of its side and of the trunk, over repetitions all. */
function curvesOf(person: PersonMotion, coordinates: Coordinates, spans: readonly Span[]): CycleCurve[] {
  const sides = spans.some(({ side }) => side) ? SIDES : [undefined];
  return JOINT_ANGLES.flatMap(angle => {
    if (person.frames > COLLECT_FROM) collectGarbage();
    const courses = person.runs.map(run => ({
      run,
      series: new SmoothedSeries(run.times, person.angle(angle, coordinates, run), longestGap(run.times)),
    }));
    return sides.flatMap((side): CycleCurve[] => {
      if (side && SIDES.some(other => other !== side && angle.startsWith(`${other}_`))) return [];
      const own = spans.filter(span => span.side === side);
      const cycles = own.flatMap(({ start, end, startFrame }) => {
        const course = courses.findLast(({ run }) => run.from <= startFrame);
        const values = course?.series.resample(start, end);
        return values ? [values] : [];
      });
      return cycles.length > 0 ? [{ side, angle, ...meanCurve(inOneTurn(cycles)) }] : [];
    });
  });
}

const WHOLE_TURN = 360;

/** Cycles of an angle without whole turns between them: after a full circle, the arm is back where it was. */
function inOneTurn(cycles: readonly (readonly number[])[]): number[][] {
  const means = cycles.map(cycle => cycle.reduce((sum, value) => sum + value, 0) / cycle.length);
  const usual = (means[0] ?? 0) % WHOLE_TURN;
  return cycles.map((cycle, i) => {
    const turns = Math.round(((means[i] ?? 0) - usual) / WHOLE_TURN);
    return cycle.map(value => value - turns * WHOLE_TURN);
  });
}
