import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { toEuropean, withDecimalPoints } from '../../src/formats/csv-dialect.js';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import type { TableFrame } from '../../src/model/table-frame.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { askPython, pythonWith } from '../support/readers.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { trueTable } from '../support/true-table.js';

const PANDAS = pythonWith('pandas');
const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const analyze = (out: string, ...more: string[]) =>
  runCli(['analyze', at('clip.mkv'), '-o', at(out), '--mode', 'still', '--no-overlay', ...more]);

async function framesOf(path: string): Promise<TableFrame[]> {
  const frames: TableFrame[] = [];
  for await (const frame of readLandmarks(path)) frames.push(frame);
  return frames;
}

beforeAll(async () => {
  await makeWithFfmpeg(
    ['-i', join(SAMPLES, 'wave.mp4'), '-vf', "drawbox=t=fill:color=gray:enable='gte(n,4)'", '-frames:v', '6'],
    at('clip.mkv'),
  );
  const runs = [
    await analyze('plain', '--angles'),
    await analyze('eu', '--angles', '--csv-dialect', 'excel-eu'),
    await analyze('wide', '--csv-layout', 'wide', '--csv-dialect', 'excel-eu'),
  ];
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
}, 60_000);

describe('--csv-dialect excel-eu', () => {
  test.skipIf(!PANDAS)(
    'is what pandas reads with semicolons and decimal commas: the same table, the same angles',
    async () => {
      const program = `
import json, sys, pandas as pd
same = lambda name: pd.read_csv(f'{sys.argv[1]}/eu/{name}', sep=';', decimal=',').equals(pd.read_csv(f'{sys.argv[1]}/plain/{name}'))
numbers = pd.read_csv(f'{sys.argv[1]}/eu/clip.csv', sep=';', decimal=',').x.dtype.kind
print(json.dumps([same('clip.csv'), same('clip.angles.csv'), numbers]))`;
      expect(await askPython(PANDAS!, program, [folder])).toEqual([true, true, 'f']);
    },
  );

  test.each(['eu', 'wide'])('is read back like the plain table (%s)', async name => {
    expect(await readFile(at(name, 'clip.csv'), 'utf8')).toMatch(/^frame_id;timestamp;.*\n0;0,000000;0;/);
    expect(await framesOf(at(name, 'clip.csv'))).toEqual(await framesOf(at('plain', 'clip.csv')));
  });

  test('is distinguished from an output in another dialect, which is rewritten without analysis, to the same bytes', async () => {
    await runCli([
      'analyze',
      at('clip.mkv'),
      '-o',
      at('again'),
      '--mode',
      'still',
      '--no-overlay',
      '--csv-dialect',
      'excel-eu',
    ]);
    const made = await analyze('again');
    expect(made.code).toBe(0);
    expect(await readFile(at('again', 'clip.csv'), 'utf8')).toBe(await readFile(at('plain', 'clip.csv'), 'utf8'));
    expect(JSON.parse(await readFile(at('again', 'clip.run.json'), 'utf8')).madeFromTable).toHaveLength(1);
    expect((await analyze('again')).stderr).toMatch(/done already/);
  });

  test('is accepted by all commands: filter, quality, compare, export, report', async () => {
    const [plain, eu] = [at('plain', 'clip.csv'), at('eu', 'clip.csv')];
    const same = await runCli(['compare', plain, eu]);
    expect([same.code, same.stdout]).toEqual([0, expect.not.stringMatching(/missing/)]);
    const [one, other] = [await runCli(['quality', plain]), await runCli(['quality', eu])];
    expect(other.stdout).toBe(one.stdout);
    for (const [table, out] of [
      [plain, 'p'],
      [eu, 'e'],
    ] as const) {
      expect((await runCli(['export', table, '-f', 'mot,coco', '-o', at(out, 'clip')])).code).toBe(0);
      expect((await runCli(['filter', table, '-o', at(out, 'clip.csv')])).code).toBe(0);
    }
    for (const name of ['clip.mot', 'clip.coco.json', 'clip.csv']) {
      expect(await readFile(at('e', name), 'utf8')).toBe(await readFile(at('p', name), 'utf8'));
    }
    expect((await runCli(['report', at('eu')])).code).toBe(0);
  });

  test('is also written by angles, like analyze', async () => {
    const args = ['angles', at('plain', 'clip.csv'), '--csv-dialect'];
    expect((await runCli([...args, 'excel-eu', '-o', at('e', 'angles.csv')])).code).toBe(0);
    expect(await readFile(at('e', 'angles.csv'), 'utf8')).toBe(await readFile(at('eu', 'clip.angles.csv'), 'utf8'));
    expect((await runCli([...args, 'german'])).stderr).toMatch(
      /--csv-dialect must be one of plain, excel-eu, got "german"/,
    );
  });

  test('is also written by filter, which replaces its own result in any dialect', async () => {
    const args = ['filter', at('plain', 'clip.csv'), '--motion'];
    expect((await runCli([...args, '--csv-dialect', 'excel-eu'])).code).toBe(0);
    const [table, motion] = await Promise.all(
      ['clip.filtered.csv', 'clip.motion.csv'].map(name => readFile(at('plain', name), 'utf8')),
    );
    expect([table, motion].map(text => /^frame_id;[\w;]+\n0;0,000000;0;/.test(text!))).toEqual([true, true]);
    expect((await runCli(args)).code).toBe(0);
    expect(await readFile(at('plain', 'clip.filtered.csv'), 'utf8')).toBe(
      table!.replaceAll(',', '.').replaceAll(';', ','),
    );
  });
});

test('is also written by cycles, which replaces its own result in any dialect, and a workbook reads both', async () => {
  const table = await trueTable(folder, 'squat');
  const read = () => readFile(table.replace('.csv', '.cycles.csv'), 'utf8');
  const sheet = async () => {
    expect((await runCli(['export', table, '-f', 'xlsx'])).code).toBe(0);
    return readFile(table.replace('.csv', '.xlsx'));
  };
  const args = ['cycles', table, '--no-plots'];
  expect((await runCli([...args, '--csv-dialect', 'excel-eu'])).code).toBe(0);
  const [european, itsBook] = [await read(), await sheet()];
  expect(european).toMatch(/^person_id;kind;number;[\w;]+\n0;repetitions;1;;\w+;\d+,\d+;/);
  expect((await runCli(args)).code).toBe(0);
  expect(await read()).toBe(european.replaceAll(',', '.').replaceAll(';', ','));
  expect(await sheet()).toEqual(itsBook);
});

test('only whole numeric cells get a decimal comma, and quoted cells stay', () => {
  expect(toEuropean('1,-0.5,a1.5,v2.0x,"1,5 ""x""",3.25\n7,,0.1\n')).toBe(
    '1;-0,5;a1.5;v2.0x;"1,5 ""x""";3,25\n7;;0,1\n',
  );
});

test('only numeric cells lose theirs, and a table with commas between its cells none', async () => {
  const rows = [['-0,5', ',25', '1,5e-3', '1,000,000', 'a,b', '+2,0']];
  withDecimalPoints(rows);
  expect(rows).toEqual([['-0.5', '.25', '1.5e-3', '1,000,000', 'a,b', '+2.0']]);
  const quoted = at('quoted.csv');
  await writeFile(quoted, 'frame_id,timestamp,landmark_id,x,status\n0,0,0,"0,5",detected\n');
  expect((await framesOf(quoted))[0]?.people[0]?.landmarks[0]?.x).toBeUndefined();
});
