import type { LandmarkName } from '../../model/blazepose.js';
import type { ClockRun } from '../../signal/clock-runs.js';
import { sizeChange } from '../../signal/measures/apparent-size.js';
import { betweenMeasures, jointMeasures } from '../../signal/measures/joint-ways.js';
import { jumpMeasures } from '../../signal/measures/jumps.js';
import { joinNotes, type Measurement } from '../../signal/measures/measurement.js';
import {
  type PictureScale,
  type ScaleChoice,
  scaleByStature,
  scaleWithoutPerson,
  spreadBySize,
} from '../../signal/measures/picture-scale.js';
import { SPEED_HZ, travelMeasures } from '../../signal/measures/travel.js';
import { waysOf } from '../../signal/measures/way.js';
import type { PersonPlaces, Places, TablePlaces } from './read-places.js';

/** The measurements of one person. */
export interface PersonMeasures {
  readonly id: number;
  readonly measured: readonly Measurement[];
  /** Reasons for doubt, in words after "person 0". */
  readonly doubts: readonly string[];
}

export interface MeasureOptions {
  readonly scale: ScaleChoice;
  readonly joints: readonly LandmarkName[];
  readonly between: readonly [LandmarkName, LandmarkName] | undefined;
  /** Whether the table was filtered. */
  readonly isFiltered: boolean;
}

/** From here on one scale is not valid: a fraction of the person's size in the picture. */
const SIZE_CHANGES = 0.1;
/** Apparent change on the rendered samples: people who keep their distance seem to change by 1 to 3 per cent. */
const SIZE_ERROR_PERCENT = 2;

/** All measurements of a person, in each run of the clock separately. */
export function personMeasures(person: PersonPlaces, table: TablePlaces, options: MeasureOptions): PersonMeasures {
  const known = scaleOf(person, options.scale);
  if (!known)
    return {
      id: person.id,
      measured: [],
      doubts: ['is never fully visible: the scale cannot be computed from the height'],
    };
  const parts = table.runs.flatMap(run => {
    // Frames with equal times are spread over an unknown time.
    const part = table.times[run.from] === table.times[run.to - 1] ? undefined : partOf(person, run);
    return part ? [part] : [];
  });
  const doubts: string[] = [];
  const measured = parts.flatMap(part => {
    const change = sizeChange(part.times, person.sizes.slice(part.from, part.to));
    const scale = change === undefined ? known : spreadBySize(known, change);
    const values = partMeasures(person, part, scale, options);
    if (values.length === 0) return [];
    doubts.push(...doubtsAbout(change, part));
    return [...scaleMeasures(scale, change, part), ...values];
  });
  if (measured.length === 0) doubts.push('is visible too briefly, or with uncertain hips');
  return { id: person.id, measured, doubts };
}

function scaleOf(person: PersonPlaces, choice: ScaleChoice): PictureScale | undefined {
  if (choice.kind !== 'stature') return scaleWithoutPerson(choice);
  const pixels = person.height.value;
  return pixels === undefined ? undefined : scaleByStature(choice.metres, pixels, person.height.spread);
}

/** Frames of a run that contain a person, counted from the person's first. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly times: readonly number[];
}

function partOf({ first, frames }: PersonPlaces, run: ClockRun): Part | undefined {
  const [from, to] = [Math.max(run.from, first), Math.min(run.to, first + frames)];
  if (from >= to) return undefined;
  return { from: from - first, to: to - first, times: run.times.slice(from - run.from, to - run.from) };
}

function partMeasures(
  person: PersonPlaces,
  { from, to, times }: Part,
  scale: PictureScale,
  { joints, between, isFiltered }: MeasureOptions,
): Measurement[] {
  const inMetres = (values: readonly number[]) => values.slice(from, to).map(value => value / scale.pxPerMetre);
  const waysOfPlaces = ({ along, up }: Places, hz?: number) => waysOf(times, inMetres(along), inMetres(up), hz);
  const hips = waysOfPlaces(person.hips);
  const feet = { times, lowest: inMetres(person.feet) };
  return [
    ...noteSmooth(travelMeasures(hips, waysOfPlaces(person.hips, SPEED_HZ), scale), isFiltered),
    ...jumpMeasures(feet, hips, scale),
    ...joints.flatMap((name, i) => jointMeasures(name, waysOfPlaces(person.joints[i] as Places), scale)),
    ...(between ? betweenMeasures(between.join('_'), waysOfPlaces(person.between), scale) : []),
  ];
}

/** A filtered table says little about its jitter. */
function noteSmooth(measured: Measurement[], isFiltered: boolean): Measurement[] {
  if (!isFiltered) return measured;
  const says = 'the table is filtered: the uncertainties lack most of its jitter';
  return measured.map(row => (row.measure === 'distance' ? { ...row, note: joinNotes(row.note, says) } : row));
}

function scaleMeasures(scale: PictureScale, change: number | undefined, { times }: Part): Measurement[] {
  const span = { from: times[0] ?? 0, to: times.at(-1) ?? 0 };
  const { pxPerMetre, relative, origin } = scale;
  const uncertainty = pxPerMetre * relative;
  const rows: Measurement[] = [
    { measure: 'scale', value: pxPerMetre, unit: 'px/m', uncertainty, ...span, note: origin },
  ];
  if (change === undefined) return rows;
  const note = change > SIZE_CHANGES ? 'one scale does not hold: towards or away from the camera' : '';
  return [
    ...rows,
    { measure: 'size_change', value: 100 * change, unit: '%', uncertainty: SIZE_ERROR_PERCENT, ...span, note },
  ];
}

function doubtsAbout(change: number | undefined, { times }: Part): string[] {
  if (change === undefined) return ['is too rarely upright to check whether one scale fits all frames'];
  if (change <= SIZE_CHANGES) return [];
  const when = `from ${(times[0] ?? 0).toFixed(2)} to ${(times.at(-1) ?? 0).toFixed(2)} s`;
  return [
    `changes size in the picture by ${(100 * change).toFixed(0)} % ${when}: with motion towards or away from the camera, one scale does not fit all frames`,
  ];
}
