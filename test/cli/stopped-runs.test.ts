import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { IS_FULL } from '../support/full-tests.js';
import { descendantsOf, workingOn } from '../support/processes.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WITHIN_MS = 5000;
const TERMINATED = 143;
const FAST = ['--model', 'lite', '--max-attempts', '1', '--jobs', '1'];

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);

/** A kind of command, with the video that is stopped. */
interface Kind {
  readonly name: string;
  readonly input: string;
  readonly options: readonly string[];
}

const KINDS: readonly Kind[] = [
  { name: 'one video', input: at('walk.mp4'), options: [] },
  { name: 'a folder', input: at('clips'), options: [] },
  { name: 'a folder without a ledger', input: at('clips'), options: ['--no-ledger'] },
  { name: 'one video in segments', input: at('long.mp4'), options: ['--segments', '2'] },
];

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
const tableName = ({ input }: Kind) => (input === at('long.mp4') ? 'long.csv' : 'walk.csv');
const calm = (kind: Kind) => at('calm', kind.name, tableName(kind));
/** When a command is stopped: what holds of its growing table, by the size that it will have. */
const MOMENTS: Readonly<Record<string, (partial: string, size: number) => Promise<boolean>>> = {
  'while the engine loads': async partial => existsSync(partial.replace(/([^/]*)\.partial$/, '.$1.lock.partial')),
  'at the first frames': async partial => (await sizeOf(partial)) > 0,
  'in the middle': async (partial, size) => (await sizeOf(partial)) > size / 2,
  'at the last frames': async (partial, size) => (await sizeOf(partial)) > size * 0.97,
};

const analyze = ({ input, options }: Kind, out: string) => ['analyze', input, '-o', out, ...FAST, ...options];

beforeAll(async () => {
  await mkdir(at('clips'));
  await copyFile(join(SAMPLES, 'with-audio.mp4'), at('walk.mp4'));
  await copyFile(join(SAMPLES, 'with-audio.mp4'), at('clips/walk.mp4'));
  const loop = ['-stream_loop', '13', '-i', join(SAMPLES, 'treadmill.mp4'), '-t', '70', '-vf', 'fps=4,scale=240:-2'];
  await makeWithFfmpeg([...loop, '-c:v', 'libx264', '-g', '8', '-an'], at('long.mp4'));
  for (const kind of new Set(CASES.map(([, , , kind]) => kind)))
    expect((await runCli(analyze(kind, at('calm', kind.name)))).code).toBe(0);
}, 120_000);

/** Signals a process, or all that it has started as well, as Slurm does. */
async function stop(run: CliRun, target: string): Promise<void> {
  const others = target === 'all processes' ? await descendantsOf(run.pid) : [];
  for (const pid of [run.pid, ...others.map(one => one.pid)]) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {} // It has ended meanwhile.
  }
}

const CASES = KINDS.flatMap(kind =>
  Object.keys(MOMENTS).flatMap(moment =>
    ['the command', 'all processes']
      .filter(
        target =>
          IS_FULL ||
          (moment === 'in the middle' &&
            !['one video in segments', 'a folder without a ledger'].includes(kind.name) &&
            (kind.name === 'a folder') === (target !== 'the command')),
      )
      .map(target => [kind.name, moment, target, kind] as const),
  ),
);

describe.skipIf(process.platform !== 'linux')('SIGTERM', () => {
  test.each(CASES)(
    'of %s, %s, to %s: ends within five seconds as stopped, not failed, and the same command comes to the same bytes',
    async (name, moment, target, kind) => {
      const out = at('stopped', name, moment, target);
      const partial = join(out, `${tableName(kind)}.partial`);
      const size = await sizeOf(calm(kind));
      const run = new CliRun(analyze(kind, out));
      while (!(await MOMENTS[moment]?.(partial, size)) && run.process.exitCode === null) await delay(5);
      const since = performance.now();
      await stop(run, target);
      const { code, stderr } = await run.finished;
      expect(performance.now() - since, stderr).toBeLessThan(WITHIN_MS);
      // The last frames may have been finished before the signal came.
      if (moment === 'at the last frames') expect([0, TERMINATED]).toContain(code);
      else expect(code, stderr).toBe(TERMINATED);
      const left = await readdir(out);
      expect(left.filter(file => file.endsWith('.failed.json') || file.includes('.lock'))).toEqual([]);
      await expect.poll(() => workingOn(out), { timeout: WITHIN_MS }).toEqual([]);
      const isPublished = left.includes(tableName(kind).replace('.csv', '.run.json'));
      if (code === TERMINATED && !isPublished && left.includes('batch.json')) {
        const { counts } = JSON.parse(await readFile(join(out, 'batch.json'), 'utf8'));
        expect(counts).toMatchObject({ failed: 0, done: 0 });
      }

      const again = await runCli(analyze(kind, out));
      expect([again.code, again.stderr]).toEqual([0, expect.not.stringMatching(/damaged|failed/)]);
      expect(await readFile(join(out, tableName(kind)), 'utf8')).toBe(await readFile(calm(kind), 'utf8'));
      const record = JSON.parse(await readFile(join(out, tableName(kind).replace('.csv', '.run.json')), 'utf8'));
      // Before the first frame is decided nothing can be kept.
      if (!isPublished && ['in the middle', 'at the last frames'].includes(moment))
        expect(record.resumedAtFrames).toEqual([expect.any(Number)]);
      // Not less than the first of three segments is kept.
      if (name === 'one video in segments' && moment === 'in the middle')
        expect(record.resumedAtFrames[0]).toBeGreaterThan(100);
      expect((await readdir(out)).filter(file => file.includes('partial'))).toEqual([]);
    },
    60_000,
  );
});
