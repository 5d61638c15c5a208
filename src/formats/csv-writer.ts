import { stringify } from 'csv-stringify/sync';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { TableFrame, TableLandmark, TablePerson } from '../model/table-frame.js';
import type { LineFormat } from './line-format.js';

/** The written values of a landmark's position, in order. */
const PLACE_COLUMNS = ['x', 'y', 'z', 'visibility', 'x_px', 'y_px', 'world_x', 'world_y', 'world_z'] as const;

/** The columns of the long table, in order: one row for each landmark. */
export const CSV_COLUMNS = [
  'frame_id',
  'timestamp',
  'person_id',
  'landmark_id',
  'landmark_name',
  ...PLACE_COLUMNS,
  'status',
  'strategy',
  'score',
  'confidence',
] as const;

/** The columns of the wide table, in order: one row for each person in a frame, `left_shoulder_x` and so on. */
export const WIDE_CSV_COLUMNS: readonly string[] = [
  'frame_id',
  'timestamp',
  'person_id',
  'status',
  'strategy',
  'score',
  ...LANDMARK_NAMES.flatMap(name => [...PLACE_COLUMNS, 'confidence'].map(column => `${name}_${column}`)),
];

/** `long`: one row for each landmark; `wide`: one row for each person in a frame. */
export type CsvLayout = 'long' | 'wide';

/** Decimals written. A millionth of a frame's width is far below a landmark's accuracy, and keeps files small. */
export const DECIMALS = { timestamp: 6, fraction: 6, pixels: 3, metres: 6, score: 4 } as const;

/** Size of the displayed frame in pixels, for `x_px` and `y_px`. */
export interface DisplaySize {
  readonly width: number;
  readonly height: number;
}

/** A number with a fixed count of decimals; never "-0.000". */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  if (value >= 0) return text;
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text;
}

/** This close to the middle between two decimals, the product may have been rounded to the other side. */
const TOO_NEAR = 1e-4;

/** The number that `fixed` writes; never -0. Ten times as fast as through text. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const scaled = Math.abs(value) * scale;
  const whole = Math.floor(scaled);
  const part = scaled - whole;
  if (!(scaled < 1e9) || Math.abs(part - 0.5) < TOO_NEAR) return Number(value.toFixed(decimals)) + 0;
  const result = (part > 0.5 ? whole + 1 : whole) / scale;
  return value < 0 && result !== 0 ? -result : result;
}

/** The landmark table: UTF-8, lines end with LF, decimal points, empty cells for absent values. */
export function csvFormat(layout: CsvLayout): LineFormat {
  const columns = layout === 'wide' ? WIDE_CSV_COLUMNS : CSV_COLUMNS;
  const rows = layout === 'wide' ? wideRows : longRows;
  return {
    head: stringify([[...columns]]),
    lines: frame => (isPlain(frame) ? joined : stringify)(rows(frame)),
  };
}

type Cell = string | number;

/** Characters that may require quotes. */
const SPECIAL = /[",\r\n]/;

/** Only these cells may need quotes. Skipping that check for all others makes lines several times as fast. */
function isPlain({ people }: TableFrame): boolean {
  return !people.some(({ status, strategy }) => SPECIAL.test(status) || SPECIAL.test(strategy));
}

const joined = (rows: readonly (readonly Cell[])[]) => rows.map(row => `${row.join(',')}\n`).join('');

const frameCells = ({ frameId, timestamp }: TableFrame): string[] => [
  String(frameId),
  fixed(timestamp, DECIMALS.timestamp),
];

/** The 33 rows of each person of a frame; for a frame without people 33 rows with empty coordinates. */
function longRows(frame: TableFrame): Cell[][] {
  const start = frameCells(frame);
  if (frame.people.length === 0) {
    const empty = placeCells(undefined);
    return LANDMARK_NAMES.map((name, id) => [...start, '', id, name, ...empty, 'missing', '', '', '']);
  }
  return frame.people.flatMap(person => {
    const end = judgementCells(person);
    return LANDMARK_NAMES.map((name, id) => [
      ...start,
      person.personId,
      id,
      name,
      ...placeCells(person.landmarks[id]),
      ...end,
      confidenceCell(person.landmarks[id]),
    ]);
  });
}

/** One row for each person of a frame; for a frame without people one with only its time. */
function wideRows(frame: TableFrame): Cell[][] {
  const start = frameCells(frame);
  if (frame.people.length === 0) {
    const empty = Array<string>(LANDMARK_NAMES.length * (PLACE_COLUMNS.length + 1)).fill('');
    return [[...start, '', 'missing', '', '', ...empty]];
  }
  return frame.people.map(person => [
    ...start,
    person.personId,
    ...judgementCells(person),
    ...LANDMARK_NAMES.flatMap((_, id) => [...placeCells(person.landmarks[id]), confidenceCell(person.landmarks[id])]),
  ]);
}

function judgementCells({ status, strategy, score }: TablePerson): string[] {
  return [status, strategy, cell(score, DECIMALS.score)];
}

function confidenceCell(landmark: TableLandmark | undefined): string {
  return cell(landmark?.confidence, DECIMALS.score);
}

function cell(value: number | undefined, decimals: number): string {
  return value === undefined ? '' : fixed(value, decimals);
}

function placeCells(landmark: TableLandmark | undefined): string[] {
  if (!landmark) return Array<string>(PLACE_COLUMNS.length).fill('');
  return [
    cell(landmark.x, DECIMALS.fraction),
    cell(landmark.y, DECIMALS.fraction),
    cell(landmark.z, DECIMALS.fraction),
    cell(landmark.visibility, DECIMALS.score),
    cell(landmark.xPx, DECIMALS.pixels),
    cell(landmark.yPx, DECIMALS.pixels),
    cell(landmark.worldX, DECIMALS.metres),
    cell(landmark.worldY, DECIMALS.metres),
    cell(landmark.worldZ, DECIMALS.metres),
  ];
}
