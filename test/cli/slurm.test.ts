import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { reasonAgainstSlurm, SlurmCluster } from '../support/slurm.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const isFull = process.env.BODYSCRIPT_FULL_TESTS === '1';
const folder = await temporaryFolder();
const OPTIONS = ['--no-overlay', '--mode', 'fast', '--model', 'lite', '--threads', '1'];
const CLIPS = ['wave', 'small', 'hands-up', 'walk-across'];
const NODES = 2;
const PARTS = 2;
const MINUTES = 60_000;

// A minute and more: `npm run test:full`. `npm run bench:slurm` has more clips, which Slurm ends at their time limit.
test.skipIf(!isFull || (await reasonAgainstSlurm()) !== undefined)(
  'tasks on two nodes that are ended and requeued publish each video once, to the bytes of one calm command',
  async () => {
    await mkdir(join(folder, 'clips'));
    for (const name of CLIPS) await copyFile(join(SAMPLES, `${name}.mp4`), join(folder, 'clips', `${name}.mp4`));
    const [calm, results] = [join(folder, 'calm'), join(folder, 'results')];
    const clips = join(folder, 'clips');
    expect((await runCli(['analyze', clips, '-o', calm, '-q', ...OPTIONS])).code).toBe(0);
    expect((await runCli(['plan', clips, '-o', results, '--parts', String(PARTS)])).code).toBe(0);
    await using cluster = await SlurmCluster.start(folder, NODES);
    const script = await cluster.writeArray(OPTIONS);
    const ended = new Set<string>();
    const outcome = await cluster.runArray(script, PARTS, results, async running => {
      for (const id of running.filter(one => !ended.has(one))) {
        // To the steps, as Slurm does before the time limit; the script itself gets no signal.
        const { code } = await cluster.run('scancel', '--signal=TERM', id);
        if (code === 0) ended.add(id);
      }
    });
    expect(outcome.publishedTwice).toEqual([]);
    expect(outcome.requeues).toBeGreaterThan(0);
    expect((await runCli(['jobs', 'merge', '-o', results])).code).toBe(0);
    const { counts } = JSON.parse(await readFile(join(results, 'batch.json'), 'utf8'));
    expect(counts).toMatchObject({ videos: CLIPS.length, done: CLIPS.length });
    for (const name of CLIPS)
      expect(await readFile(join(results, `${name}.csv`), 'utf8')).toBe(
        await readFile(join(calm, `${name}.csv`), 'utf8'),
      );
  },
  8 * MINUTES,
);
