import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const out = join(folder, 'out');
const here = (name: string) => join(out, name);

beforeAll(async () => {
  const clips = ['wave', 'sit'].map(name => join(SAMPLES, `${name}.mp4`));
  const args = ['analyze', ...clips, '-o', out, '--max-frames', '12', '--mode', 'still', '--no-overlay', '-q'];
  expect((await runCli(args)).code).toBe(0);
});

/** A folder with files of the runs under these names. */
async function withFiles(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(join(folder, name));
  for (const [as, from] of Object.entries(files)) await copyFile(here(from), join(folder, name, as));
  return join(folder, name);
}

const methodsOf = (html: string) => /<blockquote id="methods">([\s\S]*?)<\/blockquote>/.exec(html)?.[1] ?? '';

describe('the page of one table', () => {
  test('is made beside it; for a filtered one it says how it was filtered', async () => {
    const args = ['filter', here('wave.csv'), '--cutoff', '5', '--max-gap', '7', '--reject-outliers'];
    expect((await runCli(args)).code).toBe(0);
    const note = JSON.parse(await readFile(here('wave.filter.json'), 'utf8'));
    expect(note).toMatchObject({ options: { smoothing: { kind: 'butterworth', order: 4, cutoffHz: 5 }, maxGap: 7 } });
    const { code, stderr } = await runCli(['report', here('wave.filtered.csv')]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('wave.filtered.report.html')]);
    const html = await readFile(here('wave.filtered.report.html'), 'utf8');
    expect(html).toContain('<h1>wave.filtered</h1>');
    expect(html).toContain('<a href="./wave.filtered.csv">');
    expect(html).not.toContain('all videos</a>'); // No index was written.
    expect(methodsOf(html)).toMatch(
      /single jumps of landmarks were removed as errors \(Hampel filter\), gaps of up to 7 frames were filled by straight lines \(\d+ poses\), and the series were smoothed with a zero-lag Butterworth filter of order 4 at 5 Hz\.$/,
    );
    expect((await runCli(['report', here('wave.csv')])).code).toBe(0);
    expect(methodsOf(await readFile(here('wave.report.html'), 'utf8'))).not.toContain('Butterworth filter');
  });

  test('says that the filtering of a table without a note is unknown', async () => {
    const place = await withFiles('no-note', { 'wave.filtered.csv': 'wave.csv', 'wave.run.json': 'wave.run.json' });
    expect((await runCli(['report', join(place, 'wave.filtered.csv')])).code).toBe(0);
    const html = await readFile(join(place, 'wave.filtered.report.html'), 'utf8');
    expect(methodsOf(html)).toMatch(/landmarks were filtered; the filter is unknown\.$/);
  });

  test('is rejected for a table of another video, in one line with a remedy, and made with --any-table', async () => {
    const place = await withFiles('another', { 'wave.csv': 'sit.csv', 'wave.run.json': 'wave.run.json' });
    const table = join(place, 'wave.csv');
    const { code, stderr } = await runCli(['report', table]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/wave\.csv: does not belong to the run record .*--any-table/),
    ]);
    expect(existsSync(join(place, 'wave.report.html'))).toBe(false);
    const whole = await runCli(['report', place]);
    expect([whole.code, whole.stderr]).toEqual([0, expect.stringMatching(/skipped; .*does not belong to the run/)]);
    expect((await runCli(['report', table, '--any-table'])).code).toBe(0);
    expect(existsSync(join(place, 'wave.report.html'))).toBe(true);
  });

  test('with --any-table has the checks of the table itself, not those of the record', async () => {
    const place = await withFiles('emptied', { 'wave.csv': 'wave.csv', 'wave.run.json': 'wave.run.json' });
    const table = join(place, 'wave.csv');
    const [head = ''] = (await readFile(table, 'utf8')).split('\n', 1);
    await writeFile(table, `${head}\n`);
    for (const given of [table, place]) {
      expect((await runCli(['report', given, '--any-table'])).code).toBe(0);
      const html = await readFile(join(place, 'wave.report.html'), 'utf8');
      expect(html).toContain('<h2>No person found</h2>');
      expect(html).toMatch(/class="verdict">1 of 5 checks passed: detection rate 0\.00/);
    }
  });

  test('is rejected for a filtered table from another run, or changed since', async () => {
    expect((await runCli(['filter', here('sit.csv')])).code).toBe(0);
    const place = await withFiles('another-filtered', {
      'wave.filtered.csv': 'sit.filtered.csv',
      'wave.filter.json': 'sit.filter.json',
      'wave.run.json': 'wave.run.json',
    });
    expect((await runCli(['report', join(place, 'wave.filtered.csv')])).code).toBe(1);
    const changed = await withFiles('changed', {
      'sit.filtered.csv': 'sit.filtered.csv',
      'sit.filter.json': 'sit.filter.json',
      'sit.run.json': 'sit.run.json',
    });
    const table = join(changed, 'sit.filtered.csv');
    expect((await runCli(['report', table])).code).toBe(0);
    await writeFile(table, (await readFile(table, 'utf8')).replace(/0\.5/, '0.6'));
    expect((await runCli(['report', table])).code).toBe(1);
  });

  test('needs the record of its run', async () => {
    const place = await withFiles('alone', { 'wave.csv': 'wave.csv' });
    const { code, stderr } = await runCli(['report', join(place, 'wave.csv')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no run record')]);
    expect(stderr).toContain('wave.run.json');
  });

  test('a note of a filtering is replaced by the next, but another file with that name is not', async () => {
    const place = await withFiles('notes', { 'wave.csv': 'wave.csv' });
    const filter = (...args: string[]) => runCli(['filter', join(place, 'wave.csv'), ...args]);
    expect((await filter()).code).toBe(0);
    expect((await filter('--smooth', 'none')).code).toBe(0);
    expect(await readFile(join(place, 'wave.filter.json'), 'utf8')).toContain('"kind": "none"');
    await writeFile(join(place, 'wave.filter.json'), '{"mine": true}\n');
    const { code, stderr } = await filter();
    expect([code, stderr]).toEqual([1, expect.stringContaining('wave.filter.json')]);
    await rm(join(place, 'wave.filter.json'));
    expect((await filter('-o', '-')).code).toBe(0);
    expect(existsSync(join(place, 'wave.filter.json'))).toBe(false);
  });
});
