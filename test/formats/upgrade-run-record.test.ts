import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRunRecord } from '../../src/formats/read-run-record.js';
import { upgradeRunRecord } from '../../src/formats/upgrade-run-record.js';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { methodsText } from '../../src/report/methods.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const support = async (name: string) =>
  JSON.parse(await readFile(new URL(`../support/${name}`, import.meta.url), 'utf8'));
const today = await support('run-record.json');
/** The version and the options of the same run, as written before groups existed. */
const before = await support('run-options-1.json');

async function read(record: unknown) {
  const path = join(folder, 'walk.run.json');
  await writeFile(path, JSON.stringify(record));
  return readRunRecord(path);
}

describe('a run record of version 1', () => {
  test('is read like a current one', async () => {
    expect(await read({ ...today, ...before })).toEqual(today);
  });

  test('of before buckets has no ETag and no objects', async () => {
    const { objects, input, ...others } = today;
    const { etag, ...file } = input as Record<string, unknown>;
    expect([objects, etag]).toEqual([[], null]);
    expect(await read({ ...others, input: file })).toEqual(today);
  });

  test('has the current field names, and is rejected for a wrong value under the older one', async () => {
    const { refinerModel, ...others } = today;
    expect(refinerModel).not.toBeNull();
    expect(await read({ ...others, ...before, carefulModel: refinerModel })).toEqual(today);
    await expect(read({ ...others, ...before, carefulModel: 'heavy' })).rejects.toThrow('refinerModel');
  });

  test('gives the same text for a paper', async () => {
    expect(methodsText(await read({ ...today, ...before }))).toBe(methodsText(today));
  });

  test('has each of its options in its current group', () => {
    const { source, analysis, outputs, machine } = toAnalyzeOptions(resolveOptions(ANALYZE, []));
    const { threads, modelSha256, ...rest } = machine;
    const engine = { ...analysis.engine, threads, modelSha256 };
    const options = { ...source, ...analysis, ...outputs, ...rest, engine };
    expect(upgradeRunRecord({ recordVersion: 1, options })).toEqual({
      recordVersion: 2,
      options: { source, analysis, outputs, machine },
    });
  });

  test('keeps unknown fields among those that decide the numbers: another run is not taken for this one', () => {
    const options = { ...before.options, invented: 7 };
    expect(upgradeRunRecord({ recordVersion: 1, options })).toMatchObject({ options: { analysis: { invented: 7 } } });
  });

  test.each([
    ['no options', undefined, 'options'],
    ['a list of options', [], 'options'],
    ['an invalid mode', { ...before.options, mode: 5 }, 'options.analysis.mode'],
    ['no engine', { ...before.options, engine: null }, 'options.analysis.engine'],
    ['people in words', { ...before.options, engine: { people: 'two' } }, 'options.analysis.engine.people'],
  ])('is invalid with %s', async (_, options, field) => {
    await expect(read({ ...today, ...before, options })).rejects.toThrow(`is not a run record: ${field}`);
  });

  test.each([
    [null],
    [7],
    ['text'],
    [[]],
    [{}],
    [{ recordVersion: 1 }],
    [{ recordVersion: 2, options: { mode: 'x' } }],
  ])('%j is not one, and is unchanged', json => {
    expect(upgradeRunRecord(json)).toBe(json);
  });
});
