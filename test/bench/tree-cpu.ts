import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** On Linux, on all machines. */
const MS_PER_TICK = 10;
const LOOK_EVERY_MS = 25;

interface ProcessTimes {
  readonly name: string;
  readonly parent: number;
  readonly ms: number;
}

/** @param path of a `stat` in /proc; proc(5) documents its fields */
function timesOf(path: string): ProcessTimes {
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const ms = (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  return { name: text.slice(text.indexOf('(') + 1, end), parent: Number(fields[1]), ms };
}

/**
 * CPU milliseconds of a program and its children, by process name, and of its busiest threads.
 * Linux only.
 */
export interface TreeCpu {
  readonly processes: Readonly<Record<string, number>>;
  /** The program's main thread first. */
  readonly threads: readonly number[];
}

/**
 * Runs a program and samples the CPU time of each process of its tree. Its last moments, and short-lived children, are
 * missed.
 */
export async function cpuOf(file: string, args: readonly string[]): Promise<TreeCpu> {
  const program = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const processes = new Map<number, ProcessTimes>();
  const threads = new Map<number, number>();
  const timer = setInterval(() => look(program, processes, threads), LOOK_EVERY_MS);
  const [code] = (await once(program, 'exit')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: ended with ${code}`);
  const sums: Record<string, number> = {};
  for (const { name, ms } of processes.values()) sums[name] = (sums[name] ?? 0) + ms;
  const { [program.pid!]: main = 0, ...others } = Object.fromEntries(threads);
  return { processes: sums, threads: [main, ...Object.values(others).sort((a, b) => b - a)] };
}

function look({ pid }: ChildProcess, processes: Map<number, ProcessTimes>, threads: Map<number, number>): void {
  for (const entry of readdirSync('/proc')) {
    const id = Number(entry);
    if (!id) continue;
    try {
      const times = timesOf(`/proc/${id}/stat`);
      if (id === pid || times.parent === pid) processes.set(id, times);
      if (id !== pid) continue;
      for (const thread of readdirSync(`/proc/${id}/task`)) {
        threads.set(Number(thread), timesOf(`/proc/${id}/task/${thread}/stat`).ms);
      }
    } catch {
      // It has ended meanwhile.
    }
  }
}
