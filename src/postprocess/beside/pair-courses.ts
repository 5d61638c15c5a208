import { SIDES } from '../../model/body.js';
import { tableClock } from '../../model/steady-clock.js';
import type { PairAngle, PairPlots, PairPoint } from '../../outputs/plots/draw-pair.js';
import { PLOTTED_JOINTS } from '../../outputs/plots/plot-series.js';
import { DEGREES } from '../../outputs/plots/plot-sheet.js';
import { counted } from '../../text/counted.js';
import type { FoundCycles } from '../cycles/find-cycles.js';
import type { CycleCurve } from '../cycles/person-cycles.js';
import type { CommonCycles, TableCycles } from './common-cycles.js';

/** The angles that represent a walk. */
const GAIT_JOINTS = ['hip', 'knee', 'ankle'] as const;
/** More points than the plot has pixels would not be visible. */
const MOST_POINTS = 1600;
const PLACES = { picture: '(2D, image plane)', space: '(3D, in space)' } as const;
/** Longer names would overlap. */
const LONGEST_NAME = 36;

type Two<T> = readonly [T, T];

/** The plotted data of two tables: angles over a cycle if both have cycles of one type, otherwise over time. */
export function pairPlots(names: Two<string>, { all, cycles }: CommonCycles): PairPlots {
  const title = names.map(shortened).join(' and ');
  if (typeof cycles !== 'string') return { ...overCycles(names, cycles), title };
  return { ...overTime(names, all), title };
}

function overCycles(names: Two<string>, cycles: Two<TableCycles>): Omit<PairPlots, 'title'> {
  const [first, second] = cycles;
  const word = first.found.kind === 'gait' ? 'stride' : 'repetition';
  const angles = anglesOf(cycles).flatMap(({ angle, side }): PairAngle[] => {
    const curves = cycles.map(({ found }) => curveOf(found.curves, angle, side)) as [Curve, Curve];
    if (curves.every(curve => curve === undefined)) return [];
    const counts = curves.map(curve => curve?.count ?? 0).join(' and ');
    const courses = curves.map(curve => pointsOf(curve)) as [PairPoint[], PairPoint[]];
    const title = `${spelled(angle)}, degrees ${placesOf(cycles)}: mean and SD of ${counts} ${word}s`;
    return [pairAngle(title, names, courses, at => `${at} % of a ${word}`)];
  });
  const labels = names.map((name, i) => `${shortened(name)}: ${lengthOf(cycles[i === 0 ? 0 : 1], word)}`);
  const note =
    first.found.coordinates === second.found.coordinates ? '' : 'in the picture and in space: not comparable';
  return { note, names: labels as [string, string], span: undefined, angles };
}

type Curve = CycleCurve | undefined;

/**
 * Both sides of the shown angles: for a walk each over the strides of its own side, otherwise the repeated angle first.
 */
function anglesOf([{ found }]: Two<TableCycles>): { angle: string; side: CycleCurve['side'] }[] {
  if (found.kind === 'gait')
    return GAIT_JOINTS.flatMap(joint => SIDES.map(side => ({ angle: `${side}_${joint}`, side })));
  const repeats = found.angle.replace(/^(left|right)_/, '');
  const middle = repeats === found.angle ? [repeats] : [];
  const joints = middle.length > 0 ? PLOTTED_JOINTS : [repeats, ...PLOTTED_JOINTS.filter(joint => joint !== repeats)];
  const sided = joints.flatMap(joint => SIDES.map(side => `${side}_${joint}`));
  return [...middle, ...sided].map(angle => ({ angle, side: undefined }));
}

function curveOf(curves: readonly CycleCurve[], angle: string, side: CycleCurve['side']): Curve {
  return curves.find(curve => curve.angle === angle && curve.side === side);
}

function placesOf([first, second]: Two<TableCycles>): string {
  const [a, b] = [first.found.coordinates, second.found.coordinates];
  return a === b ? PLACES[a] : `${PLACES[a]} and ${PLACES[b]}`;
}

function pointsOf(curve: Curve): PairPoint[] {
  const { mean = [], deviation = [] } = curve ?? {};
  return mean.map((degrees, i) => {
    const off = deviation[i] ?? Number.NaN;
    return { at: (100 * i) / (mean.length - 1), degrees, deviation: Number.isFinite(off) ? off : 0 };
  });
}

