import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A memory limit from the system or from the user. */
export interface MemoryLimit {
  /** Bytes. */
  readonly bytes: number;
  /** Its source: `--max-memory`, `cgroup v1`, `cgroup v2`. */
  readonly source: string;
  /** Bytes that count against it now, if the limit's owner counts them. */
  readonly used?: () => Promise<number | undefined>;
}

/** cgroup v1 expresses "no limit" by values from this on. */
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

/** From a cgroup's folder up to the root of its hierarchy: a parent's limit applies as well. */
function* upwards(path: string): Generator<string> {
  const parts = path.split('/').filter(Boolean);
  for (let depth = parts.length; depth >= 0; depth--) yield parts.slice(0, depth).join('/');
}

interface CgroupKind {
  readonly source: string;
  readonly root: string;
  readonly limitFile: string;
  /**
   * Memory that cannot be reclaimed under pressure. Page cache can, including mapped networks and code; so can dirty
   * pages once they are written (the kernel waits for that before it kills a process). Files in memory (tmpfs) and
   * shared memory cannot.
   */
  readonly used: (folder: string) => Promise<number | undefined>;
}

const V1: CgroupKind = {
  source: 'cgroup v1',
  root: '/sys/fs/cgroup/memory',
  limitFile: 'memory.limit_in_bytes',
  // The lists that the kernel cannot reclaim without swap: `total_rss` excludes shared memory, and only newer kernels
  // report that separately.
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
 * The lowest memory limit of the control groups of this process; undefined if none exists.
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
    // Inside a container the path is the host's, and the mount shows our group as its root: `upwards` stops there.
    const limit = kind && (await lowestLimit(kind, path));
    if (limit) limits.push(limit);
  }
  return limits.sort((a, b) => a.bytes - b.bytes)[0];
}
