import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { csvFormat } from '../../src/formats/csv-writer.js';
import { ndjsonFormat } from '../../src/formats/ndjson-writer.js';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { tableFrameOf } from '../../src/formats/table-frame-of.js';
import type { FrameResult } from '../../src/model/result.js';
import type { TableFrame } from '../../src/model/table-frame.js';
import { standingPose } from '../support/fake-engine.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const DISPLAY = { width: 640, height: 480 };
const FRAMES: readonly FrameResult[] = [0, 1, 2].map(frameId => ({
  frameId,
  timestamp: frameId / 30,
  status: 'tracked',
  people: [{ personId: 0, pose: standingPose(), status: 'tracked', strategy: 'original', score: 0.9 }],
}));
const spell = (format: ReturnType<typeof csvFormat>) =>
  format.head + FRAMES.map(frame => format.lines(tableFrameOf(frame, DISPLAY))).join('');
const LONG = spell(csvFormat('long'));
const WIDE = spell(csvFormat('wide'));
const NDJSON = spell(ndjsonFormat());

async function put(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function read(path: string): Promise<TableFrame[]> {
  const frames: TableFrame[] = [];
  for await (const frame of readLandmarks(path)) frames.push(frame);
  return frames;
}

/** A table with one cell in its second row changed. */
function withCell(table: string, column: string, value: string): string {
  const lines = table.split('\n');
  const at = lines[0]!.split(',').indexOf(column);
  const cells = lines[2]!.split(',');
  cells[at] = value;
  return lines.with(2, cells.join(',')).join('\n');
}

interface Line {
  people: { landmarks: object[] }[];
}

/** A line of NDJSON with something changed. */
function withLine(change: (line: Line) => unknown): string {
  const [first, second, third] = NDJSON.split('\n') as [string, string, string];
  const changed = JSON.parse(second);
  return `${[first, JSON.stringify(change(changed) ?? changed), third].join('\n')}\n`;
}

const PEAK = `data:text/javascript,process.on('exit',()=>console.error('PEAK_KB',process.resourceUsage().maxRSS))`;

async function measured(args: readonly string[]): Promise<CliResult & { peakMb: number }> {
  const result = await runCli(args, { node: ['--import', PEAK] });
  return { ...result, peakMb: Number(/PEAK_KB (\d+)/.exec(result.stderr)?.[1]) / 1024 };
}

/** All files below a folder, except the inputs. */
async function files(below: string): Promise<string[]> {
  return (await readdir(below, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

describe('a person_id in a table', () => {
  test.each(['/../../escaped', '../escaped', '-1', '1.5', 'NaN', 'Infinity', '1e300', '2147483648', 'x', "1'"])(
    '%s is no id, and export writes nothing anywhere',
    async id => {
      const inner = join(folder, `inner-${Math.random()}`, 'deep');
      await mkdir(inner, { recursive: true });
      for (const [name, table] of [
        ['long.csv', LONG],
        ['wide.csv', WIDE],
      ] as const) {
        const path = join(inner, name);
        await writeFile(path, withCell(table, 'person_id', id));
        const before = await files(folder);
        const result = await runCli(['export', path, '--format', 'trc,mot,opensim,c3d,coco,parquet,movement,xlsx']);
        expect(result.code).toBe(1);
        expect(result.stderr).toMatch(new RegExp(`${name}: is not a landmark table: line 3: person_id must be`));
        expect(result.stderr).not.toContain('This is a bug');
        expect(await files(folder)).toEqual(before);
      }
    },
    30_000,
  );

  test('is not a path in NDJSON either', async () => {
    const path = await put(
      'id.ndjson',
      withLine(line => Object.assign(line.people[0] as object, { person_id: '/../../x' }) && line),
    );
    const result = await runCli(['export', path, '--format', 'trc']);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/line 2: person_id must be a whole number/);
  });
});

describe('a row of a table', () => {
  test.each([
    ['frame_id', '-1', /line 3: frame_id and timestamp must be/],
    ['frame_id', '1.5', /line 3: frame_id and timestamp must be/],
    ['frame_id', '', /line 3: frame_id and timestamp must be/],
    ['landmark_id', '33', /line 3: unknown landmark/],
    ['landmark_id', '1.5', /line 3: unknown landmark/],
    ['landmark_id', '__proto__', /line 3: unknown landmark/],
  ])('with %s %j is refused by its line', async (column, value, message) => {
    await expect(read(await put('row.csv', withCell(LONG, column, value)))).rejects.toThrow(message);
  });

  test.each([
    ['timestamp', 'Infinity', /line 3: frame_id and timestamp must be numbers/],
    ['status', '<b>found</b>', /line 3: status must be/],
    ['strategy', '\u001b[2J', /line 3: strategy must be/],
    ['strategy', 'a'.repeat(65), /line 3: strategy must be/],
  ])('of the wide table with %s %j is refused by its line', async (column, value, message) => {
    await expect(read(await put('row.csv', withCell(WIDE, column, value)))).rejects.toThrow(message);
  });

  test('has no value for an absent optional number', async () => {
    for (const value of ['', 'nan', 'NA', 'inf', '1e999']) {
      const [first] = await read(await put('row.csv', withCell(LONG, 'x', value)));
      expect(first?.people[0]?.landmarks[1]?.x).toBeUndefined();
    }
  });

  test('is rejected if it names more than 256 people in one frame', async () => {
    const [head, row] = WIDE.split('\n') as [string, string];
    const cells = row.split(',');
    const rows = Array.from({ length: 257 }, (_, id) => cells.with(2, String(id)).join(','));
    await expect(read(await put('crowd.csv', [head, ...rows, ''].join('\n')))).rejects.toThrow(
      /line 258: the frame has/,
    );
  });
});

test.each([
  ['an open quote in its header', LONG.replace('frame_id', '"frame_id'), /(is not a header|has no column)/],
  ['a header that is one quote', `"\n${LONG}`, /(is not a header|has no column)/],
  ['a header alone that is one quote', '"', /(is not a header|has no column)/],
  ['no header', '\n\n', /the file is empty/],
  [
    'bytes that are no text',
    Buffer.from([0xff, 0xfe, 0x00, 0x22, 0x0a]).toString('latin1'),
    /(is not a header|has no column)/,
  ],
])('a table with %s is rejected as not a table', async (_, text, message) => {
  await expect(read(await put('header.csv', text))).rejects.toMatchObject({
    code: 'TABLE_INVALID',
    message: expect.stringMatching(message),
  });
});

describe('tables that were accepted before', () => {
  const withoutConfidence = LONG.replaceAll(/,[^,\n]*$/gm, '');
  const idsAsFloats = LONG.split('\n')
    .map((line, i) => (i === 0 ? line : line.replace(/^(\d+),([^,]*),(\d+),(\d+)/, '$1.0,$2,$3.0,$4.0')))
    .join('\n');
  const oldTool = LONG.split('\n')
    .filter(line => line !== '')
    .map(line =>
      line
        .split(',')
        .filter((_, i) => ![2, 9, 10, 11, 12, 13, 14, 16, 17].includes(i))
        .join(','),
    )
    .join('\n');
  const shuffled = LONG.split('\n')
    .filter(line => line !== '')
    .map((line, i) =>
      [i === 0 ? 'my note' : 'a, b']
        .map(note => (i === 0 ? note : `"${note}"`))
        .concat(line.split(',').toReversed())
        .join(','),
    )
    .join('\n');

  test.each([
    ['without confidence, as older ones', withoutConfidence],
    ['with CRLF', LONG.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${LONG}`],
    ['with semicolons', LONG.replaceAll(',', ';')],
    ['with ids that a spreadsheet made 1.0', idsAsFloats],
    ["the old tool's, without people and status", oldTool],
    ['with columns in another order and one more', shuffled],
  ])('are read still: %s', async (name, text) => {
    const frames = await read(await put('older.csv', text));
    expect(frames.map(({ frameId }) => frameId)).toEqual([0, 1, 2]);
    expect(frames.every(({ people }) => people.length === 1 && people[0]?.landmarks.length === 33)).toBe(true);
    const [whole] = await read(await put('whole.csv', LONG));
    expect(frames[0]?.people[0]?.landmarks[5]?.x).toBe(whole?.people[0]?.landmarks[5]?.x);
    expect(name).toBeTruthy();
  });

  test('NDJSON with CRLF, a byte order mark and empty lines', async () => {
    const text = `\uFEFF${NDJSON.replaceAll('\n', '\r\n')}\r\n\r\n`;
    expect(await read(await put('older.ndjson', text))).toEqual(await read(await put('whole.ndjson', NDJSON)));
  });
});

/** Parsers read it, but recursive code runs out of stack. */
const DEEP = `${'['.repeat(5e5)}${']'.repeat(5e5)}`;

/** The second line with such a list instead of a number. */
function withDeepCell(key: string): string {
  const [first = '', second = ''] = NDJSON.split('\n');
  const at = second.indexOf(key) + key.length;
  return `${first}\n${second.slice(0, at)}${DEEP}${second.slice(at).replace(/^[^,}]*/, '')}\n`;
}

describe('malformed NDJSON', () => {
  const people = (line: Line) => line.people;
  const cases: readonly [what: string, text: string, message: RegExp][] = [
    ['no list of people', withLine(line => ({ ...line, people: undefined })), /line 2: no list of people/],
    ['people that are a number', withLine(line => ({ ...line, people: 5 })), /line 2: no list of people/],
    ['a person that is null', withLine(line => ({ ...line, people: [null] })), /line 2: a person must be an object/],
    [
      'no landmarks',
      withLine(line => void delete (people(line)[0] as { landmarks?: unknown }).landmarks),
      /line 2: a person must have 33/,
    ],
    [
      'text for a number',
      withLine(line => void Object.assign(people(line)[0]!.landmarks[3]!, { x: 'a' })),
      /line 2: x must be a number/,
    ],
    ['no frame_id', withLine(line => ({ ...line, frame_id: null })), /line 2: frame_id must be/],
    [
      'a status of its own',
      withLine(line => void Object.assign(people(line)[0] as object, { status: '<script>' })),
      /line 2: unknown status/,
    ],
    ['null', `${NDJSON.split('\n')[0]}\nnull\n`, /line 2: the line must be an object, got null/],
    ['a list', `${NDJSON.split('\n')[0]}\n[]\n`, /line 2: the line must be an object, got \[\]/],
    ['a cell nested half a million deep', withDeepCell('"score":'), /line 2: score must be a number, got \[\.\.\.\]/],
    ['people nested half a million deep', `${NDJSON.split('\n')[0]}\n${DEEP}\n`, /line 2: .*an object, got \[\.\.\.\]/],
    ['half a line', NDJSON.slice(0, -200), /line 3: not valid JSON/],
  ];

  test.each(cases)(
    '%s is reported with its line, and not as a defect',
    async (_, text, message) => {
      const path = await put('malformed.ndjson', text);
      const result = await runCli(['quality', path]);
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(message);
      expect(result.stderr).toMatch(/malformed\.ndjson: is not a landmark table/);
      expect(result.stderr).not.toContain('This is a bug');
    },
    20_000,
  );

  test('filter blames the line, and not its --cutoff', async () => {
    const result = await runCli(['filter', await put('deep.ndjson', withDeepCell('"score":'))]);
    expect(result.stderr).toMatch(/deep\.ndjson: is not a landmark table.*line 2/);
    expect(result.stderr).not.toContain('--cutoff');
    expect(result.code).toBe(1);
  }, 20_000);
});

describe('a line of 50 MB in a table', () => {
  const MOST_MB = 150;
  const [csv, ndjson, whole] = ['line.csv', 'line.ndjson', 'calm.csv'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const results = join(folder, 'results');

  beforeAll(async () => {
    await writeFile(whole, LONG);
    for (const [path, start] of [
      [csv, `${LONG}3,0.1,0,0,"`],
      [ndjson, `${NDJSON}{"version":1,"frame_id":3,"note":"`],
    ] as const) {
      await writeFile(path, start);
      const handle = await open(path, 'a');
      for (let i = 0; i < 50; i++) await handle.write('x'.repeat(2 ** 20));
      await handle.close();
    }
    await mkdir(results);
    await writeFile(join(results, 'line.csv'), await readFile(csv));
    const record = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8'));
    await writeFile(
      join(results, 'line.run.json'),
      JSON.stringify({ ...record, outputs: ['line.csv'], files: [], quality: null }),
    );
  });

  test.each([
    ['quality', (path: string) => ['quality', path]],
    ['filter', (path: string) => ['filter', path, '-o', join(folder, 'filtered.csv')]],
    ['export', (path: string) => ['export', path, '-f', 'trc,mot,opensim,c3d,coco,openpose,parquet,movement,xlsx']],
    ['cycles', (path: string) => ['cycles', path, '-o', join(folder, 'cycles')]],
    ['compare', (path: string) => ['compare', whole, path]],
    ['compare, as the golden one', (path: string) => ['compare', path, whole]],
    [
      'render',
      (path: string) => [
        'render',
        path,
        join(import.meta.dirname, '../../samples/wave.mp4'),
        '-o',
        join(folder, 'drawn.mp4'),
      ],
    ],
  ])(
    'is refused by %s, in little memory',
    async (_, args) => {
      for (const path of [csv, ndjson]) {
        const { code, stderr, peakMb } = await measured(args(path));
        expect([code, stderr]).toEqual([1, expect.stringMatching(/line (101|4) is longer than 1024 kB/)]);
        expect(stderr).toContain(path);
        expect(stderr).not.toContain('This is a bug');
        expect(peakMb).toBeLessThan(MOST_MB);
      }
    },
    60_000,
  );

  test('is left out of a report, in little memory', async () => {
    const { code, stderr, peakMb } = await measured(['report', results]);
    expect(stderr).toMatch(/skipped; .*line\.csv: is not a landmark table: line 101 is longer than 1024 kB/);
    expect(code).toBe(0); // The page of the folder lists it with the reason.
    expect(peakMb).toBeLessThan(MOST_MB);
  }, 20_000);
});

test.skipIf(process.platform === 'win32')(
  'a named pipe is not waited for',
  async () => {
    const pipe = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    const result = await runCli(['quality', pipe]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/pipe\.csv: is not a regular file/);
  },
  15_000,
);
