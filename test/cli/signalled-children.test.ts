import { copyFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { firstOf } from '../support/full-tests.js';
import { descendantsOf } from '../support/processes.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const out = join(folder, 'out');
const clips = join(folder, 'clips');
const clip = join(clips, 'walk-across.mp4');
const LITE = ['--model', 'lite'];
const partial = join(out, 'walk-across.csv.partial');

beforeAll(async () => {
  await mkdir(clips);
  await copyFile(join(SAMPLES, 'walk-across.mp4'), clip);
});

/** Starts a run, and waits until it has written some frames. */
async function startRun(input: string): Promise<CliRun> {
  await rm(out, { recursive: true, force: true });
  const run = new CliRun(['analyze', input, '-o', out, ...LITE, '--jobs', '1']);
  const size = () =>
    stat(partial).then(
      stats => stats.size,
      () => 0,
    );
  while ((await size()) < 100_000) await sleep(20);
  return run;
}

async function signal(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended meanwhile.
    }
  }
}

const ffmpegsOf = async (run: CliRun) =>
  (await descendantsOf(run.pid)).filter(({ name }) => name.startsWith('ffmpeg')).map(({ pid }) => pid);

describe.runIf(process.platform === 'linux')('a signal to all processes, as Slurm and containers send it', () => {
  const inputs = [
    ['a folder', clips],
    ['one video', clip],
  ] as const;
  test.each(firstOf(inputs, 1))(
    'interrupts %s, whoever gets it first, and the next run goes on in the middle',
    async (_, input) => {
      const run = await startRun(input);
      const ffmpegs = await ffmpegsOf(run);
      expect(ffmpegs).toHaveLength(2);
      await signal(ffmpegs);
      await sleep(30);
      await signal([run.pid, ...(await descendantsOf(run.pid)).map(({ pid }) => pid)]);
      const { code, stderr } = await run.finished;
      expect(code, stderr).toBe(143);
      expect(stderr).not.toMatch(/damaged|_FAILED/);
      const list = await runCli(['jobs', 'list', '-o', out, '--json']);
      expect(JSON.parse(list.stdout)).toMatchObject([{ state: 'interrupted' }]);
      expect((await runCli(['analyze', input, '-o', out, ...LITE])).code).toBe(0);
      const record = JSON.parse(await readFile(join(out, 'walk-across.run.json'), 'utf8'));
      expect(record.resumedAtFrames).toEqual([expect.any(Number)]);
      expect(record.frames.decoded).toBe(150);
    },
  );

  test('to ffmpeg alone fails one video as what it is, and no damage of the file', async () => {
    const run = await startRun(clip);
    await signal((await ffmpegsOf(run)).slice(0, 1));
    const { code, stderr } = await run.finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/killed \(a signal\)/);
    expect(stderr).not.toMatch(/damaged/);
  });

  test('to ffmpeg alone is retried in a folder, and every video is done', async () => {
    const run = await startRun(clips);
    await signal(await ffmpegsOf(run));
    expect((await run.finished).code).toBe(0);
  });
});
