import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it began, in the kernel's own clock; empty where that is not known. */
  readonly started: string;
}

/** After the name in brackets, which may hold anything, the start time is the 20th field (proc(5): the 22nd of all). */
const START_TIME_FIELD = 19;

/** When a process began, in clock ticks since the system did; undefined where it does not run; empty where that is not known. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      // A zombie has ended; its parent has only not asked yet.
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[START_TIME_FIELD];
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
    return '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : undefined;
  }
}

/** The identity of a running process of this machine; undefined where there is none. */
export function identifyProcess(pid = process.pid): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { host: hostname(), pid, started };
}

/** Whether a process runs: undefined for one of another machine, of which nothing is known here. */
export function isRunning({ host, pid, started }: ProcessIdentity): boolean | undefined {
  return host === hostname() ? startOf(pid) === started : undefined;
}
