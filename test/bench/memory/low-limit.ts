/** Runs in a control group without swap (cgroup v1, as root): whether a low limit is kept, and changes nothing. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BenchRow, megabytes } from '../bench-report.js';
import { startTimed } from '../timed-run.js';

const BIN = fileURLToPath(new URL('../../../bin/bodyscript.js', import.meta.url));
const GROUPS = '/sys/fs/cgroup/memory';
const MEBIBYTE = 2 ** 20;

export const CAN_LIMIT = process.getuid?.() === 0 && existsSync(join(GROUPS, 'memory.limit_in_bytes'));

/** The outcome of a run in a group. */
interface LimitedRun {
  readonly error: string | undefined;
  readonly table: string | undefined;
  /** Bytes: at most, with page cache; the unreclaimable part of it, sampled at intervals. */
  readonly used: number;
  readonly held: number;
  readonly killed: number;
}

async function limitedRun(
  clip: string,
  options: readonly string[],
  bytes: number,
  folder: string,
): Promise<LimitedRun> {
  const group = join(GROUPS, `bodyscript-bench-${process.pid}`);
  const numberIn = async (file: string, pattern: RegExp) =>
    Number(pattern.exec(await readFile(join(group, file), 'utf8'))?.[1] ?? 0);
  await mkdir(group);
  try {
    await writeFile(join(group, 'memory.limit_in_bytes'), String(bytes));
    await writeFile(join(group, 'memory.swappiness'), '0');
    const command = [process.execPath, BIN, 'analyze', clip, '-o', folder, '--quiet', ...options];
    const joinFirst = ['sh', '-c', 'echo $$ > "$0" && exec "$@"', join(group, 'cgroup.procs')];
    let running = true;
    const ended = startTimed([...joinFirst, ...command], { BODYSCRIPT_CACHE: join(folder, 'cache') })
      .finished.then(
        () => undefined,
        error => String(error),
      )
      .finally(() => {
        running = false;
      });
    let held = 0;
    while (running) {
      const lists = await Promise.all(
        ['total_inactive_anon', 'total_active_anon', 'total_unevictable'].map(name =>
          numberIn('memory.stat', new RegExp(`^${name} (\\d+)$`, 'm')),
        ),
      );
      held = Math.max(
        held,
        lists.reduce((sum, list) => sum + list, 0),
      );
      await Promise.race([sleep(50), ended]);
    }
    const name = clip.replace(/^.*\//, '').replace(/\.\w+$/, '.csv');
    return {
      error: await ended,
      table: await readFile(join(folder, name), 'utf8').catch(() => undefined),
      used: await numberIn('memory.max_usage_in_bytes', /^(\d+)/),
      held,
      killed: await numberIn('memory.oom_control', /oom_kill (\d+)/),
    };
  } finally {
    await rmdir(group).catch(() => {});
  }
}

/** @param times runs, each with its own cache that is empty at the start */
export async function lowLimitRow(
  folder: string,
  clip: string,
  options: readonly string[],
  { bytes, times }: { readonly bytes: number; readonly times: number },
): Promise<BenchRow> {
  const free = await limitedRun(clip, options, 64 * 1024 * MEBIBYTE, join(folder, 'without-limit'));
  const runs: LimitedRun[] = [];
  for (let i = 0; i < times; i++) {
    const run = await limitedRun(clip, options, bytes, join(folder, `limit-${megabytes(bytes)}-${i}`));
    process.stderr.write(`${run.error ?? 'done'}, held ${megabytes(run.held)}, used ${megabytes(run.used)}\n`);
    runs.push(run);
  }
  const good = runs.filter(
    run => run.error === undefined && run.table !== undefined && run.table === free.table,
  ).length;
  const most = (of: (run: LimitedRun) => number) => megabytes(Math.max(...runs.map(of)));
  return {
    what: `${clip.replace(/^.*\//, '')} ${options.join(' ')}, cold cache, in a group of ${megabytes(bytes)} without swap`,
    figure: `${good} of ${times} done with the same table; held at most ${most(run => run.held)} (without a limit ${megabytes(free.held)}), killed ${runs.reduce((sum, { killed }) => sum + killed, 0)}`,
    bar: `${times} of ${times}`,
    reached: free.table !== undefined && good === times,
    data: runs.map(({ error, used, held, killed }) => ({ error, used, held, killed })),
  };
}
