import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const record = join(folder, 'small.run.json');
const table = join(folder, 'small.csv');
const analyze = (...more: string[]) =>
  runCli([
    ...['analyze', join(SAMPLES, 'small.mp4'), '-o', folder, '--model', 'lite', '--mode', 'track', '--no-overlay'],
    ...['--max-frames', '5', ...more],
  ]);
let older: string;

/** A record from before options were grouped. */
function ofVersion1(text: string): string {
  const { options, ...rest } = JSON.parse(text);
  const { source, analysis, outputs, machine } = options;
  const { threads, modelSha256, ...others } = machine;
  const engine = { ...analysis.engine, threads, modelSha256 };
  return JSON.stringify({
    ...rest,
    recordVersion: 1,
    options: { ...source, ...analysis, ...outputs, ...others, engine },
  });
}

beforeAll(async () => {
  expect((await analyze('-q')).code).toBe(0);
  older = ofVersion1(await readFile(record, 'utf8'));
}, 60_000);

beforeEach(async () => {
  await writeFile(record, older);
  await rm(join(folder, '.bodyscript'), { recursive: true, force: true });
});

describe('a run record of version 1', () => {
  test('informs a command without a ledger that its video is done with the same options', async () => {
    const { code, stderr } = await analyze();
    expect([code, stderr]).toEqual([0, expect.stringContaining('done already with the same options')]);
    expect(await readFile(record, 'utf8')).toBe(older);
  });

  test('reveals other options, and lets the run replace its own files', async () => {
    const before = await readFile(table, 'utf8');
    const { code, stderr } = await analyze('--csv-layout', 'wide');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('--overwrite')]);
    expect(await readFile(table, 'utf8')).not.toBe(before);
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({
      recordVersion: 2,
      options: { analysis: { mode: 'track' }, outputs: { csvLayout: 'wide' } },
    });
    expect((await analyze('-q')).code).toBe(0);
  }, 60_000);

  test('is equally good for a report', async () => {
    const { code, stderr } = await runCli(['report', folder]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('small.report.html')]);
    expect(await readFile(join(folder, 'small.report.html'), 'utf8')).toContain('mode track');
  });
});
