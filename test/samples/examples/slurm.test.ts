import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES, runProgram } from '../../support/examples.js';
import { IS_FULL } from '../../support/full-tests.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { SlurmCluster, type SlurmTask } from '../../support/slurm.js';
import { reasonAgainstSlurm } from '../../support/slurm-daemons.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const CLIPS = ['walk-across', 'hands-up', 'cut-chest'] as const;
const TIMEOUT_MS = 240_000;
/** The scripts have no options for the analysis, so these variables make it short. */
const FAST = {
  BODYSCRIPT_MODEL: 'lite',
  BODYSCRIPT_MODE: 'track',
  BODYSCRIPT_THREADS: '1',
  BODYSCRIPT_OVERLAY: 'false',
};

const folder = await temporaryFolder();
const [clips, results] = [join(folder, 'clips'), join(folder, 'results')];

const sizeOf = (name: string) =>
  stat(join(results, name)).then(
    ({ size }) => size,
    () => 0,
  );

describe.skipIf(!IS_FULL || reasonAgainstSlurm() !== undefined)('the Slurm array', () => {
  let cluster: SlurmCluster;

  beforeAll(async () => {
    await mkdir(clips);
    for (const name of CLIPS) await copyFile(join(SAMPLES, `${name}.mp4`), join(clips, `${name}.mp4`));
    cluster = await SlurmCluster.start(folder, 1);
  });

  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test(
    'a task that Slurm ends is requeued, continues in the middle, and the tables are those of one uninterrupted command',
    async () => {
      const script = await readFile(join(EXAMPLES, 'slurm-array.sh'), 'utf8');
      expect(script).toContain('--cpus-per-task=4');
      // This machine may have two cores.
      await writeFile(join(folder, 'slurm-array.sh'), script.replace('--cpus-per-task=4', '--cpus-per-task=1'));
      const submit = await readFile(join(EXAMPLES, 'slurm-submit.sh'), 'utf8');
      expect(submit).toContain('parts=8');
      // One more than videos.
      await writeFile(join(folder, 'slurm-submit.sh'), submit.replace('parts=8', `parts=${CLIPS.length + 1}`));
      const env = { ...cluster.env, ...FAST, CLIPS: clips, RESULTS: results };
      const submitted = await runProgram('bash', ['slurm-submit.sh'], { cwd: folder, env });
      expect([submitted.code, submitted.stdout]).toEqual([0, expect.stringMatching(/Submitted batch job/)]);

      let ended: readonly SlurmTask[] = [];
      await cluster.untilIdle(async running => {
        if (ended.length > 0 || (await sizeOf('walk-across.csv.partial')) < 100_000) return;
        // To the steps, as Slurm does before the time limit; the script itself gets no signal.
        await cluster.run('scancel', '--signal=TERM', ...running.map(({ id }) => id));
        expect(await sizeOf('walk-across.csv')).toBe(0);
        ended = running;
      });

      const messages = await cluster.logs();
      expect([...new Set(messages.match(/exit code \d+/g))], messages).toEqual(['exit code 143']);
      expect(await readFile(join(folder, 'merge.out'), 'utf8')).toMatch(/3 videos merged from \d ledgers/);
      const run = (...args: readonly string[]) => runProgram('bodyscript', args, { cwd: folder, env });
      const { stdout: listed } = await run('jobs', 'list', '-o', results, '--json');
      expect(JSON.parse(listed).map(({ state }: { readonly state: string }) => state)).toEqual(CLIPS.map(() => 'done'));

      expect((await run('analyze', clips, '-o', 'plain', '--quiet')).code).toBe(0);
      for (const name of CLIPS)
        expect(await readFile(join(results, `${name}.csv`), 'utf8')).toBe(
          await readFile(join(folder, 'plain', `${name}.csv`), 'utf8'),
        );
      const record = JSON.parse(await readFile(join(results, 'walk-across.run.json'), 'utf8'));
      expect(record.resumedAtFrames).toEqual([expect.any(Number)]);
      expect(record.resumedAtFrames[0]).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
