import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { USUAL_CONFIDENCE } from '../../src/formats/export-facts.js';
import { personAngles } from '../../src/formats/person-angles.js';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { MOST_XLSX_ROWS, sheetRow } from '../../src/formats/xlsx.js';
import { XlsxFile } from '../../src/outputs/exports/xlsx.js';
import { ANGLE_NAMES } from '../../src/signal/angles.js';
import { askPython, pythonWith } from '../support/readers.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const OPENPYXL = pythonWith('openpyxl');
const GOLDEN = fileURLToPath(new URL('../../samples/golden/wave.csv', import.meta.url));
const DISPLAY = { width: 640, height: 480 };
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

type Cell = readonly [value: string | number | boolean | null, kind: string];
type Workbook = Readonly<Record<string, readonly (readonly Cell[])[]>>;

const READ = `
import json, sys, warnings, openpyxl
warnings.simplefilter('error')
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({s.title: [[(c.value, c.data_type) for c in row] for row in s.iter_rows()] for s in book}))`;

const read = async (path: string) => (await askPython(OPENPYXL!, READ, [path])) as Workbook;
const values = (row: readonly Cell[] | undefined) => row?.map(([value]) => value);

describe.skipIf(!OPENPYXL)('a workbook, as openpyxl reads it', () => {
  test("has the table's angles in space and in the picture, one row for each person, without uncertain ones", async () => {
    expect((await runCli(['export', GOLDEN, '-f', 'xlsx', '-o', at('wave')])).code).toBe(0);
    const book = await read(at('wave.xlsx'));
    expect(Object.keys(book)).toEqual(['summary', 'angles', 'angles 2D']);
    const [space, picture] = [book.angles!, book['angles 2D']!];
    expect(values(space[0])).toEqual(['frame_id', 'timestamp', 'person_id', ...ANGLE_NAMES]);
    let row = 0;
    for await (const { frameId, timestamp, people } of readLandmarks(GOLDEN)) {
      row++;
      const start = [frameId, timestamp, people[0]!.personId];
      const angles = personAngles(people[0]!, DISPLAY);
      const cells = (of: (angle: (typeof angles)[number]) => number | undefined) =>
        angles.map(angle => (angle.confidence < USUAL_CONFIDENCE ? null : expect.closeTo(of(angle)!, 1)));
      expect(values(space[row])).toEqual([...start, ...cells(({ degrees3d }) => degrees3d)]);
      expect(values(picture[row])).toEqual([...start, ...cells(({ degrees2d }) => degrees2d)]);
    }
    expect([space.length, picture.length]).toEqual([row + 1, row + 1]);
    expect(new Set(space[1]!.map(([, kind]) => kind))).toEqual(new Set(['n']));
  });

  test('has the numbers of the quality file as its summary', async () => {
    const { stdout } = await runCli(['quality', GOLDEN]);
    const quality = JSON.parse(stdout);
    const facts = new Map((await read(at('wave.xlsx'))).summary!.map(row => [row[0]?.[0], row[1]]));
    expect(facts.get('frames')).toEqual([quality.frames, 'n']);
    expect(facts.get('detection rate')?.[0]).toBeCloseTo(quality.detectionRate, 4);
    expect(facts.get('jitter')?.[0]).toBeCloseTo(quality.jitter, 4);
    expect(facts.get('person 0: swaps')).toEqual([quality.people[0].swaps.count, 'n']);
    expect(facts.get('check of detection rate')?.[0]).toBeCloseTo(quality.detectionRate, 3);
    expect([...facts.keys()].filter(key => /research/.test(String(key)))).toEqual([]);
    expect(facts.get('visibility of nose')?.[0]).toBeCloseTo(quality.visibility.nose, 4);
  });

  test.skipIf(process.platform === 'win32')(
    "does not take text for a formula, nor a table's name for markup",
    async () => {
      const name = '=HYPERLINK("http:<b>&\u001b")';
      await copyFile(GOLDEN, at(`${name}.csv`));
      expect((await runCli(['export', at(`${name}.csv`), '-f', 'xlsx', '-o', at(name)])).code).toBe(0);
      const book = await read(at(`${name}.xlsx`));
      expect(book.summary?.[1]?.[1]).toEqual([name.replace('\u001b', '\\x1b'), 's']);
      const kinds = Object.values(book).flatMap(rows => rows.flatMap(row => row.map(([, kind]) => kind)));
      expect(kinds).not.toContain('f');
    },
  );
});

test.skipIf(!OPENPYXL)('has a sheet for the cycles beside a table, in any dialect', async () => {
  await copyFile(GOLDEN, at('walk.csv'));
  const sheets = [];
  for (const cycles of [
    'person_id,kind,seconds,turn\n0,=gait,1.250000,\n0,gait,-0.5,2\n',
    'person_id;kind;seconds;turn\n0;=gait;1,250000;\n0;gait;-0,5;2\n',
  ]) {
    await writeFile(at('walk.cycles.csv'), cycles);
    expect((await runCli(['export', at('walk.csv'), '-f', 'xlsx'])).code).toBe(0);
    sheets.push((await read(at('walk.xlsx'))).cycles);
  }
  const expected = [
    ['person_id', 'kind', 'seconds', 'turn'].map(name => [name, 's']),
    [
      [0, 'n'],
      ['=gait', 's'],
      [1.25, 'n'],
      [null, 'n'],
    ],
    [
      [0, 'n'],
      ['gait', 's'],
      [-0.5, 'n'],
      [2, 'n'],
    ],
  ];
  expect(sheets).toEqual([expected, expected]);
  await writeFile(at('walk.cycles.csv'), 'person_id,kind\n0\n');
  const broken = await runCli(['export', at('walk.csv'), '-f', 'xlsx']);
  expect([broken.code, broken.stderr]).toEqual([
    1,
    expect.stringMatching(/walk\.cycles\.csv: is not a CSV file.*without it/s),
  ]);
  expect((await readdir(folder)).filter(name => name.includes('partial'))).toEqual([]);
});

test("rows beyond a sheet's limit are left out, and reported", async () => {
  expect(MOST_XLSX_ROWS).toBe(2 ** 20);
  const most = 1200;
  const facts = { stem: at('long'), display: DISPLAY, personHeight: undefined };
  const file = await XlsxFile.create(facts, most);
  for (let frameId = 0; frameId < most + 2; frameId++)
    await file.write({ frameId, timestamp: frameId / 30, people: [] });
  await file.finish();
  await file.publish();
  expect(file.warnings).toEqual([
    expect.stringContaining(`a sheet can hold 1,200 rows: 3 rows of angles, from frame ${most - 1} on, are left out`),
  ]);
  if (!OPENPYXL) return;
  const book = await read(at('long.xlsx'));
  expect([book.angles?.length, book['angles 2D']?.length]).toEqual([most, most]);
  expect(values(book.angles?.at(-1))?.[0]).toBe(most - 2);
  expect(book.summary?.map(row => row[0]?.[0])).toContain('left out');
});

test('cells without numbers are empty, and columns continue beyond Z', () => {
  const row = sheetRow(7, [Number.NaN, undefined, '', ...Array(24).fill(1.5)]);
  expect(row).not.toMatch(/"[ABC]7"/);
  expect(row).toContain('<c r="AA7"><v>1.5</v></c>');
});
