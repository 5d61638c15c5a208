import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A limit on memory that the system enforces or the user asked for. */
export interface MemoryLimit {
  /** Bytes. */
  readonly bytes: number;
  /** Where it comes from: `--max-memory`, `cgroup v1`, `cgroup v2`. */
  readonly source: string;
  /** Bytes that count against it now, where the limit's owner counts by itself. */
  readonly used?: () => Promise<number | undefined>;
}

/** Limits at or above this are "no limit" in cgroup v1's spelling. */
const UNLIMITED_BYTES = 2 ** 60;

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    return undefined;
  }
}

function statField(text: string | undefined, ...names: string[]): number | undefined {
  if (text === undefined) return undefined;
  const found = names
    .map(name => new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
    .filter(value => value !== undefined);
  return found.length === 0 ? undefined : found.reduce((sum, value) => sum + Number(value), 0);
}

/** From a cgroup's folder up to the root of its hierarchy: a parent's limit binds as well. */
function* upwards(path: string): Generator<string> {
  const parts = path.split('/').filter(Boolean);
  for (let depth = parts.length; depth >= 0; depth--) yield parts.slice(0, depth).join('/');
}

interface CgroupKind {
  readonly source: string;
  readonly root: string;
  readonly limitFile: string;
  /**
   * What cannot be given back under pressure. Page cache can, mapped networks and code included; so can pages that are
   * still to be written, once they are (the kernel waits for that before it ends a process). Files in memory (tmpfs)
   * and shared memory cannot.
   */
  readonly used: (folder: string) => Promise<number | undefined>;
}

const V1: CgroupKind = {
  source: 'cgroup v1',
  root: '/sys/fs/cgroup/memory',
  limitFile: 'memory.limit_in_bytes',
  // The lists that the kernel has nothing to take from without swap: `total_rss` leaves out shared memory, and only
  // newer kernels tell that by itself.
  used: async folder =>
    statField(
      await readText(join(folder, 'memory.stat')),
      'total_inactive_anon',
      'total_active_anon',
      'total_unevictable',
    ),
};

const V2: CgroupKind = {
  source: 'cgroup v2',
  root: '/sys/fs/cgroup',
  limitFile: 'memory.max',
  used: async folder =>
    statField(
      await readText(join(folder, 'memory.stat')),
      'anon',
      'shmem',
      'kernel_stack',
      'pagetables',
      'percpu',
      'slab_unreclaimable',
      'sock',
    ),
};

async function lowestLimit(kind: CgroupKind, path: string): Promise<MemoryLimit | undefined> {
  let lowest: MemoryLimit | undefined;
  for (const part of upwards(path)) {
    const folder = join(kind.root, part);
    const bytes = Number(await readText(join(folder, kind.limitFile)));
    if (!(bytes > 0) || bytes >= UNLIMITED_BYTES || (lowest && lowest.bytes <= bytes)) continue;
    lowest = { bytes, source: kind.source, used: () => kind.used(folder) };
  }
  return lowest;
}

/**
 * The tightest memory limit of the control groups that this process is in, or undefined where there is none.
 * @param membership content of `/proc/self/cgroup`; for tests
 */
export async function cgroupMemoryLimit(membership?: string): Promise<MemoryLimit | undefined> {
  const text = membership ?? (await readText('/proc/self/cgroup'));
  if (text === undefined) return undefined;
  const limits: MemoryLimit[] = [];
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const kind = controllers === '' ? V2 : controllers.split(',').includes('memory') ? V1 : undefined;
    // Inside a container the path is the host's, and the mount shows our group as its root: `upwards` ends there.
    const limit = kind && (await lowestLimit(kind, path));
    if (limit) limits.push(limit);
  }
  return limits.sort((a, b) => a.bytes - b.bytes)[0];
}
