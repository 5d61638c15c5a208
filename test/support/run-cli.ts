import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));

const WITHOUT_ROOT_POWER = ['setpriv', '--inh-caps=-all', '--bounding-set=-dac_override,-dac_read_search'];

/** Whether `obeyPermissions` works here, or is unnecessary. */
export const CAN_OBEY_PERMISSIONS =
  process.getuid?.() !== 0 || spawnSync('setpriv', [...WITHOUT_ROOT_POWER.slice(1), 'true']).status === 0;

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** As root, but without root's right to ignore file permissions (Linux, with `setpriv`). */
  readonly obeyPermissions?: boolean;
  /** Node's own options, before the program. */
  readonly node?: readonly string[];
  /** What comes through stdin; nothing, if absent. */
  readonly input?: string;
}

/** A run of the built command line in a separate process. */
export class CliRun {
  readonly process: ChildProcess;
  readonly finished: Promise<CliResult>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { env = {}, cwd, obeyPermissions = false, node = [], input }: CliOptions = {}) {
    const command = [process.execPath, ...node, BIN, ...args];
    const [file = '', ...rest] =
      obeyPermissions && process.getuid?.() === 0 ? [...WITHOUT_ROOT_POWER, ...command] : command;
    this.process = spawn(file, rest, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.process.stdin?.on('error', () => {}).end(input); // Some runs end before they read it.
    this.process.stdout?.on('data', text => {
      this.stdout += text;
    });
    this.process.stderr?.on('data', text => {
      this.stderr += text;
    });
    this.finished = new Promise(resolve =>
      this.process.on('close', (code, signal) =>
        resolve({ code: code ?? codeOf(signal), signal, stdout: this.stdout, stderr: this.stderr }),
      ),
    );
  }

  get pid(): number {
    return this.process.pid!;
  }
}

export async function runCli(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return new CliRun(args, options).finished;
}

/** The exit code that a shell shows for a program that Ctrl+C, or a scheduler, ended. */
function codeOf(signal: NodeJS.Signals | null): number | null {
  return signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : null;
}
