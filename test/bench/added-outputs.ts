/**
 * `npm run bench:added-outputs [-- --rounds 5]`: the cost of adding outputs to a finished analysis, against the
 * analysis itself, in turns. Clip of 4 s, default options.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SAMPLES } from '../support/reference-clips.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, median, reportBench } from './bench-report.js';
import { type Cost, startTimed } from './timed-run.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const MOST_SHARE = 0.25;
const ADDED = {
  'exports and angles': ['--export', 'trc,mot,openpose,coco,parquet', '--angles'],
  'plots and quality': ['--plots', '--quality'],
  'contact sheet and preview': ['--contact-sheet', '--preview', '3s'],
} as const;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
await using folder = await benchFolder();
const out = join(folder.path, 'out');

const run = (...more: readonly string[]): Promise<Cost> =>
  startTimed([process.execPath, BIN, 'analyze', join(SAMPLES, 'wave.mp4'), '-o', out, '--quiet', ...more]).finished;

const shares = new Map<string, { wall: number; cpu: number }[]>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [what, options] of Object.entries(ADDED)) {
    await rm(out, { recursive: true, force: true });
    const first = await run();
    const second = await run(...options);
    const share = {
      wall: second.wallSeconds / first.wallSeconds,
      cpu: second.cpuSeconds / first.cpuSeconds,
    };
    shares.set(what, [...(shares.get(what) ?? []), share]);
  }
}
const rows = [...shares].map(([what, all]): BenchRow => {
  const [wall, cpu] = [median(all.map(share => share.wall)), median(all.map(share => share.cpu))];
  return {
    what: `${what}, added to a finished analysis of 4 s`,
    figure: `${wall.toFixed(2)} times its time, ${cpu.toFixed(2)} times its CPU seconds`,
    bar: `at most ${MOST_SHARE} times`,
    reached: wall <= MOST_SHARE,
    data: { all },
  };
});
reportBench('added-outputs', rows);
