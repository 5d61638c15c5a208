import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type * as z from '#zod';
import { readRunRecord } from '../../src/formats/read-run-record.js';
import type { RUN_RECORD } from '../../src/formats/run-record-schema.js';
import type { RunRecord } from '../../src/model/run-record.js';
import type { PlainType } from '../support/plain-type.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const whole = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8'));

async function put(record: unknown): Promise<string> {
  const path = join(folder, `record-${Math.random()}.run.json`);
  await writeFile(path, typeof record === 'string' ? record : JSON.stringify(record));
  return path;
}

/** The record with one field replaced. @param path `frames.decoded` */
function changed(path: string, value: unknown): object {
  const record = structuredClone(whole);
  const keys = path.split('.');
  const last = keys.pop()!;
  const inner = keys.reduce((part, key) => part[key], record);
  if (value === undefined) delete inner[last];
  else inner[last] = value;
  return record;
}

test('the schema of run records equals the type of run records: add a new field to both', () => {
  type Read = Omit<z.infer<typeof RUN_RECORD>, 'options'>;
  expectTypeOf<PlainType<Read>>().toEqualTypeOf<PlainType<Omit<RunRecord, 'options'>>>();
});

describe('a run record that is read back', () => {
  test('equals the written one', async () => {
    expect(await readRunRecord(await put(whole))).toEqual(whole);
  });

  test.each([
    ['frames.decoded', '<img src=x onerror=alert(1)>'],
    ['frames.decoded', -1],
    ['frames.decoded', 1.5],
    ['frames.decoded', 1e300],
    ['frames.decoded', null],
    ['frames', []],
    ['quality.longestGap.frames', '<script>'],
    ['quality.swaps.count', '7'],
    ['quality.reasons', 'none'],
    ['quality.detectionRate', 7],
    ['swaps.frames', ['1']],
    ['outputs', 'walk.csv'],
    ['outputs', [7]],
    ['status', 'perfect'],
    ['seconds.byStage', { decode: '1' }],
    ['seconds.framesPerSecond', '12'],
    ['peakMemory.treeRss', '<b>'],
    ['strategyUse', { original: 'all' }],
    ['input.path', { toString: 1 }],
    ['input.video.averageRate', 30],
    ['tool.version', 1],
    ['startedAt', 0],
    ['options', []],
    ['options.source', undefined],
    ['options.outputs', 7],
    ['options.analysis.mode', 5],
    ['options.analysis.engine.people', 'two'],
    ['warnings', [null]],
    ['input', undefined],
    ['outputs', undefined],
    ['tool.name', 'x'.repeat(1000)],
    ['timeline.frames', Array(200_000).fill(1)],
  ])('is invalid if %s is %j, and the field is named', async (field, value) => {
    const path = await put(changed(field, value));
    await expect(readRunRecord(path)).rejects.toMatchObject({ code: 'RECORD_INVALID' });
    await expect(readRunRecord(path)).rejects.toThrow(`${path}: is not a run record: ${field.split('.')[0]}`);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"status":'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a prototype', JSON.stringify(whole).replace('{', '{"__proto__":{"status":"done"},')],
    ['a prototype further in', JSON.stringify(whole).replace('"options":{', '"options":{"__proto__":{"a":1},')],
    ['deep nesting', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['17 MB', `${' '.repeat(17 * 2 ** 20)}${JSON.stringify(whole)}`],
  ])('is not one that is %s', async (_, text) => {
    await expect(readRunRecord(await put(text))).rejects.toMatchObject({ code: 'RECORD_INVALID' });
  });

  test('may lack fields that older ones did not have, and have those of newer ones', async () => {
    const { refinerModel, finderModel, people, budget, lookAhead, resumedAtFrames, swaps, timeline, ...older } =
      structuredClone(whole);
    delete older.frames.filled;
    delete older.quality.people;
    const read = await readRunRecord(await put({ ...older, invented: { since: 'then' } }));
    expect(read).toMatchObject({
      refinerModel: null,
      finderModel: null,
      people: { ids: 0, changes: null },
      swaps: { count: 0, frames: [] },
      timeline: { frames: [] },
      quality: null,
    });
    expect(read.frames.filled).toBe(0);
    expect(read).not.toHaveProperty('invented');
    expect([refinerModel, finderModel, people, budget, lookAhead, resumedAtFrames, swaps, timeline]).toHaveLength(8);
  });

  test.skipIf(process.platform === 'win32')(
    'is never read from a folder or a pipe, and no writer is waited for',
    async () => {
      const [pipe, inner] = [join(folder, 'pipe.run.json'), join(folder, 'folder.run.json')];
      execFileSync('mkfifo', [pipe]);
      await mkdir(inner);
      await expect(readRunRecord(pipe)).rejects.toThrow('is not a regular file');
      await expect(readRunRecord(inner)).rejects.toThrow('is a folder');
      await expect(readRunRecord(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'INPUT_MISSING' });
    },
    5000,
  );
});

