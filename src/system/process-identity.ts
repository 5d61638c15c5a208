import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** A process, distinguishable from later ones with the same number, and from those with the same number elsewhere. */
export interface ProcessIdentity {
  readonly host: string;
  /**
   * The running system that it belongs to: the kernel's own id, or the second since 1970 in which it started (after
   * `~`).
   */
  readonly boot: string;
  /** The namespace of `pid`: two containers each count from 1. Empty if the system has no such namespaces. */
  readonly namespace: string;
  readonly pid: number;
  /** Start time on the kernel's own clock; empty if unknown. */
  readonly started: string;
}

/**
 * After the name in brackets, which may contain anything, the start time is the 20th field (proc(5): the 22nd of all).
 */
const START_TIME_FIELD = 19;
/** For an estimated system start: the clock may have been set by this much since. */
const BOOT_TOLERANCE_SECONDS = 60;

/** The text of a kernel file; undefined if absent. */
function kernelText(read: () => string): string | undefined {
  try {
    return read().trim();
  } catch {
    return undefined;
  }
}

const here = {
  get boot(): string {
    const id = kernelText(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
    return id || `~${Math.round(Date.now() / 1000 - uptime())}`;
  },
  get namespace(): string {
    return kernelText(() => readlinkSync('/proc/self/ns/pid')) ?? '';
  },
};

/** Whether `/proc` counts like this process: in a new namespace the old one's may still be mounted. */
const procIsOurs = () => kernelText(() => readlinkSync('/proc/self')) === String(process.pid);

/** Whether a process with this number exists, by the system call alone. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in clock ticks since the system's start; undefined if it does not run; empty if unknown. */
function startOf(pid: number): string | undefined {
  // Other values mean groups of processes, or nothing, to kill(2).
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return undefined;
  if (!procIsOurs()) return '';
  const text = kernelText(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return exists(pid) ? '' : undefined; // Hidden from other users.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; only its parent has not asked yet.
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[START_TIME_FIELD];
}

/** The identity of a running process of this machine and namespace; undefined if none exists. */
export function identifyProcess(pid = process.pid): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined
    ? undefined
    : { host: hostname(), boot: here.boot, namespace: here.namespace, pid, started };
}

/**
 * Whether a process runs. Undefined if this process cannot know: the other belongs to another machine, to an earlier
 * start of this one, or to another PID namespace (a container beside this one, even with the same host name); or the
 * number is in use, and without start times (Windows, macOS) nobody knows whether by the same process. Then only what
 * it promised in time counts, as a lease does.
 */
export function isRunning({ host, boot, namespace, pid, started }: ProcessIdentity): boolean | undefined {
  if (host !== hostname() || namespace !== here.namespace || !isSameBoot(boot, here.boot)) return undefined;
  const now = startOf(pid);
  if (now === undefined) return false;
  if (now === '' || started === '') return pid === process.pid && now === started ? true : undefined;
  return now === started;
}

/** Whether two identities are the same process. */
export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return (
    a.host === b.host &&
    a.namespace === b.namespace &&
    a.pid === b.pid &&
    a.started === b.started &&
    isSameBoot(a.boot, b.boot)
  );
}

function isSameBoot(a: string, b: string): boolean {
  if (!a.startsWith('~') || !b.startsWith('~')) return a === b;
  return Math.abs(Number(a.slice(1)) - Number(b.slice(1))) <= BOOT_TOLERANCE_SECONDS;
}
