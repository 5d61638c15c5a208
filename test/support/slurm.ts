import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXAMPLES, type ProgramResult, runProgram, withBodyscriptOnPath } from './examples.js';
import { SLURM_SCRIPTS } from './reference-clips.js';

/** Of the controller that the scripts start: one cluster at a time. */
const PORT = 16_817;
const LOOK_EVERY_MS = 150;
/** So long the credential of an ended start bars another one ("Job credential revoked"). */
const REVOKED_FOR_MS = 2500;

const isPortFree = () =>
  new Promise<boolean>(resolve => {
    const socket = connect(PORT, '127.0.0.1');
    socket.on('error', () => resolve(true));
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });

/** Why no Slurm cluster can be started here; undefined where one can. */
export async function reasonAgainstSlurm(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'the daemons of Slurm need root';
  const missing = ['sbatch', 'slurmctld', 'slurmd', 'munged'].filter(name => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (apt-get install slurm-wlm)`;
  if (!existsSync(join(SLURM_SCRIPTS, 'slurm-start.sh'))) return `no such file: ${SLURM_SCRIPTS}/slurm-start.sh`;
  return (await isPortFree()) ? undefined : `another cluster runs on port ${PORT}`;
}

/** How an array of tasks fared. */
export interface ArrayOutcome {
  /** How often a task was stopped and requeued. */
  readonly requeues: number;
  readonly seconds: number;
  /** Tables that got their final name more than once. */
  readonly publishedTwice: readonly string[];
}

/** A Slurm cluster on this machine, with daemons of its own. */
export class SlurmCluster implements AsyncDisposable {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.env = env;
  }

  /** @param folder becomes the working folder of tasks */
  static async start(folder: string, nodes: number): Promise<SlurmCluster> {
    const cluster = join(folder, 'slurm');
    const env = { ...(await withBodyscriptOnPath(folder)), SLURM_CONF: join(cluster, 'slurm.conf') };
    execFileSync('bash', [join(SLURM_SCRIPTS, 'slurm-start.sh'), cluster, String(nodes)], { stdio: 'ignore' });
    return new SlurmCluster(folder, env);
  }

  async run(file: string, ...args: readonly string[]): Promise<ProgramResult> {
    return runProgram(file, args, { cwd: this.folder, env: this.env });
  }

  /** The example's script, for tasks with one core. @param analyze, sbatch further options of the two programs */
  async writeArray(analyze: readonly string[], sbatch: readonly string[] = []): Promise<string> {
    const path = join(this.folder, 'array.sh');
    const script = (await readFile(join(EXAMPLES, 'slurm-array.sh'), 'utf8'))
      .replace('--cpus-per-task=4 --mem=4G', '--cpus-per-task=1 --mem=500M')
      .replace('--part auto --quiet', `--part auto --quiet ${analyze.join(' ')}`)
      // The last one counts.
      .replace('--open-mode=append', `--open-mode=append ${sbatch.join(' ')}`);
    await writeFile(path, script);
    return path;
  }

  /**
   * Runs an array to its end, without Slurm's wait of two minutes before a requeued task.
   * @param interrupt called now and then with the tasks that run
   */
  async runArray(
    script: string,
    parts: number,
    results: string,
    interrupt: (running: readonly string[]) => Promise<void> = async () => {},
  ): Promise<ArrayOutcome> {
    const since = performance.now();
    const env = { ...this.env, RESULTS: results };
    const { code, stderr } = await runProgram('sbatch', [`--array=1-${parts}`, script], { cwd: this.folder, env });
    if (code !== 0) throw new Error(stderr);
    const versions = new Map<string, Set<number>>();
    for (let left = await this.#tasks(); left.length > 0; left = await this.#tasks()) {
      await this.#hasten(left);
      await interrupt(left.filter(({ state }) => state === 'RUNNING').map(({ id }) => id));
      await noteTables(results, versions);
      await delay(LOOK_EVERY_MS);
    }
    await noteTables(results, versions);
    const logs = (await readdir(this.folder)).filter(name => /^slurm-\d+_\d+\.out$/.test(name));
    const said = (await Promise.all(logs.map(name => readFile(join(this.folder, name), 'utf8')))).join('');
    return {
      requeues: said.match(/exit code 143/g)?.length ?? 0,
      seconds: (performance.now() - since) / 1000,
      publishedTwice: [...versions].filter(([, inodes]) => inodes.size > 1).map(([name]) => name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const cluster = join(this.folder, 'slurm');
    spawnSync('bash', [join(SLURM_SCRIPTS, 'slurm-stop.sh'), cluster], { stdio: 'ignore' });
    // It writes its state into our folder before it ends.
    while (existsSync(join(cluster, 'slurmctld.pid')) || !(await isPortFree())) await delay(LOOK_EVERY_MS);
  }

  async #tasks(): Promise<{ id: string; state: string; reason: string }[]> {
    const { stdout } = await this.run('squeue', '-h', '-r', '-o', '%i %T %r');
    return stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map(line => {
        const [id = '', state = '', reason = ''] = line.split(' ');
        return { id, state, reason };
      });
  }

  readonly #delayedSince = new Map<string, number>();

  async #hasten(tasks: readonly { id: string; state: string; reason: string }[]): Promise<void> {
    const delayed = tasks.filter(({ state, reason }) => state === 'PENDING' && reason === 'BeginTime');
    const ids = new Set(delayed.map(({ id }) => id));
    for (const id of this.#delayedSince.keys()) if (!ids.has(id)) this.#delayedSince.delete(id);
    for (const id of ids) {
      const since = this.#delayedSince.get(id);
      if (since === undefined) this.#delayedSince.set(id, performance.now());
      else if (performance.now() - since > REVOKED_FOR_MS) {
        await this.run('scontrol', 'update', `jobid=${id}`, 'StartTime=now');
        this.#delayedSince.set(id, Number.POSITIVE_INFINITY);
      }
    }
  }
}

/** A file that gets its name once keeps its inode. */
async function noteTables(results: string, versions: Map<string, Set<number>>): Promise<void> {
  for (const name of (await readdir(results).catch(() => [])).filter(one => one.endsWith('.csv'))) {
    const ino = await stat(join(results, name)).then(
      stats => stats.ino,
      () => undefined,
    );
    if (ino !== undefined) versions.set(name, (versions.get(name) ?? new Set()).add(ino));
  }
}
