import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import { SAMPLES } from '../support/reference-clips.js';

/** The golden table of the sample clip `wave`. */
export const GOLDEN = join(SAMPLES, 'golden', 'wave.csv');

/** A wide table as text: a header and rows of cells. */
export interface Table {
  readonly header: string[];
  readonly rows: string[][];
}

export type Change = (table: Table, random: () => number) => Table | string;

const [head = '', ...lines] = (await readFile(GOLDEN, 'utf8')).trimEnd().split('\n');
export const TABLE: Table = { header: head.split(','), rows: lines.map(line => line.split(',')) };
export const TIMESTAMP = TABLE.header.indexOf('timestamp');
const FIRST_PLACE = TABLE.header.indexOf('nose_x');
const isOf = (suffix: string) => (name: string) => name.endsWith(suffix);
export const columns = (fits: (name: string) => boolean) =>
  TABLE.header.flatMap((name, at) => (fits(name) ? [at] : []));
const PX = columns(name => isOf('_x_px')(name));

/** Applies a function to some numbers of some rows. */
export function mapCells(
  table: Table,
  at: readonly number[],
  change: (value: number, row: number, column: string) => number,
  fits: (row: number) => boolean = () => true,
): Table {
  const rows = table.rows.map((row, index) => {
    if (!fits(index)) return row;
    const copy = [...row];
    for (const column of at) copy[column] = change(Number(row[column]), index, table.header[column]!).toFixed(6);
    return copy;
  });
  return { ...table, rows };
}

const SUFFIXES = ['_x', '_y', '_z', '_visibility', '_x_px', '_y_px', '_world_x', '_world_y', '_world_z', '_confidence'];
/** A landmark's columns. */
const of = (landmark: string) => columns(name => SUFFIXES.some(suffix => name === `${landmark}${suffix}`));
const row = (random: () => number) => Math.floor(random() * TABLE.rows.length);
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const LANDMARKS = ['left_wrist', 'right_ankle', 'nose', 'left_hip', 'right_elbow', 'left_foot_index'];
const pick = <T>(list: readonly T[], random: () => number) => list[Math.floor(random() * list.length)] as T;

/** Swaps the columns of two landmarks. */
function swapColumns(
  table: Table,
  pairs: readonly (readonly [string, string])[],
  fits: (row: number) => boolean,
): Table {
  const rows = table.rows.map((cells, index) => {
    if (!fits(index)) return cells;
    const copy = [...cells];
    for (const [a, b] of pairs) {
      const [from, to] = [of(a), of(b)];
      for (const [i, at] of from.entries()) {
        copy[at] = cells[to[i]!] as string;
        copy[to[i]!] = cells[at]!;
      }
    }
    return copy;
  });
  return { ...table, rows };
}

const SIDES = LANDMARK_NAMES.filter(name => name.includes('left')).map(
  name => [name, name.replace('left', 'right')] as const,
);

