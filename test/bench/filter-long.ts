/**
 * `npm run bench:filter-long`: peak memory and time of each command that reads tables, on one of 200,000 frames (almost
 * two hours). Wall times are those of the machine as it is: the load is shown beside them, CPU times hardly depend on
 * it. `-- --frames 20000` for a shorter table; `-- --before DIST` compares with another build's `bin/bodyscript.js`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EXPORT_FORMATS } from '../../src/formats/export-formats.js';
import { makeLongTable } from '../support/long-table.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, megabytes, reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '200000' }, before: { type: 'string' } },
});
const FRAMES = Number(values.frames);
const MOST_MEMORY = 120 * 2 ** 20;
/** For the filter, on an idle machine. */
const MOST_SECONDS = 20;
const LARGEST_PAGE = 8 * 2 ** 20;
const TIMES_FASTER = 3;
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const TELL =
  'process.on("exit", () => { const u = process.resourceUsage(); console.error("used", u.maxRSS, u.userCPUTime + u.systemCPUTime) })';
const REPORTING = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`];

interface Use {
  readonly peak: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

async function use(bin: string, args: readonly string[]): Promise<Use> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...REPORTING, bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let reported = '';
  child.stderr.on('data', text => {
    reported = (reported + text).slice(-2000);
  });
  const code = await new Promise(resolve => child.on('close', resolve));
  const [, peak, cpu] = /used (\d+) (\d+)/.exec(reported) ?? [];
  if (code !== 0 && code !== 4) throw new Error(`${args.join(' ')}: exit code ${code}: ${reported}`);
  return { peak: Number(peak) * 1024, cpuSeconds: Number(cpu) / 1e6, seconds: (performance.now() - begun) / 1000 };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

const reported = ({ peak, cpuSeconds, seconds }: Use) =>
  `${megabytes(peak)}, ${cpuSeconds.toFixed(1)} CPU s, ${seconds.toFixed(0)} s (load ${loadavg()[0]?.toFixed(1)})`;

await using folder = await benchFolder();
const at = (name: string) => join(folder.path, name);
await mkdir(at('results'));
const table = await makeLongTable(at('results/long.csv'), FRAMES);
const rows: BenchRow[] = [];

const filtered = await use(BIN, ['filter', table, '-o', at('filtered.csv')]);
rows.push({
  what: `filter, ${FRAMES} frames`,
  figure: reported(filtered),
  bar: `below ${megabytes(MOST_MEMORY)}; ${MOST_SECONDS} s, or as many CPU s under load`,
  reached: filtered.peak < MOST_MEMORY && Math.min(filtered.seconds, filtered.cpuSeconds) < MOST_SECONDS,
  data: filtered,
});
if (values.before !== undefined) {
  const before = await use(values.before, ['filter', table, '-o', at('before.csv')]);
  const isSame = (await hashOf(at('before.csv'))) === (await hashOf(at('filtered.csv')));
  await rm(at('before.csv'));
  rows.push({
    what: 'the same, before',
    figure: `${reported(before)}; ${isSame ? 'the same bytes' : 'OTHER BYTES'}`,
    bar: `now ${TIMES_FASTER} times as fast, the same bytes`,
    reached: isSame && before.seconds > TIMES_FASTER * filtered.seconds,
    data: before,
  });
}

/** Measures a command, and its output. */
async function add(what: string, args: readonly string[], page?: string): Promise<void> {
  const used = await use(BIN, args).catch((error: unknown) => String(error));
  const isUse = typeof used !== 'string';
  const bytes = page === undefined || !isUse ? 0 : (await stat(page)).size;
  rows.push({
    what,
    figure: isUse ? reported(used) + (page === undefined ? '' : `; the page ${(bytes / 1e6).toFixed(1)} MB`) : used,
    bar: `below ${megabytes(MOST_MEMORY)}${page === undefined ? '' : `; a page below ${megabytes(LARGEST_PAGE)}`}`,
    reached: isUse && used.peak < MOST_MEMORY && bytes < LARGEST_PAGE,
    data: isUse ? { ...used, bytes } : {},
  });
}

await add('filter --reject-outliers --motion', [
  'filter',
  table,
  '-o',
  at('more.csv'),
  '--reject-outliers',
  '--motion',
]);
await rm(at('more.csv'));
await add('quality', ['quality', table]);
for (const format of EXPORT_FORMATS)
  await add(`export ${format}`, ['export', table, '--format', format, '-o', at('exported')]);
await add('compare with the filtered table', ['compare', table, at('filtered.csv')]);
const record = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8'));
const ofTable = { ...record, outputs: ['long.csv'], quality: null };
await writeFile(at('results/long.run.json'), JSON.stringify(ofTable));
await add('report', ['report', at('results')], at('results/long.report.html'));
reportBench('filter-long', rows);
