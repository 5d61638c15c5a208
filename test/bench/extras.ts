/** `npm run bench:extras`: what angles, quality and exports cost beside an analysis with overlay. `-- --rounds 5`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { benchFolder } from './bench-clips.js';
import { median, reportBench } from './bench-report.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const EXTRAS = ['--angles', '--quality', '--ndjson', 'auto', '--export', 'trc,mot,coco,parquet'];
await using folder = await benchFolder();
const clip = join(folder.path, 'clip.mp4');
await makeWithFfmpeg(['-stream_loop', '7', '-i', join(SAMPLES, 'wave.mp4'), '-c', 'copy'], clip);

async function time(extras: readonly string[], out: string): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await runCli(['analyze', clip, '-o', join(folder.path, out), '--force', '-q', ...extras]);
  if (code !== 0) throw new Error(stderr);
  return performance.now() - start;
}

const ratios: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const plain = await time([], 'plain');
  ratios.push((await time(EXTRAS, 'extras')) / plain);
}
const more = 100 * (median(ratios) - 1);
reportBench('extras', [
  {
    what: `angles, quality, NDJSON and four exports beside an analysis with overlay, ${values.rounds} rounds`,
    figure: `${more.toFixed(1)} % more time`,
    bar: 'at most 5 %',
    reached: more <= 5,
    data: { ratios },
  },
]);