describe('one bad record in a folder', () => {
  const out = join(folder, 'out');

  test('is left out of the report, which says so, and the others get their pages', async () => {
    const clip = join(SAMPLES, 'small.mp4');
    const args = [
      'analyze',
      clip,
      '-o',
      out,
      '--model',
      'lite',
      '--mode',
      'track',
      '--max-frames',
      '5',
      '--no-overlay',
    ];
    expect((await runCli(args)).code).toBe(0);
    const own = await readFile(join(out, 'small.run.json'), 'utf8');
    await writeFile(join(out, 'bad.run.json'), own.replace(/"decoded": 5/, '"decoded": "<script>alert(1)</script>"'));
    await writeFile(join(out, 'cut.run.json'), own.slice(0, 300));
    await writeFile(join(out, 'lost.run.json'), own); // It has no table.
    await writeFile(join(out, 'link.run.json'), own);
    await writeFile(join(folder, 'secret.csv'), 'the secret of another folder\n');
    await symlink(join(folder, 'secret.csv'), join(out, 'link.csv'));
    const { code, stderr } = await runCli(['report', out]);
    expect([code, stderr]).toEqual([0, expect.stringContaining(join(out, 'small.report.html'))]);
    expect(stderr).toMatch(/bad\.run\.json: skipped; .*is not a run record: frames\.decoded must be a number/);
    expect(stderr).toMatch(/cut\.run\.json: skipped; .*is not valid JSON/);
    expect(stderr).toMatch(/lost\.run\.json: skipped; its table .*lost\.csv/);
    expect(stderr).toMatch(/link\.run\.json: skipped; its table .*is a symbolic link/);
    expect(stderr).not.toMatch(/secret|defect/);
  }, 60_000);

  test.skipIf(process.platform === 'win32')(
    'does not hang the report where it is a pipe, or its table is',
    async () => {
      execFileSync('mkfifo', [join(out, 'pipe.run.json'), join(out, 'cut.csv')]);
      await writeFile(join(out, 'cut.run.json'), await readFile(join(out, 'small.run.json')));
      const { code, stderr } = await runCli(['report', out]);
      expect(code).toBe(0);
      expect(stderr).toMatch(/cut\.run\.json: skipped; its table .*cut\.csv/);
    },
    20_000,
  );

  test("does not stop another run of its video, which treats it as another program's", async () => {
    const clip = join(SAMPLES, 'small.mp4');
    const own = join(out, 'small.run.json');
    await writeFile(own, (await readFile(own, 'utf8')).replace(/"bytes": \d+/, '"bytes": "many"'));
    const args = [
      'analyze',
      clip,
      '-o',
      out,
      '--model',
      'lite',
      '--mode',
      'track',
      '--max-frames',
      '4',
      '--no-overlay',
    ];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/small\.csv: already exists, and its run record.*small\.run\.json: is not a run record/);
  }, 60_000);
});
