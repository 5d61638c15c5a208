/**
 * `npm run bench:extras`: cost of tables, exports and pictures in addition to an analysis with overlay, measured in
 * alternation. `-- --rounds 5 --loops 8`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, median, reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, loops: { type: 'string', default: '8,60' } },
});
const TABLES = ['--angles', '--quality', '--ndjson', 'auto', '--export', 'trc,mot,coco,parquet'];
const PICTURES = ['--contact-sheet', '--thumbnail', '--preview', '3s', '--plots'];
const KINDS = { tables: TABLES, pictures: PICTURES, 'all of it': [...TABLES, ...PICTURES] } as const;
const CLIP_SECONDS = 4;
const MOST_PERCENT = 5;
await using folder = await benchFolder();

async function time(clip: string, extras: readonly string[]): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await runCli(['analyze', clip, '-o', join(folder.path, 'out'), '--force', '-q', ...extras]);
  if (code !== 0) throw new Error(stderr);
  return performance.now() - start;
}

async function measure(loops: number): Promise<BenchRow[]> {
  const clip = join(folder.path, `${loops}.mp4`);
  const repeat = ['-stream_loop', String(loops - 1)];
  await makeWithFfmpeg([...repeat, '-i', join(SAMPLES, 'wave.mp4'), '-c', 'copy'], clip);
  const more = new Map<string, number[]>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [kind, extras] of Object.entries(KINDS)) {
      const plain = await time(clip, []);
      more.set(kind, [...(more.get(kind) ?? []), 100 * ((await time(clip, extras)) / plain - 1)]);
    }
  }
  return [...more].map(([kind, percentages]) => ({
    what: `${kind}, beside an analysis with overlay, ${loops * CLIP_SECONDS} s of 640x480, ${values.rounds} rounds`,
    figure: `${median(percentages).toFixed(1)} % more time`,
    bar: `at most ${MOST_PERCENT} %`,
    reached: median(percentages) <= MOST_PERCENT,
    data: { percentages },
  }));
}

const rows: BenchRow[] = [];
for (const loops of values.loops.split(',')) rows.push(...(await measure(Number(loops))));
reportBench('extras', rows);