export const HARMFUL: Readonly<Record<string, Change>> = {
  'all shifted to the right': (table, random) => mapCells(table, PX, x => x + 3 + random()),
  'all shifted down': (table, random) => mapCells(table, columns(isOf('_y_px')), y => y - 3 - random()),
  'one landmark shifted in one frame': (table, random) => {
    const [at, landmark] = [row(random), pick(LANDMARKS, random)];
    return mapCells(
      table,
      columns(name => name === `${landmark}_x_px`),
      x => x + 8,
      index => index === at,
    );
  },
  'a frame dropped': (table, random) => {
    const at = row(random);
    return { ...table, rows: table.rows.filter((_, index) => index !== at) };
  },
  'the last frames dropped': table => ({ ...table, rows: table.rows.slice(0, -3) }),
  'a frame twice': (table, random) => {
    const at = row(random);
    return { ...table, rows: table.rows.flatMap((cells, index) => (index === at ? [cells, cells] : [cells])) };
  },
  'left and right swapped in one frame': (table, random) => {
    const at = row(random);
    return swapColumns(table, SIDES, index => index === at);
  },
  'left and right swapped in all': table => swapColumns(table, SIDES, () => true),
  'the arms swapped': (table, random) => {
    const at = row(random);
    return swapColumns(
      table,
      [
        ['left_wrist', 'right_wrist'],
        ['left_elbow', 'right_elbow'],
      ],
      index => index === at,
    );
  },
  'scaled by two per cent': table =>
    mapCells(
      table,
      columns(name => /_[xy]_px$/.test(name)),
      v => v * 1.02,
    ),
  mirrored: table => mapCells(table, PX, x => 640 - x),
  'jitter of two pixels': (table, random) => mapCells(table, PX, x => x + 2 * normal(random)),
  'jitter in one landmark': (table, random) => {
    const landmark = pick(LANDMARKS, random);
    return mapCells(
      table,
      columns(name => name === `${landmark}_y_px`),
      y => y + 3 * normal(random),
    );
  },
  'poses a frame late': table => ({
    ...table,
    rows: table.rows.map((cells, index) => [
      ...cells.slice(0, FIRST_PLACE),
      ...table.rows[Math.max(0, index - 1)]!.slice(FIRST_PLACE),
    ]),
  }),
  'times a frame late': table => mapCells(table, [TIMESTAMP], t => t + 1 / 30),
  'times of another frame rate': table => mapCells(table, [TIMESTAMP], t => (t * 30) / 29.97),
  'a person lost in a frame': (table, random) => {
    const at = row(random);
    const rows = table.rows.map((cells, index) =>
      index === at ? cells.map((cell, column) => (column < 2 ? cell : column === 3 ? 'missing' : '')) : cells,
    );
    return { ...table, rows };
  },
  'a person lost from some frame on': (table, random) => {
    const at = 5 + Math.floor(random() * 40);
    const rows = table.rows.map((cells, index) =>
      index >= at ? cells.map((cell, column) => (column < 2 ? cell : column === 3 ? 'missing' : '')) : cells,
    );
    return { ...table, rows };
  },
  'a second person': (table, random) => {
    const at = row(random);
    const rows = table.rows.flatMap((cells, index) =>
      index === at ? [cells, cells.map((cell, column) => (column === 2 ? '1' : cell))] : [cells],
    );
    return { ...table, rows };
  },
  'a landmark without a place': (table, random) => {
    const [at, landmark] = [row(random), pick(LANDMARKS, random)];
    const rows = table.rows.map((cells, index) =>
      index === at ? cells.map((cell, column) => (of(landmark).includes(column) ? '' : cell)) : cells,
    );
    return { ...table, rows };
  },
  'depth turned round': table =>
    mapCells(
      table,
      columns(name => /[a-z]_z$/.test(name) && !name.includes('world')),
      z => -z,
    ),
  'world landmarks in centimetres': table =>
    mapCells(
      table,
      columns(name => name.includes('_world_')),
      v => v * 100,
    ),
  'world landmarks lost': table => ({
    ...table,
    rows: table.rows.map(cells => cells.map((cell, at) => (table.header[at]?.includes('_world_') ? '' : cell))),
  }),
  'a world axis turned round': table => mapCells(table, columns(isOf('_world_y')), y => -y),
  'visibility of nothing': table => mapCells(table, columns(isOf('_visibility')), () => 0),
  'a person of another id half-way': table => ({
    ...table,
    rows: table.rows.map((cells, index) => cells.map((cell, at) => (at === 2 && index > 30 ? '7' : cell))),
  }),
  'slow drift': table => mapCells(table, PX, (x, index) => x + index * 0.08),
  'two landmarks swapped': (table, random) => {
    const at = row(random);
    return swapColumns(table, [['left_knee', 'left_ankle']], index => index === at);
  },
  'frozen from some frame on': table => ({
    ...table,
    rows: table.rows.map((cells, index) => [
      ...cells.slice(0, FIRST_PLACE),
      ...table.rows[Math.min(index, 10)]!.slice(FIRST_PLACE),
    ]),
  }),
  'a column lost': table => ({
    header: table.header.filter(name => name !== 'left_wrist_x_px'),
    rows: table.rows.map(cells => cells.filter((_, at) => table.header[at] !== 'left_wrist_x_px')),
  }),
};

