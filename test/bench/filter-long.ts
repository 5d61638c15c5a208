/**
 * `tsx test/bench/filter-long.ts`: what tables of hours take, by command. `-- --frames 200000 --before DIST` compares
 * with another build's `bin/bodyscript.js`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeLongTable } from '../support/long-table.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, megabytes, reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '200000' }, before: { type: 'string' } },
});
const FRAMES = Number(values.frames);
const MOST_MEMORY = 150 * 2 ** 20;
const TIMES_FASTER = 3;
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const TELL =
  'process.on("exit", () => { const u = process.resourceUsage(); console.error("used", u.maxRSS, u.userCPUTime + u.systemCPUTime) })';
const TELLING = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`];

interface Use {
  readonly peak: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

async function use(bin: string, args: readonly string[]): Promise<Use> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...TELLING, bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', text => {
    told = (told + text).slice(-2000);
  });
  const code = await new Promise(resolve => child.on('close', resolve));
  const [, peak, cpu] = /used (\d+) (\d+)/.exec(told) ?? [];
  if (code !== 0 && code !== 4) throw new Error(`${args.join(' ')}: exit code ${code}: ${told}`);
  return { peak: Number(peak) * 1024, cpuSeconds: Number(cpu) / 1e6, seconds: (performance.now() - begun) / 1000 };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

const told = ({ peak, cpuSeconds, seconds }: Use) =>
  `${megabytes(peak)}, ${cpuSeconds.toFixed(0)} CPU s, ${seconds.toFixed(0)} s`;

await using folder = await benchFolder();
const at = (name: string) => join(folder.path, name);
const table = await makeLongTable(at('long.csv'), FRAMES);
const rows: BenchRow[] = [];

const filtered = await use(BIN, ['filter', table, '-o', at('filtered.csv')]);
rows.push({
  what: `filter, ${FRAMES} frames`,
  figure: told(filtered),
  bar: `below ${megabytes(MOST_MEMORY)}`,
  reached: filtered.peak < MOST_MEMORY,
  data: filtered,
});
if (values.before !== undefined) {
  const before = await use(values.before, ['filter', table, '-o', at('before.csv')]);
  const isSame = (await hashOf(at('before.csv'))) === (await hashOf(at('filtered.csv')));
  await rm(at('before.csv'));
  rows.push({
    what: 'the same, before',
    figure: `${told(before)}; ${isSame ? 'the same bytes' : 'OTHER BYTES'}`,
    bar: `now ${TIMES_FASTER} times as fast, the same bytes`,
    reached: isSame && before.seconds > TIMES_FASTER * filtered.seconds,
    data: before,
  });
}
for (const [what, args] of [
  ['filter --reject-outliers --motion', ['filter', table, '-o', at('more.csv'), '--reject-outliers', '--motion']],
  ['quality', ['quality', table]],
  ['export trc', ['export', table, '--format', 'trc', '-o', at('exported')]],
  ['compare', ['compare', table, at('filtered.csv')]],
] as const) {
  const used = await use(BIN, args).catch((error: unknown) => String(error));
  const isUse = typeof used !== 'string';
  rows.push({
    what,
    figure: isUse ? told(used) : used,
    bar: `below ${megabytes(MOST_MEMORY)}`,
    reached: isUse && used.peak < MOST_MEMORY,
    data: isUse ? used : {},
  });
}
reportBench('filter-long', rows);
