import { readFile, writeFile } from 'node:fs/promises';
import pidusage from 'pidusage';
import { PacedMemory } from './paced-memory.js';

/** Memory of one process in bytes. */
export interface ProcessMemory {
  /** Resident set: pages in memory; pages shared with other processes count in full. */
  readonly rss: number;
  /**
   * Highest resident set so far: the system's own high-water mark on Linux, and of this process everywhere; the last
   * reading elsewhere.
   */
  readonly peakRss: number;
  /**
   * The part of the resident set that cannot be reclaimed: anonymous and shared memory. Pages of files (code, mapped
   * networks) can be dropped and read again. Undefined if the system does not distinguish.
   */
  readonly fixed: number | undefined;
}

const KIB = 1024;

function kilobytes(text: string, field: string): number | undefined {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text);
  return match ? Number(match[1]) * KIB : undefined;
}

/** By pidusage, which starts a program of the system's for each question. */
const others = new PacedMemory(async pids => {
  const answers = await pidusage([...pids]);
  return new Map(pids.flatMap(pid => (answers[pid] ? [[pid, answers[pid].memory]] : [])));
});

/**
 * Memory of a process, or undefined when it has ended. Linux: `/proc/PID/status`. Elsewhere Node knows its own, and
 * other processes are asked for now and then: `PacedMemory`.
 */
export async function readProcessMemory(pid: number): Promise<ProcessMemory | undefined> {
  if (process.platform === 'linux') return readStatus(pid);
  if (pid === process.pid) {
    const rss = process.memoryUsage.rss();
    return { rss, peakRss: Math.max(rss, process.resourceUsage().maxRSS * KIB), fixed: undefined };
  }
  const rss = await others.read(pid);
  return rss === undefined ? undefined : { rss, peakRss: rss, fixed: undefined };
}

async function readStatus(pid: number): Promise<ProcessMemory | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const rss = kilobytes(status, 'VmRSS');
    if (rss === undefined) return undefined;
    const anonymous = kilobytes(status, 'RssAnon'); // Since Linux 4.5.
    const fixed = anonymous === undefined ? undefined : anonymous + (kilobytes(status, 'RssShmem') ?? 0);
    return { rss, peakRss: kilobytes(status, 'VmHWM') ?? rss, fixed };
  } catch {
    return undefined;
  }
}

/**
 * Proportional set size in bytes: shared pages are divided among the processes that share them. Linux only, otherwise
 * undefined.
 */
export async function readProportionalMemory(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    return kilobytes(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss');
  } catch {
    return undefined;
  }
}

/**
 * Unreclaimable memory of a process, in bytes; if the system does not report it, the resident set. 0 if the process has
 * ended.
 */
export async function readHeldMemory(pid: number): Promise<number> {
  const memory = await readProcessMemory(pid);
  return memory?.fixed ?? memory?.rss ?? 0;
}

/**
 * Resets the high-water mark of this process, for one task after another (Linux, proc(5): `clear_refs`). Has no effect
 * elsewhere.
 */
export async function forgetPeakMemory(): Promise<void> {
  if (process.platform !== 'linux') return;
  // A kernel without it reports the peak over all tasks.
  await writeFile('/proc/self/clear_refs', '5').catch(() => {});
}
