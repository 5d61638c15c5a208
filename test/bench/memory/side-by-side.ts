/** The extra cost of the first run over later ones, and of each further worker over the first. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchRow, median, megabytes } from '../bench-report.js';
import { startTimed } from '../timed-run.js';
import { type TreePeaks, watchTree } from './tree-peaks.js';

const BIN = fileURLToPath(new URL('../../../bin/bodyscript.js', import.meta.url));
const MEBIBYTE = 2 ** 20;

interface Watched extends TreePeaks {
  readonly seconds: number;
}

async function watchedRun(args: readonly string[], cache?: string): Promise<Watched> {
  const environment = cache === undefined ? {} : { BODYSCRIPT_CACHE: cache };
  const run = startTimed([process.execPath, BIN, 'analyze', ...args, '--quiet', '--overwrite', '--force'], environment);
  const peaks = await watchTree(run.pid, run.finished);
  return { ...peaks, seconds: (await run.finished).wallSeconds };
}

/** @param times pairs of a first run on an empty cache and one after it */
export async function coldStartRow(folder: string, clip: string, times: number): Promise<BenchRow> {
  const pairs: { cold: Watched; warm: Watched }[] = [];
  for (let i = 0; i < times; i++) {
    const cache = join(folder, `cold-${i}`);
    const args = [clip, '-o', join(folder, 'cold-out')];
    pairs.push({ cold: await watchedRun(args, cache), warm: await watchedRun(args, cache) });
  }
  const more = (key: keyof Watched) => median(pairs.map(({ cold, warm }) => cold[key] - warm[key]));
  return {
    what: '640x480, default options: a first run on an empty cache against the next one',
    figure: `${more('seconds').toFixed(2)} s, ${megabytes(more('fixed'))} not reclaimable, ${megabytes(more('pss'))} PSS more`,
    bar: 'at most 1 s and 20 MB more',
    reached: more('seconds') <= 1 && more('fixed') <= 20 * MEBIBYTE,
    data: pairs,
  };
}

export async function workersRow(folder: string, clip: string): Promise<BenchRow> {
  const clips = ['a', 'b', 'c', 'd'].map(name => join(folder, `worker-${name}.mp4`));
  for (const path of clips) await cp(clip, path);
  const withJobs = (jobs: number) =>
    watchedRun([...clips, '--jobs', String(jobs), '-o', join(folder, `workers-${jobs}`)]);
  await withJobs(1); // Fills the cache.
  const [one, four] = [await withJobs(1), await withJobs(4)];
  const each = (key: keyof TreePeaks) => (four[key] - one[key]) / (clips.length - 1);
  return {
    what: '640x480, overlay on: each further worker of four, over one',
    figure: `${megabytes(each('pss'))} PSS, ${megabytes(each('fixed'))} not reclaimable (one ${megabytes(one.pss)}, four ${megabytes(four.pss)} PSS)`,
    bar: 'at most 130 MB PSS',
    reached: each('pss') <= 130 * MEBIBYTE,
    data: { one, four },
  };
}
