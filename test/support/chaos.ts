import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobEntry } from '../../src/batch/ledger/job.js';
import { workingOn } from './processes.js';
import { CliRun, runCli } from './run-cli.js';

/** The result of a command whose processes were killed again and again. */
export interface ChaosResult {
  /** Number of kills, by type of process. */
  readonly kills: Readonly<Record<string, number>>;
  /** Number of times the command was started. */
  readonly starts: number;
  /** Tables that differ from those of an undisturbed run. */
  readonly different: readonly string[];
  readonly jobs: readonly JobEntry[];
  /** Processes that still exist some seconds after the end. */
  readonly orphans: readonly number[];
}

const MOST_STARTS = 100;
const ORPHANS_GONE_WITHIN_MS = 5000;

/**
 * Runs a command repeatedly until it succeeds, while every few moments one of its processes gets SIGKILL: the command
 * itself, a worker, an ffmpeg.
 * @param args of `analyze`, without the output folder
 * @param calm output folder of an undisturbed run
 * @param random numbers from 0 to 1
 */
export async function runInChaos(
  args: readonly string[],
  out: string,
  calm: string,
  killEveryMs: readonly [number, number],
  random: () => number,
): Promise<ChaosResult> {
  const kills: Record<string, number> = { parent: 0, worker: 0, ffmpeg: 0 };
  let starts = 0;
  let last = '';
  for (let code: number | null = null; code !== 0; ) {
    if (++starts > MOST_STARTS) throw new Error(`not done after ${MOST_STARTS} starts: ${last}`);
    const cli = new CliRun(['analyze', ...args, '-o', out, '--retry-failed', '-q']);
    const ended = cli.finished.then(() => true);
    for (;;) {
      const [least, most] = killEveryMs;
      if (await Promise.race([ended, delay(least + random() * (most - least)).then(() => false)])) break;
      const what = await killOne(cli.pid, random());
      if (what) kills[what] = (kills[what] ?? 0) + 1;
    }
    ({ code } = await cli.finished);
    last = `exit ${code}: ${cli.stderr}`;
    if (code !== 0 && code !== null && code !== 3) throw new Error(last);
  }
  const { stdout } = await runCli(['jobs', '-o', out, '--json']);
  return {
    kills,
    starts,
    different: await differences(calm, out),
    jobs: JSON.parse(stdout) as JobEntry[],
    orphans: await orphansOf(out),
  };
}

async function killOne(parent: number, choice: number): Promise<string | undefined> {
  const workers = await childrenOf(parent);
  const programs = (await Promise.all(workers.map(childrenOf))).flat();
  const [what, pids] =
    choice < 1 / 3 ? ['parent', [parent]] : choice < 2 / 3 ? ['worker', workers] : ['ffmpeg', programs];
  const pid = pids[Math.floor(choice * 1000) % Math.max(1, pids.length)];
  if (pid === undefined) return undefined;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return undefined; // It has ended by itself meanwhile.
  }
  return what as string;
}

/** Processes that a process has started (Linux). */
async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [] as string[]);
  const lists = await Promise.all(
    tasks.map(task => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return lists.join(' ').split(' ').filter(Boolean).map(Number);
}

async function differences(calm: string, out: string): Promise<string[]> {
  const names = (await readdir(calm, { recursive: true })).filter(name => name.endsWith('.csv'));
  const pairs = await Promise.all(
    names.map(
      async name =>
        [name, await readFile(join(calm, name)), await readFile(join(out, name)).catch(() => Buffer.alloc(0))] as const,
    ),
  );
  return pairs.filter(([, a, b]) => !a.equals(b)).map(([name]) => name);
}

async function orphansOf(out: string): Promise<number[]> {
  const end = Date.now() + ORPHANS_GONE_WITHIN_MS;
  let found = await workingOn(out);
  while (found.length > 0 && Date.now() < end) {
    await delay(100);
    found = await workingOn(out);
  }
  return found;
}

/** Numbers from 0 to 1, the same in each run: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
