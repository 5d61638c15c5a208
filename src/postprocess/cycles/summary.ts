import type { Side } from '../../model/body.js';
import type { Figure, FootFigures, GaitSummary } from '../../signal/cycles/gait-summary.js';
import { meanAndDeviation } from '../../signal/cycles/resample.js';
import { counted } from '../../text/counted.js';
import type { KeptCycles } from './find-cycles.js';
import type { NoCycles, PersonCycles, PersonGait, PersonRepetitions } from './person-cycles.js';
import { REASONS } from './reasons.js';

const NAME_WIDTH = 16;
const NOT_KNOWN = '-';
const PERCENT = 100;

/**
 * A summary of some people's cycles, in lines; people without any come last.
 * @param personHeight undefined: lengths are in the networks' metres, and the text says so
 */
export function summaryText(people: readonly PersonCycles[], personHeight: number | undefined): string[] {
  const found = people.flatMap(({ id, found }) => {
    if (typeof found === 'string') return [];
    return found.kind === 'gait' ? gaitText(id, found, personHeight) : repetitionText(id, found);
  });
  const reasons = new Set(people.flatMap(({ found }) => (typeof found === 'string' ? [found] : [])));
  return [...found, ...[...reasons].flatMap(reason => withoutCycles(people, reason))];
}

/** In a crowd most people are seen only briefly. */
const MOST_NAMED = 8;

function withoutCycles(people: readonly PersonCycles[], reason: NoCycles): string[] {
  const ids = people.filter(({ found }) => found === reason).map(({ id }) => id);
  if (ids.length > MOST_NAMED) return [`each of ${ids.length} others ${REASONS[reason]}`];
  return ids.map(id => `person ${id} ${REASONS[reason]}`);
}

const line = (name: string, text: string) => `  ${name.padEnd(NAME_WIDTH)}${text}`;

/** Measured on rendered walks with known events: `help/cycles.md`. */
const BIAS =
  '(from the side, stance comes out some 5 points too long, double support 10, swing 5 too short: bodyscript help cycles)';

function gaitText(id: number, { events, summary, coordinates }: PersonGait, height: number | undefined): string[] {
  const count = (kind: string) => events.filter(event => event.kind === kind).length;
  const isFromSide = coordinates === 'picture';
  const where = isFromSide ? 'seen from the side' : "along the camera's axis";
  const { cadence, strideLength, speed, asymmetry } = summary;
  const metres = height === undefined ? " (by the networks' metres; --person-height makes them true)" : '';
  const lengths =
    strideLength.count === 0
      ? [line('lengths', `${NOT_KNOWN} (they need a view from the side)`)]
      : [
          line(
            'step length',
            bothSides(summary, ({ stepLength }) => stepLength, 'm', asymmetry.stepLength),
          ),
          line('stride length', `${spelled(strideLength, 'm')}${metres}`),
          line('speed', spelled(speed, 'm/s')),
        ];
  return [
    `person ${id}: walks, ${where}: ${counted(count('heel_strike'), 'heel strike')}, ${counted(count('toe_off'), 'toe-off')}, ${counted(summary.strides, 'stride')}`,
    line('cadence', `${cadence.toFixed(1)} steps/min`),
    line(
      'stride',
      bothSides(summary, ({ stride }) => stride, 's'),
    ),
    line(
      'step',
      bothSides(summary, ({ step }) => step, 's', asymmetry.step),
    ),
    line(
      'stance',
      bothSides(summary, ({ stance }) => stance, '%', asymmetry.stance),
    ),
    line(
      'swing',
      bothSides(summary, ({ swing }) => swing, '%', asymmetry.swing),
    ),
    line(
      'double support',
      bothSides(summary, ({ doubleSupport }) => doubleSupport, '%'),
    ),
    ...(isFromSide ? [line('', BIAS)] : []),
    ...lengths,
  ];
}

function bothSides(summary: GaitSummary, of: (foot: FootFigures) => Figure, unit: string, asymmetry?: number): string {
  const side = (name: Side) => `${name} ${spelled(of(summary[name]), unit)}`;
  const index = asymmetry !== undefined && Number.isFinite(asymmetry) ? `; asymmetry ${asymmetry.toFixed(1)} %` : '';
  return `${side('left')}, ${side('right')}${index}`;
}

/** Mean and, if there are several, standard deviation. */
function spelled({ count, mean, deviation }: Figure, unit: string): string {
  if (count === 0) return NOT_KNOWN;
  const [scale, digits] = unit === '%' ? [PERCENT, 1] : [1, 2];
  const spread = count > 1 ? ` ± ${(scale * deviation).toFixed(digits)}` : '';
  return `${(scale * mean).toFixed(digits)}${spread} ${unit}`;
}

const SHORT_WALK = `the person ${REASONS['too short']}`;

function repetitionText(id: number, person: PersonRepetitions): string[] {
  const { angle, coordinates, repetitions, walksShortly } = person;
  const figure = (of: (one: PersonRepetitions['repetitions'][number]) => number) =>
    meanAndDeviation(repetitions.map(of));
  const degrees = ({ mean }: Figure) => `${mean.toFixed(0)}`;
  const [rest, reached] = [figure(one => one.rest), figure(one => one.reached)];
  const place = coordinates === 'picture' ? '2D, image plane' : '3D';
  return [
    `person ${id}: ${counted(repetitions.length, 'repetition')} of ${angle}, ${place}`,
    line('range', `${degrees(rest)} to ${degrees(reached)} degrees`),
    line(
      'duration',
      spelled(
        figure(({ start, end }) => end - start),
        's',
      ),
    ),
    line(
      'to the turn',
      spelled(
        figure(({ start, turn }) => turn - start),
        's',
      ),
    ),
    line(
      'and back',
      spelled(
        figure(({ turn, end }) => end - turn),
        's',
      ),
    ),
    line('turns at', repetitions.map(({ turn }) => `${turn.toFixed(2)} s`).join(', ')),
    ...(walksShortly ? [line('doubt', `${SHORT_WALK}: no steps, and these may be strides`)] : []),
  ];
}

/** The same for programs; null for absent numbers. */
export function summaryJson({ people }: KeptCycles): object {
  return {
    people: people.map(({ id, found }) => {
      if (typeof found === 'string') return { personId: id, kind: null, reason: REASONS[found] };
      if (found.kind === 'gait') {
        const { events, summary, coordinates } = found;
        const count = (kind: string) => events.filter(event => event.kind === kind).length;
        return {
          personId: id,
          kind: 'gait',
          coordinates,
          heelStrikes: count('heel_strike'),
          toeOffs: count('toe_off'),
          ...summary,
        };
      }
      const { angle, coordinates, repetitions, walksShortly } = found;
      const count = repetitions.length;
      return { personId: id, kind: 'repetitions', angle, coordinates, count, walksShortly, repetitions };
    }),
  };
}
