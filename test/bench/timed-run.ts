import { spawn } from 'node:child_process';

/**
 * Bash measures the time of all processes that it has waited for, and that they have waited for: user, system, on the
 * clock.
 */
const TIMED = `TIMEFORMAT='%U %S %R'; time "$@"`;

/** Resources used by a run, over all its processes. */
export interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export const NO_COST: Cost = { cpuSeconds: 0, wallSeconds: 0 };

export function addCosts(a: Cost, b: Cost): Cost {
  return { cpuSeconds: a.cpuSeconds + b.cpuSeconds, wallSeconds: a.wallSeconds + b.wallSeconds };
}

/** A running command; `pid` is that of a shell above it. */
export interface StartedRun {
  readonly pid: number;
  readonly finished: Promise<Cost>;
}

/**
 * Starts a command in a shell that times it. `finished` rejects with the command's own output unless it exits with 0.
 */
export function startTimed(command: readonly string[], environment: NodeJS.ProcessEnv = {}): StartedRun {
  const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let stderr = '';
  child.stderr.on('data', text => {
    stderr += text;
  });
  const finished = new Promise<number | null>(resolve => child.on('close', resolve)).then(code => {
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${stderr}`);
    const [user = 0, system = 0, wallSeconds = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
    return { cpuSeconds: user + system, wallSeconds };
  });
  return { pid: child.pid!, finished };
}
