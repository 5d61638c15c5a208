import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXAMPLES, type ProgramResult, runProgram, withBodyscriptOnPath } from './examples.js';
import { killNode, killStep, startDaemons, stopDaemons } from './slurm-daemons.js';

const LOOK_EVERY_MS = 150;
/** A new start this soon after the old end is refused ("Job credential revoked"). */
const REVOKED_FOR_MS = 2500;
/** Longest time until all tasks have ended, unless a test expects more. */
const WITHIN_MS = 180_000;

/** A task in the cluster's queue. */
export interface SlurmTask {
  readonly id: string;
  readonly state: string;
  /** Why it waits. */
  readonly reason: string;
  /** Node on which it runs. */
  readonly node: string;
}

/** The result of an array of tasks. */
export interface ArrayOutcome {
  /** The messages of its tasks. */
  readonly messages: string;
  /** Number of times that a task was stopped and requeued. */
  readonly requeues: number;
  readonly seconds: number;
  /** Tables that got their final name more than once. */
  readonly publishedTwice: readonly string[];
}

/** Settings of an array of tasks. */
export interface ArraySettings {
  /** Called several times a second with the running tasks. */
  readonly interrupt?: (running: readonly SlurmTask[]) => Promise<void>;
  readonly withinMs?: number;
}

/** A Slurm cluster on this machine, with daemons of its own. */
export class SlurmCluster implements AsyncDisposable {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.env = env;
  }

  /** With nodes `n1` to `n<nodes>`. @param folder becomes the working folder of tasks */
  static async start(folder: string, nodes: number): Promise<SlurmCluster> {
    const names = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
    const env = await withBodyscriptOnPath(folder);
    return new SlurmCluster(folder, { ...env, ...(await startDaemons(join(folder, 'slurm'), names)) });
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

  /** Runs an array to its end. @throws where tasks have not ended in time, with the queue */
  async runArray(
    script: string,
    parts: number,
    results: string,
    { interrupt = async () => {}, withinMs = WITHIN_MS }: ArraySettings = {},
  ): Promise<ArrayOutcome> {
    const since = performance.now();
    const env = { ...this.env, RESULTS: results };
    const args = ['--parsable', `--array=1-${parts}`, script];
    const { code, stdout, stderr } = await runProgram('sbatch', args, { cwd: this.folder, env });
    if (code !== 0) throw new Error(stderr);
    const versions = new Map<string, Set<number>>();
    await this.untilIdle(async running => {
      await interrupt(running);
      await noteTables(results, versions);
    }, withinMs);
    await noteTables(results, versions);
    const messages = await this.logs(stdout.trim());
    return {
      messages,
      requeues: messages.match(/DUE TO JOB REQUEUE/g)?.length ?? 0,
      seconds: (performance.now() - since) / 1000,
      publishedTwice: [...versions].filter(([, inodes]) => inodes.size > 1).map(([name]) => name),
    };
  }

  /**
   * Waits until no task is left, without Slurm's pause of two minutes before it starts a requeued one.
   * @param look called several times a second with the running tasks
   */
  async untilIdle(look: (running: readonly SlurmTask[]) => Promise<void>, withinMs = WITHIN_MS): Promise<void> {
    const end = performance.now() + withinMs;
    for (let left = await this.tasks(); left.length > 0; left = await this.tasks()) {
      if (performance.now() > end) throw new Error(await this.#describe());
      await this.#hasten(left);
      await look(left.filter(({ state }) => state === 'RUNNING'));
      await delay(LOOK_EVERY_MS);
    }
  }

  /** All tasks that have not ended. */
  async tasks(): Promise<SlurmTask[]> {
    const { code, stdout, stderr } = await this.run('squeue', '-h', '-r', '-o', '%i|%T|%r|%N');
    if (code !== 0) throw new Error(stderr);
    return stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map(line => {
        const [id = '', state = '', reason = '', node = ''] = line.split('|');
        return { id, state, reason, node };
      });
  }

  /** Kills the analysis that runs on a node, as the kernel does when memory runs out. */
  async killStep(node: string): Promise<void> {
    await killStep(join(this.folder, 'slurm'), node);
  }

  /** Has a node fail at once, and Slurm notice it. It stays lost. */
  async loseNode(node: string): Promise<void> {
    await killNode(join(this.folder, 'slurm'), node);
    await this.run('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=lost');
  }

  /** The messages of an array's tasks, or of all. */
  async logs(array = '\\d+'): Promise<string> {
    const names = (await readdir(this.folder)).filter(name => new RegExp(`^slurm-${array}_\\d+\\.out$`).test(name));
    return (await Promise.all(names.map(name => readFile(join(this.folder, name), 'utf8')))).join('');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopDaemons(join(this.folder, 'slurm'));
  }

  /** The queue, the nodes and the messages of the tasks, for a test that fails. */
  async #describe(): Promise<string> {
    const [queue, nodes] = await Promise.all([this.run('squeue', '-r'), this.run('sinfo', '-N', '-o', '%N %T %E')]);
    return ['tasks have not ended in time', queue.stdout, nodes.stdout, await this.logs()].join('\n');
  }

  readonly #delayedSince = new Map<string, number>();

  async #hasten(tasks: readonly SlurmTask[]): Promise<void> {
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
