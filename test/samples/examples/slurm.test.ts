import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES, runProgram, withBodyscriptOnPath } from '../../support/examples.js';
import { SAMPLES, SLURM_SCRIPTS } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Of the controller that the scripts start: one cluster at a time. */
const PORT = 16_817;
const WITHIN_MS = 90_000;
/** So long the credential of an ended start bars another one. */
const REVOKED_FOR_MS = 2500;
const CLIPS = ['walk-across', 'hands-up', 'cut-chest'] as const;

const isPortFree = () =>
  new Promise<boolean>(resolve => {
    const socket = connect(PORT, '127.0.0.1');
    socket.on('error', () => resolve(true));
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });

const HAS_SLURM =
  process.getuid?.() === 0 &&
  ['sbatch', 'slurmctld', 'slurmd', 'munged'].every(name => spawnSync('which', [name]).status === 0) &&
  existsSync(join(SLURM_SCRIPTS, 'slurm-start.sh')) &&
  (await isPortFree());

const folder = await temporaryFolder();

describe.skipIf(!HAS_SLURM)('the Slurm array', () => {
  const cluster = join(folder, 'slurm');
  const clips = join(folder, 'clips');
  const results = join(folder, 'results');
  let env: NodeJS.ProcessEnv = {};
  const run = (file: string, ...args: readonly string[]) => runProgram(file, args, { cwd: folder, env });

  beforeAll(async () => {
    env = { ...(await withBodyscriptOnPath(folder)), SLURM_CONF: join(cluster, 'slurm.conf') };
    execFileSync('bash', [join(SLURM_SCRIPTS, 'slurm-start.sh'), cluster], { stdio: 'ignore' });
    await mkdir(clips);
    for (const name of CLIPS) await copyFile(join(SAMPLES, `${name}.mp4`), join(clips, `${name}.mp4`));
  });

  afterAll(() => {
    spawnSync('bash', [join(SLURM_SCRIPTS, 'slurm-stop.sh'), cluster], { stdio: 'ignore' });
    // It writes its state into our folder before it ends.
    return until(async () => !existsSync(join(cluster, 'slurmctld.pid')) && (await isPortFree()));
  });

  /** Waits until something holds, looking a few times a second. @throws with the cluster's queue where it never does */
  async function until(holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + WITHIN_MS;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error((await run('squeue')).stdout);
      await sleep(150);
    }
  }

  const sizeOf = (name: string) =>
    stat(join(results, name)).then(
      ({ size }) => size,
      () => 0,
    );

  test(
    'a task that Slurm ends is requeued, goes on in the middle, and the tables are those of one uninterrupted command',
    async () => {
      const script = await readFile(join(EXAMPLES, 'slurm-array.sh'), 'utf8');
      expect(script).toContain('--cpus-per-task=4');
      // This machine may have two cores.
      await writeFile(join(folder, 'slurm-array.sh'), script.replace('--cpus-per-task=4', '--cpus-per-task=1'));
      await copyFile(join(EXAMPLES, 'slurm-submit.sh'), join(folder, 'slurm-submit.sh'));
      env = { ...env, CLIPS: clips, RESULTS: results };
      const submitted = await run('bash', 'slurm-submit.sh');
      expect([submitted.code, submitted.stdout]).toEqual([0, expect.stringMatching(/Submitted batch job/)]);

      await until(async () => (await sizeOf('walk-across.csv.partial')) > 100_000);
      const running = (await run('squeue', '-h', '-t', 'R', '-o', '%i')).stdout.trim().split('\n');
      // To the steps, as Slurm does before the time limit; the script itself gets no signal.
      await run('scancel', '--signal=TERM', ...running);
      const delayed = async () =>
        (await run('squeue', '-h', '-r', '-t', 'PD', '-o', '%i %r')).stdout.matchAll(/^(\S+) BeginTime$/gm);
      await until(async () => [...(await delayed())].length > 0);
      expect(await sizeOf('walk-across.csv')).toBe(0);
      // Slurm waits two minutes before it starts a requeued task. A test need not, but a new start in the second of the
      // old end is refused: "Job credential revoked".
      await sleep(REVOKED_FOR_MS);
      const hastened = new Set<string>();
      await until(async () => {
        for (const [, id = ''] of await delayed()) {
          if (!hastened.has(id)) await run('scontrol', 'update', `jobid=${id}`, 'StartTime=now');
          hastened.add(id);
        }
        return (await run('squeue', '-h')).stdout === '';
      });

      const logs = (await readdir(folder)).filter(name => /^slurm-\d+_\d+\.out$/.test(name));
      const said = (await Promise.all(logs.map(name => readFile(join(folder, name), 'utf8')))).join('');
      expect([...new Set(said.match(/exit code \d+/g))], said).toEqual(['exit code 143']);
      expect(await readFile(join(folder, 'merge.out'), 'utf8')).toMatch(/3/);
      const { stdout: listed } = await run('bodyscript', 'jobs', 'list', '-o', results, '--json');
      expect(JSON.parse(listed).map(({ state }: { readonly state: string }) => state)).toEqual(CLIPS.map(() => 'done'));

      const plain = await run('bodyscript', 'analyze', clips, '-o', 'plain', '--no-overlay', '--quiet');
      expect(plain.code).toBe(0);
      for (const name of CLIPS)
        expect(await readFile(join(results, `${name}.csv`), 'utf8')).toBe(
          await readFile(join(folder, 'plain', `${name}.csv`), 'utf8'),
        );
      const record = JSON.parse(await readFile(join(results, 'walk-across.run.json'), 'utf8'));
      expect(record.resumedAtFrames).toEqual([expect.any(Number)]);
      expect(record.resumedAtFrames[0]).toBeGreaterThan(0);
    },
    4 * WITHIN_MS,
  );
});
