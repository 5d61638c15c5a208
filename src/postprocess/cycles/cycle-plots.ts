import { SIDES } from '../../model/body.js';
import { drawCycles, type PersonPlots } from '../../outputs/plots/draw-cycles.js';
import { DEGREES } from '../../outputs/plots/plot-sheet.js';
import type { KeptCycles } from './find-cycles.js';
import type { CycleCurve, PersonCycles, PersonGait, PersonRepetitions } from './person-cycles.js';

/** The angles shown of a walk, and of repetitions in addition to the angle itself. */
const GAIT_JOINTS = ['hip', 'knee', 'ankle'];

const DIMENSIONS = { picture: DEGREES, space: 'degrees (3D)' } as const;

/** The cycles of a table as SVG; undefined if no person has any. */
export function cyclesSvg(title: string, { people, times }: KeptCycles): string | undefined {
  const shown = people.filter(({ found }) => typeof found !== 'string');
  if (shown.length === 0) return undefined;
  const plots = shown.map(person => personPlots(person, shown.length > 1));
  const span = { from: times[0] ?? 0, to: times.at(-1) ?? 1 };
  return drawCycles(title, 'mean and standard deviation', span, plots);
}

function personPlots({ id, found }: PersonCycles, isOneOfMany: boolean): PersonPlots {
  const whose = isOneOfMany ? { whose: `person ${id}: `, person: id } : { whose: '' };
  if (typeof found === 'string') return { ...whose, means: [] };
  if (found.kind === 'gait') return { ...whose, stances: stancesOf(found), means: gaitMeans(found) };
  return { ...whose, course: course(found), means: repetitionMeans(found) };
}

/** From each heel strike to the toe-off that follows it. */
function stancesOf({ events }: PersonGait): PersonPlots['stances'] {
  return SIDES.flatMap(side => {
    const own = events.filter(event => event.side === side);
    return own.flatMap((strike, i) => {
      const off = own[i + 1];
      const isStance = strike.kind === 'heel_strike' && off?.kind === 'toe_off' && off.walk === strike.walk;
      return isStance ? [{ side, from: strike.time, to: off.time }] : [];
    });
  });
}

function gaitMeans({ curves, coordinates }: PersonGait): PersonPlots['means'] {
  return GAIT_JOINTS.map(joint => ({
    title: `${joint}, ${DIMENSIONS[coordinates]} over a stride`,
    courses: curves.filter(({ side, angle }) => angle === `${side}_${joint}`),
  })).filter(({ courses }) => courses.length > 0);
}

function course({ angle, coordinates, repetitions, course: points }: PersonRepetitions): PersonPlots['course'] {
  return {
    title: `${spelled(angle)}, ${DIMENSIONS[coordinates]}`,
    points,
    turns: repetitions.map(({ turn, reached }) => ({ time: turn, degrees: reached })),
    spans: repetitions.map(({ start, end }) => ({ from: start, to: end })),
  };
}

/** The angle itself, with the other side's if it has one. */
function repetitionMeans({ curves, angle, coordinates }: PersonRepetitions): PersonPlots['means'] {
  const joint = angle.replace(/^(left|right)_/, '');
  const sided = SIDES.flatMap(side =>
    curves.filter(curve => curve.angle === `${side}_${joint}`).map((curve): CycleCurve => ({ ...curve, side })),
  );
  const courses = sided.length > 0 ? sided : curves.filter(curve => curve.angle === angle);
  return [{ title: `${spelled(joint)}, ${DIMENSIONS[coordinates]} over a repetition`, courses }];
}

const spelled = (name: string) => name.replaceAll('_', ' ');
