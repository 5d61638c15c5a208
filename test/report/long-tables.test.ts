import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { BLOCK_ROWS, ColumnsOnDisk } from '../../src/report/columns.js';
import { thinned, thinnedTimes, thinningOf } from '../../src/report/thinning.js';
import { SpoolFile } from '../../src/system/spool-file.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const MOST_BYTES = 8 * 2 ** 20;

describe('columns that are on disk', () => {
  const value = (row: number, column: number) => Math.fround(row + column / 8);

  test('are read back as they were put, also where rows or whole blocks were left out', () => {
    using spool = new SpoolFile(join(folder, 'page.html'));
    const columns = new ColumnsOnDisk(3, spool);
    const last = 5 * BLOCK_ROWS + 100;
    const isThere = (row: number) => row % 7 !== 3 && (row < BLOCK_ROWS + 10 || row > 3 * BLOCK_ROWS);
    for (let row = 0; row <= last; row++) if (isThere(row)) columns.set(row, [value(row, 0), undefined, value(row, 2)]);
    const rows = last + 50;
    for (const column of [0, 2]) {
      const wanted = Float32Array.from({ length: rows }, (_, row) =>
        row <= last && isThere(row) ? value(row, column) : Number.NaN,
      );
      expect(columns.read(column, rows)).toEqual(wanted);
      expect(columns.read(column, BLOCK_ROWS + 5)).toEqual(wanted.subarray(0, BLOCK_ROWS + 5));
    }
    expect(columns.read(1, rows).every(Number.isNaN)).toBe(true);
  });

  test('of a short table need no disk', () => {
    const written: unknown[] = [];
    const columns = new ColumnsOnDisk(1, { append: () => written.push(1) } as unknown as SpoolFile);
    for (let row = 0; row < BLOCK_ROWS; row++) columns.set(row, [row]);
    expect(columns.read(0, BLOCK_ROWS)[BLOCK_ROWS - 1]).toBe(BLOCK_ROWS - 1);
    expect(written).toEqual([]);
  });
});

describe('the curves of a long table', () => {
  const frames = 100_003;
  const wave = Float32Array.from({ length: frames }, (_, i) => Math.sin(i / 500));

  test('have a maximum number of points, and one for each frame if there are fewer', () => {
    for (const most of [1000, 29_999, 100_002]) {
      const thinning = thinningOf(frames, most);
      expect(thinned(wave, thinning).length).toBeLessThanOrEqual(most + 2);
      expect(thinned(wave, thinning)).toHaveLength(thinnedTimes(Float64Array.from(wave.keys()), thinning).length);
    }
    expect(thinned(wave, thinningOf(frames, frames))).toBe(wave);
  });

  test('show the lowest and the highest value of each bin in the order in which they came', () => {
    const thinning = { perBin: 4, frames: 10 };
    const nothing = Number.NaN;
    expect(Array.from(thinned([1, 5, 0, 2, nothing, nothing, nothing, nothing, 3, nothing], thinning))).toEqual([
      5,
      0,
      nothing,
      nothing,
      3,
      3,
    ]);
    const times = Float64Array.from({ length: 10 }, (_, i) => i / 10);
    expect([...thinnedTimes(times, thinning)]).toEqual([0, 0.2, 0.4, 0.6, 0.8, 0.9]);
  });

  test('keep a jump of a single frame', () => {
    const jump = wave.with(77_777, 9);
    expect(Math.max(...Array.from(thinned(jump, thinningOf(frames, 5000))))).toBe(9);
  });
});

test('the page of more than an hour stays under 8 MB, says what its curves leave out, and leaves nothing on disk', async () => {
  const frames = 120_000;
  const wrist = (frame: number) => (0.5 + 0.3 * Math.sin(frame / 40)).toFixed(6);
  const rows = Array.from({ length: frames }, (_, frame) => {
    const x = wrist(frame);
    return `${frame},${(frame / 30).toFixed(6)},0,15,${x},0.5,${(640 * Number(x)).toFixed(3)},240,tracked`;
  });
  const head = 'frame_id,timestamp,person_id,landmark_id,x,y,x_px,y_px,status';
  await writeFile(join(folder, 'hour.csv'), [head, ...rows, ''].join('\n'));
  const record = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8'));
  await writeFile(
    join(folder, 'hour.run.json'),
    JSON.stringify({ ...record, outputs: ['hour.csv'], files: [], quality: null }),
  );
  const { code, stderr } = await runCli(['report', folder]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('hour.report.html')]);
  const path = join(folder, 'hour.report.html');
  expect((await stat(path)).size).toBeLessThan(MOST_BYTES);
  const html = await readFile(path, 'utf8');
  expect(html).toMatch(/of each \d+ frames the lowest and the highest value/);
  expect((await readdir(folder)).sort()).toEqual(['hour.csv', 'hour.report.html', 'hour.run.json', 'report.html']);
  if (!BROWSER) return;
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: 20_000 });
  expect(await page.locator('.uplot').count()).toBeGreaterThanOrEqual(3);
  await browser.close();
}, 60_000);
