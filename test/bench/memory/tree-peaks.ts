/** The memory of a process and its descendants, according to the kernel (Linux: proc(5), `smaps_rollup`). */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const KIB = 1024;
const SAMPLE_EVERY_MS = 50;

/** Bytes of a process, or of several together. */
interface Held {
  /** Resident pages; pages shared with other processes count in full. */
  readonly rss: number;
  /** The same, with shared pages divided among the processes that share them. */
  readonly pss: number;
  /** The part that the kernel cannot drop and read again from a file: anonymous and shared memory. */
  readonly fixed: number;
}

/** The highest sums over the tree, each at its own moment. */
export type TreePeaks = Held;

export interface Member {
  readonly pid: number;
  /** `node`, `decoder`, `encoder`, or the program's name. */
  readonly role: string;
  readonly held: Held;
}

function readOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has ended.
  }
}

/** The parent's id, after the program's name, which may contain anything. */
const parentOf = (pid: number) => Number(/^.*\) \S (\d+)/s.exec(readOf(`/proc/${pid}/stat`))?.[1]);

/** All descendants of a process. Not every kernel lists the children of a process, so all parents are read. */
function below(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => [Number(name), parentOf(Number(name))] as const);
  const children = (of: number): number[] =>
    parents.flatMap(([child, parent]) => (parent === of ? [child, ...children(child)] : []));
  return children(pid);
}

function roleOf(pid: number): string {
  const words = readOf(`/proc/${pid}/cmdline`).split('\0');
  const name = (words[0] ?? '').replace(/^.*\//, '');
  if (name !== 'ffmpeg') return name || 'ended';
  return words.includes('libx264') ? 'encoder' : 'decoder';
}

function heldBy(pid: number): Held | undefined {
  const text = readOf(`/proc/${pid}/smaps_rollup`);
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * KIB;
  return text === ''
    ? undefined
    : { rss: field('Rss'), pss: field('Pss'), fixed: field('Pss_Anon') + field('Pss_Shmem') };
}

function sumOf(parts: readonly Held[]): Held {
  const add = (key: keyof Held) => parts.reduce((sum, part) => sum + part[key], 0);
  return { rss: add('rss'), pss: add('pss'), fixed: add('fixed') };
}

function membersBelow(pid: number): Member[] {
  return below(pid).flatMap(member => {
    const held = heldBy(member);
    return held ? [{ pid: member, role: roleOf(member), held }] : [];
  });
}

/**
 * Watches the tree below a process until `finished` settles.
 * @param onPeak receives each moment with more unreclaimable memory than all before
 */
export async function watchTree(
  pid: number,
  finished: Promise<unknown>,
  onPeak: (members: readonly Member[]) => void = () => {},
): Promise<TreePeaks> {
  let peaks: Held = { rss: 0, pss: 0, fixed: 0 };
  let running = true;
  const ended = finished.finally(() => {
    running = false;
  });
  while (running) {
    const members = membersBelow(pid);
    const now = sumOf(members.map(({ held }) => held));
    if (now.fixed > peaks.fixed) onPeak(members);
    peaks = {
      rss: Math.max(peaks.rss, now.rss),
      pss: Math.max(peaks.pss, now.pss),
      fixed: Math.max(peaks.fixed, now.fixed),
    };
    await Promise.race([sleep(SAMPLE_EVERY_MS), ended.catch(() => {})]);
  }
  await ended;
  return peaks;
}