/** `7 strides of 1.02 s`. */
function lengthOf({ found }: TableCycles, word: string): string {
  const spans = found.kind === 'gait' ? found.strides : found.repetitions;
  const mean = spans.reduce((sum, { start, end }) => sum + end - start, 0) / spans.length;
  return `${counted(spans.length, word)} of ${mean.toFixed(2)} s`;
}

function overTime(names: Two<string>, all: Two<FoundCycles>): Omit<PairPlots, 'title'> {
  const people = all.map(longestSeen);
  const angles = PLOTTED_JOINTS.flatMap(joint => SIDES.map(side => `${side}_${joint}`)).flatMap(
    (angle): PairAngle[] => {
      const courses = all.map((one, i) => timeCourse(one, people[i], angle)) as [PairPoint[], PairPoint[]];
      if (!courses.some(points => points.some(({ degrees }) => Number.isFinite(degrees)))) return [];
      const title = `${spelled(angle)}, ${DEGREES}`;
      return [pairAngle(title, names, courses, at => `${at.toFixed(2)} s`)];
    },
  );
  const to = Math.max(...angles.flatMap(({ courses }) => courses.map(points => points.at(-1)?.at ?? 0)));
  return {
    note: 'seconds from the first frame of each',
    names: names.map(shortened) as [string, string],
    span: { from: 0, to: angles.length > 0 ? to : 1 },
    angles,
  };
}

/** The person seen for the longest time. */
function longestSeen({ people, courseOf }: FoundCycles): number | undefined {
  const frames = people.map(({ id }) => ({ id, frames: courseOf(id, 'left_knee', 'picture').length }));
  return frames.reduce<{ id?: number; frames: number }>((best, one) => (one.frames > best.frames ? one : best), {
    frames: 0,
  }).id;
}

/** Over the seconds since the table's first frame, without jumps of its clock. */
function timeCourse({ times, courseOf }: FoundCycles, person: number | undefined, angle: string): PairPoint[] {
  if (person === undefined) return [];
  const clock = tableClock();
  const begins = times[0] ?? 0;
  return courseOf(person, angle, 'picture').map(({ time, degrees }) => ({
    at: clock.next(time) - begins,
    degrees,
    deviation: 0,
  }));
}

function pairAngle(
  title: string,
  names: Two<string>,
  courses: Two<readonly PairPoint[]>,
  spelledAt: (at: number) => string,
): PairAngle {
  const difference = differenceOf(courses);
  const known = difference.filter(({ degrees }) => Number.isFinite(degrees));
  const largest = known.reduce<(typeof known)[number] | undefined>(
    (most, one) => (Math.abs(one.degrees) > Math.abs(most?.degrees ?? 0) ? one : most),
    known[0],
  );
  const mean = known.reduce((sum, { degrees }) => sum + degrees, 0) / known.length;
  const figures = largest
    ? `mean ${signed(mean)}, largest ${signed(largest.degrees)} at ${spelledAt(largest.at)}`
    : 'never known in both';
  const [first, second] = names.map(shortened);
  return {
    title,
    courses: [thinned(courses[0]), thinned(courses[1])],
    differenceTitle: `${second} less ${first}: ${figures}`,
    difference: thinned(difference),
  };
}

/** The second curve minus the first, at the first one's moments: linear between two frames. */
function differenceOf([first, second]: Two<readonly PairPoint[]>): { at: number; degrees: number }[] {
  let right = 1;
  return first.map(({ at, degrees }) => {
    while (right < second.length - 1 && (second[right]?.at ?? at) < at) right++;
    const [before, after] = [second[right - 1], second[right]];
    if (!before || !after || at < before.at || at > after.at) return { at, degrees: Number.NaN };
    const share = after.at > before.at ? (at - before.at) / (after.at - before.at) : 0;
    const other = before.degrees + share * (after.degrees - before.degrees);
    return { at, degrees: other - degrees };
  });
}

function thinned<T>(points: readonly T[]): T[] {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % every === 0);
}

const signed = (degrees: number) => `${degrees < 0 ? '' : '+'}${degrees.toFixed(1)}`;
const spelled = (name: string) => name.replaceAll('_', ' ');

/** The end of a name that is too long: that is where names differ. */
function shortened(name: string): string {
  const letters = [...name];
  return letters.length <= LONGEST_NAME ? name : `...${letters.slice(3 - LONGEST_NAME).join('')}`;
}
