import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { CliRun, runCli } from '../../support/run-cli.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { flipBits, mutateBytes } from '../mutate.js';
import type { Random } from '../random.js';

const OPTIONS = ['--people', '2', '--no-overlay', '--model', 'lite', '-q'];
/** Frames that a run has written before it is killed. */
const FRAMES_BEFORE = 30;
const ROWS_PER_FRAME = 33;

export const checkpoints: FuzzTarget = {
  name: 'checkpoints',
  inputs: 100,
  async prepare(folder) {
    const clip = await makeWithFfmpeg(
      ['-i', join(SAMPLES, 'crossing.mp4'), '-t', '1.6', '-s', '320x240'],
      join(folder, 'a.mp4'),
    );
    const calm = join(folder, 'calm');
    const { code, stderr } = await runCli(['analyze', clip, '-o', calm, ...OPTIONS]);
    if (code !== 0) throw new Error(stderr);
    const wanted = await readFile(join(calm, 'a.csv'));
    const stopped = await stopInTheMiddle(clip, join(folder, 'stopped'));
    return async (world, random) => {
      await cp(stopped, world.out, { recursive: true, preserveTimestamps: true });
      await damage(world.out, random);
      return {
        args: ['analyze', clip, '-o', world.out, ...OPTIONS],
        check: async ({ code }) => {
          const table = await readFile(join(world.out, 'a.csv')).catch(() => undefined);
          if (code !== 0) return [`exit code ${code}`];
          return table?.equals(wanted) ? [] : ["the table is not the calm run's"];
        },
      };
    };
  },
};

/** Kills a run after it has written a checkpoint and some frames. @returns the output folder */
async function stopInTheMiddle(clip: string, out: string): Promise<string> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await rm(out, { recursive: true, force: true });
    const cli = new CliRun(['analyze', clip, '-o', out, ...OPTIONS]);
    while (cli.process.exitCode === null) {
      const table = await readFile(join(out, 'a.csv.partial'), 'utf8').catch(() => '');
      const frames = table.split('\n').length / ROWS_PER_FRAME / 2;
      if (frames > FRAMES_BEFORE / 2 && (await checkpointIn(out).catch(() => undefined))) break;
      await delay(10);
    }
    cli.process.kill('SIGKILL');
    await cli.finished;
    if (await checkpointIn(out).catch(() => undefined)) return out;
  }
  throw new Error('no run was stopped in the middle');
}

async function checkpointIn(out: string): Promise<string | undefined> {
  const folder = join(out, '.bodyscript', 'checkpoints');
  const name = (await readdir(folder)).find(file => !file.endsWith('.tmp'));
  return name && join(folder, name);
}

async function damage(out: string, random: Random): Promise<void> {
  const path = (await checkpointIn(out)) as string;
  const table = join(out, 'a.csv.partial');
  const what = random.fraction();
  if (what < 0.1) await writeFile(table, mutateBytes(await readFile(table), random));
  else if (what < 0.5) await writeFile(path, flipBits(await readFile(path), random));
  else await writeFile(path, mutateBytes(await readFile(path), random));
}
