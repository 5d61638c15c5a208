import { stringify } from 'csv-stringify/sync';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { FrameResult, PersonResult } from '../model/result.js';

/** The columns of the landmark table, in order. */
export const CSV_COLUMNS = [
  'frame_id',
  'timestamp',
  'person_id',
  'landmark_id',
  'landmark_name',
  'x',
  'y',
  'z',
  'visibility',
  'x_px',
  'y_px',
  'world_x',
  'world_y',
  'world_z',
  'status',
  'strategy',
  'score',
] as const;

/** Decimals written. A millionth of a frame's width is far below what a landmark is worth, and keeps files small. */
const DECIMALS = { timestamp: 6, fraction: 6, pixels: 3, metres: 6, score: 4 } as const;

/** Size of the displayed frame in pixels, for `x_px` and `y_px`. */
export interface DisplaySize {
  readonly width: number;
  readonly height: number;
}

/** A number with a fixed count of decimals; never "-0.000". */
function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text;
}

/** The header line. */
export function csvHeader(): string {
  return stringify([[...CSV_COLUMNS]]);
}

/** The 33 rows of each person of a frame; of a frame without people 33 rows with empty coordinates. */
export function csvRows(result: FrameResult, display: DisplaySize): string {
  const start = [String(result.frameId), fixed(result.timestamp, DECIMALS.timestamp)];
  const rows =
    result.people.length === 0
      ? LANDMARK_NAMES.map((name, id) => [...start, '', id, name, ...Array<string>(9).fill(''), 'missing', '', ''])
      : result.people.flatMap(person => personRows(start, person, display));
  return stringify(rows);
}

function personRows(start: readonly string[], person: PersonResult, display: DisplaySize): (string | number)[][] {
  const end = [person.status, person.strategy, fixed(person.score, DECIMALS.score)];
  return LANDMARK_NAMES.map((name, id) => {
    const landmark = person.pose.landmarks[id];
    const world = person.pose.worldLandmarks[id];
    const place = landmark
      ? [
          fixed(landmark.x, DECIMALS.fraction),
          fixed(landmark.y, DECIMALS.fraction),
          fixed(landmark.z, DECIMALS.fraction),
          fixed(landmark.visibility, DECIMALS.score),
          fixed(landmark.x * display.width, DECIMALS.pixels),
          fixed(landmark.y * display.height, DECIMALS.pixels),
        ]
      : Array<string>(6).fill('');
    const metres = world
      ? [fixed(world.x, DECIMALS.metres), fixed(world.y, DECIMALS.metres), fixed(world.z, DECIMALS.metres)]
      : Array<string>(3).fill('');
    return [...start, person.personId, id, name, ...place, ...metres, ...end];
  });
}
