import { stringify } from 'csv-stringify/sync';
import { PLANE_LIMIT } from '../signal/angle-plane.js';
import { ANGLE_NAMES, type Angle } from '../signal/angles.js';
import { type AngleTurns, UnwrappedAngles } from '../signal/unwrapped-angles.js';
import { DECIMALS, type DisplaySize, fixed } from './csv-writer.js';
import type { LineFormat } from './line-format.js';
import { personAngles } from './person-angles.js';

/** The columns of `NAME.angles.csv`, in order: one row for each angle. */
const ANGLE_COLUMNS = [
  'frame_id',
  'timestamp',
  'person_id',
  'angle',
  'degrees_2d',
  'degrees_3d',
  'confidence',
  'plane_degrees',
  'out_of_plane',
] as const;

const DEGREE_DECIMALS = 2;

/**
 * The angles of each person of each frame (`signal/angles.ts`), without jumps of a whole turn; a frame without people
 * has its rows too, with empty cells.
 * @param turns of the frames before, to continue a file
 */
export function anglesFormat(display: DisplaySize, turns?: AngleTurns): LineFormat {
  const unwrapped = new UnwrappedAngles(turns);
  let now = 0;
  return {
    head: stringify([[...ANGLE_COLUMNS]]),
    get turns() {
      return unwrapped.turnsAt(now);
    },
    lines: ({ frameId, timestamp, people }) => {
      now = timestamp;
      const start = [String(frameId), fixed(timestamp, DECIMALS.timestamp)];
      if (people.length === 0) return joined(ANGLE_NAMES.map(name => [...start, '', name, '', '', '', '', '']));
      return joined(
        people.flatMap(person => {
          const angles = unwrapped.next(person.personId, timestamp, personAngles(person, display));
          return angles.map(angle => [...start, String(person.personId), ...cells(angle)]);
        }),
      );
    },
  };
}

/** None of these cells needs quotes: they are numbers and names of angles. */
const joined = (rows: readonly (readonly string[])[]) => rows.map(row => `${row.join(',')}\n`).join('');

function cells({ name, degrees2d, degrees3d, confidence, planeDegrees }: Angle): string[] {
  const degrees = (value: number | undefined) => (value === undefined ? '' : fixed(value, DEGREE_DECIMALS));
  const flag = planeDegrees === undefined ? '' : String(Number(planeDegrees > PLANE_LIMIT));
  return [name, degrees(degrees2d), degrees(degrees3d), fixed(confidence, DECIMALS.score), degrees(planeDegrees), flag];
}