const shuffled = (count: number, random: () => number) =>
  Array.from({ length: count }, (_, at) => ({ at, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ at }) => at);
const round =
  (suffix: RegExp, decimals: number): Change =>
  table => ({
    ...table,
    rows: table.rows.map(cells =>
      cells.map((cell, at) => (suffix.test(table.header[at] ?? '') ? Number(cell).toFixed(decimals) : cell)),
    ),
  });
export const asText = ({ header, rows }: Table, separator = ',', end = '\n') =>
  [header, ...rows].map(cells => cells.join(separator)).join(end) + end;

export const HARMLESS: Readonly<Record<string, Change>> = {
  nothing: table => table,
  'pixels rounded to two decimals': round(/_px$/, 2),
  'pixels rounded to whole ones': round(/_px$/, 0),
  'fractions rounded': round(/_[xy]$/, 4),
  'depth rounded': round(/_z$/, 3),
  'metres rounded to centimetres': round(/_world_[xyz]$/, 2),
  'visibility rounded': round(/_visibility$/, 1),
  'times rounded to milliseconds': round(/^timestamp$/, 3),
  'scores rounded': round(/^score$/, 1),
  'columns in another order': (table, random) => {
    const order = shuffled(table.header.length, random);
    return {
      header: order.map(at => table.header[at]!),
      rows: table.rows.map(cells => order.map(at => cells[at]!)),
    };
  },
  'columns turned round': table => ({
    header: [...table.header].reverse(),
    rows: table.rows.map(cells => [...cells].reverse()),
  }),
  CRLF: table => asText(table, ',', '\r\n'),
  'no newline at the end': table => asText(table).trimEnd(),
  'two newlines at the end': table => `${asText(table)}\n`,
  'a byte order mark': table => `\uFEFF${asText(table)}`,
  'all cells quoted': ({ header, rows }) =>
    asText({ header: header.map(c => `"${c}"`), rows: rows.map(r => r.map(c => `"${c}"`)) }),
  'texts quoted': ({ header, rows }) =>
    asText({ header, rows: rows.map(r => r.map(c => (/^[a-z]/.test(c) ? `"${c}"` : c))) }),
  semicolons: table => asText(table, ';'),
  tabs: table => asText(table, '\t'),
  'a column more': ({ header, rows }) => ({ header: [...header, 'note'], rows: rows.map(r => [...r, 'x']) }),
  'a column more in front': ({ header, rows }) => ({
    header: ['', ...header],
    rows: rows.map((r, i) => [String(i), ...r]),
  }),
  'a quoted column with commas': ({ header, rows }) => ({
    header: [...header, 'note'],
    rows: rows.map(r => [...r, '"a, b"']),
  }),
  'the status of a frame': (table, random) => {
    const at = row(random);
    return { ...table, rows: table.rows.map((r, i) => (i === at ? r.map((c, k) => (k === 3 ? 'filled' : c)) : r)) };
  },
  'another strategy': table => ({ ...table, rows: table.rows.map(r => r.map((c, k) => (k === 4 ? 'clahe' : c))) }),
  'other scores': table => ({ ...table, rows: table.rows.map(r => r.map((c, k) => (k === 5 ? '0.5' : c))) }),
  'another id all along': table => ({ ...table, rows: table.rows.map(r => r.map((c, k) => (k === 2 ? '3' : c))) }),
  'other frame numbers': table => ({
    ...table,
    rows: table.rows.map(r => r.map((c, k) => (k === 0 ? String(Number(c) + 100) : c))),
  }),
  'jitter of a tenth of a pixel': (table, random) => mapCells(table, PX, x => x + 0.1 * (random() - 0.5)),
  'numbers with exponents': table => ({
    ...table,
    rows: table.rows.map(r => r.map((c, k) => (k > 5 && c !== '' ? Number(c).toExponential() : c))),
  }),
  'without score and strategy': ({ header, rows }) => ({
    header: header.filter(name => name !== 'score' && name !== 'strategy'),
    rows: rows.map(r => r.filter((_, k) => k !== 4 && k !== 5)),
  }),
};
