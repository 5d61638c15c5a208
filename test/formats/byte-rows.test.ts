import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ByteRows } from '../../src/formats/byte-rows.js';
import { readCsvFrames } from '../../src/formats/csv-reader.js';
import { numberOf } from '../../src/formats/table-cells.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const HEAD = 'frame_id,timestamp,person_id,landmark_id,note,x,y,z,visibility,x_px,y_px,status,strategy,score';

/** Rows of a few hundred frames: several pieces of the file, which end in the middle of rows. */
function tableOf(frames: number, end = '\n'): string {
  const rows = [HEAD];
  for (let frame = 0; frame < frames; frame++)
    for (let id = 0; id < 33; id++) {
      const x = (Math.sin(frame + id) * 2).toFixed(6);
      const cells = [
        frame,
        (frame / 30).toFixed(6),
        frame % 2,
        id,
        'a note',
        x,
        0.5,
        -0.25,
        '0.9999',
        '322.806',
        100.5,
      ];
      rows.push([...cells, 'tracked', 'original', '0.9998'].join(','));
    }
  return rows.join(end) + end;
}

/** All frames, or the error message, with the frames before it. */
async function readAll(name: string, table: string | Buffer): Promise<unknown[]> {
  const path = join(folder, 'table.csv');
  await writeFile(path, table);
  const found: unknown[] = [];
  try {
    for await (const frame of readCsvFrames(path)) found.push(frame);
  } catch (error) {
    found.push(error instanceof Error ? error.message : error);
  }
  expect(found.length, name).toBeGreaterThan(0);
  return found;
}

/** The same table for the text parser: a quote in its first row leaves all rows to it. */
const quoted = (table: Buffer) => {
  const at = table.indexOf('\n') + 1;
  const end = table.indexOf(',', at);
  return Buffer.concat([table.subarray(0, at), Buffer.from(`"${table.subarray(at, end)}"`), table.subarray(end)]);
};

const CELLS = [
  ['', '0', '-0', '7', '-7', '0.504385', '-0.000001', '123456.789012', '.5', '5.', '-.5', '-', '.', '1.2.3', '--1'],
  ['+1', ' 1', '1 ', '1e-3', '1E5', '0x10', '1_000', 'nan', 'NaN', 'NA', 'inf', 'Infinity', '-Infinity', '1e999'],
  ['123456789012345', '1234567890123456', '0.1234567890123456789', '9007199254740993', '0.000000000000001', '00012.50'],
  [
    '\u00e4',
    '\ufeff1',
    '1\u00a0',
    '\u0000',
    '1\u0000',
    '4294967296',
    '2147483647',
    '2147483648',
    '7.0',
    '33',
    '"',
    '"1"',
  ],
].flat();

const short = tableOf(4);
const withCell = (column: string, cell: string) => {
  const lines = short.split('\n');
  const cells = lines[50]?.split(',') ?? [];
  return lines.with(50, cells.with(HEAD.split(',').indexOf(column), cell).join(',')).join('\n');
};

describe('rows read from bytes equal those of the text parser', () => {
  test.each(['frame_id', 'timestamp', 'person_id', 'landmark_id', 'note', 'x', 'status', 'score'])(
    'whatever stands in %s',
    async column => {
      for (const cell of CELLS) {
        const table = Buffer.from(withCell(column, cell));
        expect(await readAll(cell, table), JSON.stringify(cell)).toEqual(await readAll(cell, quoted(table)));
      }
    },
    20_000,
  );

  const lines = short.split('\n');
  const tables: Record<string, string | Buffer> = {
    'several pieces of a file': tableOf(300),
    'several pieces with CR LF': tableOf(300, '\r\n'),
    'an LF among CR LF': tableOf(4, '\r\n').replace('original,0.9998\r\n1,', 'original,0.9998\n1,'),
    'a CR LF among LF': lines.with(50, `${lines[50]}\r`).join('\n'),
    'no line end behind the last row': short.trimEnd(),
    'empty lines at the end': `${short}\n\n`,
    'an empty line in the middle': lines.toSpliced(50, 0, '').join('\n'),
    'a row with a cell less': lines.with(50, lines[50]?.replace('a note,', '') ?? '').join('\n'),
    'a row with a cell more': lines.with(50, `${lines[50]},1`).join('\n'),
    'half a row at the end': short.slice(0, -30),
    'a long note': lines.with(50, lines[50]?.replace('a note', 'n'.repeat(200_000)) ?? '').join('\n'),
    'too long a note': lines.with(50, lines[50]?.replace('a note', 'n'.repeat(1_100_000)) ?? '').join('\n'),
    'a quoted line end late in the table': tableOf(300).replace(/a note(?!.*a note)/s, '"a\nb"'),
    'bytes that are no text': Buffer.from(short.replaceAll('a note', 'n\xe4'), 'latin1'),
    'letters of several bytes': short.replaceAll('a note', 'Größe \u{1f938}'),
    'another person_id for text': short.replaceAll('\n2,', '\n2.0,'),
  };
  test.each(Object.entries(tables))('%s', async (name, text) => {
    const table = Buffer.from(text as string);
    expect(await readAll(name, table)).toEqual(await readAll(name, quoted(table)));
  });

  test('a number is the same double as in JavaScript', () => {
    const rows = new ByteRows(2, ',', false, 1);
    let seed = 1;
    const random = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let i = 0; i < 20_000; i++) {
      const digits = Math.floor(random() * 10 ** Math.ceil(random() * 15)).toString();
      const point = Math.floor(random() * (digits.length + 1));
      const cell = `${random() < 0.5 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
      rows.feed(Buffer.from(`1,${cell}\n`));
      expect(rows.next()).toBe(true);
      expect(Object.is(rows.number(1), numberOf(cell)), cell).toBe(true);
      expect(rows.next()).toBe(false);
    }
  });
});

test('a long table is held a piece at a time, without the text parser', () => {
  const rows = new ByteRows(HEAD.split(',').length, ',', false, 1);
  const bytes = Buffer.from(tableOf(1000)).subarray(HEAD.length + 1);
  const PIECE = 64 * 1024;
  let [count, most] = [0, 0];
  for (let at = 0; at < bytes.length; at += PIECE) {
    rows.feed(bytes.subarray(at, at + PIECE));
    most = Math.max(most, rows.rest.length);
    while (rows.next()) count++;
    expect(rows.isUnusual).toBe(false);
  }
  expect([count, rows.line, rows.rest.length]).toEqual([33_000, 33_002, 0]);
  expect(most).toBeLessThan(PIECE + 200); // A piece, and the unfinished row before it.
});
