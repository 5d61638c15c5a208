/**
 * `npm run bench:report`: what a report of ten minutes at 30 frames a second takes, and how soon it is shown. `--
 * --rounds 3`.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, median, megabytes, reportBench } from './bench-report.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const FRAMES = 18_000;
const RATE = 30;
const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const run = promisify(execFile);
await using folder = await benchFolder();
const at = (name: string) => join(folder.path, name);
const rounds = Array.from({ length: Number(values.rounds) }, (_, i) => i);

/** The table of a sample, repeated, with times that continue. */
async function makeTable(): Promise<void> {
  const { code, stderr } = await runCli([
    'analyze',
    join(SAMPLES, 'squat.mp4'),
    '-o',
    folder.path,
    '--no-overlay',
    '-q',
  ]);
  if (code !== 0) throw new Error(stderr);
  const [head, ...rows] = (await readFile(at('squat.csv'), 'utf8')).trimEnd().split('\n');
  const cells = rows.map(row => row.split(','));
  const file = await open(at('ten.csv'), 'w');
  await file.write(`${head}\n`);
  const perFrame = 33;
  for (let frame = 0; frame < FRAMES; frame++) {
    const from = (frame * perFrame) % cells.length;
    const lines = cells
      .slice(from, from + perFrame)
      .map(([, , ...rest]) => [frame, (frame / RATE).toFixed(6), ...rest]);
    await file.write(`${lines.map(line => line.join(',')).join('\n')}\n`);
  }
  await file.close();
  const record = JSON.parse(await readFile(at('squat.run.json'), 'utf8'));
  await writeFile(at('ten.run.json'), JSON.stringify({ ...record, quality: null, outputs: [at('ten.csv')] }));
  await run('rm', [at('squat.run.json')]);
}

const TELL = 'process.on("exit", () => console.error("peak", process.resourceUsage().maxRSS))';
/** Makes a Node program print its peak memory at its end, according to the operating system. */
const REPORTING = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`];
const peakIn = (stderr: string) => Number(/peak (\d+)/.exec(stderr)?.[1]) * 1024;

/** Milliseconds until the page shows its plots. */
async function opening(): Promise<number[]> {
  if (!BROWSER) return [];
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  const times: number[] = [];
  for (const _ of rounds) {
    const page = await browser.newPage();
    const start = performance.now();
    await page.goto(pathToFileURL(at('ten.report.html')).href);
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
    times.push(performance.now() - start);
    await page.close();
  }
  await browser.close();
  return times;
}

await makeTable();
const bare: number[] = [];
const made: number[] = [];
for (const _ of rounds) {
  bare.push(peakIn((await run(process.execPath, [...REPORTING, '-e', '0'])).stderr));
  made.push(peakIn((await runCli(['report', folder.path], { node: REPORTING })).stderr));
}
const { size } = await stat(at('ten.report.html'));
const beyond = median(made) - median(bare);
const times = await opening();
const rows: BenchRow[] = [
  {
    what: `memory while a report of ${FRAMES} frames is made, beyond "node -e 0"`,
    figure: `${megabytes(beyond)} (${megabytes(median(made))} in all)`,
    bar: 'at most 60 MB',
    reached: beyond <= 60 * 2 ** 20,
    data: { bare, made },
  },
  {
    what: 'its file, without video',
    figure: `${(size / 2 ** 20).toFixed(1)} MB`,
    bar: 'at most 6 MB',
    reached: size <= 6 * 2 ** 20,
    data: { size },
  },
];
if (times.length > 0) {
  rows.push({
    what: 'until it can be used in headless Chromium',
    figure: `${(median(times) / 1000).toFixed(2)} s`,
    bar: 'at most 2 s',
    reached: median(times) <= 2000,
    data: { times },
  });
}
reportBench('report', rows);
