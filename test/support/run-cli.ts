import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  /** Node's own options, before the program. */
  readonly node?: readonly string[];
}

/** A run of the built command line in a process of its own. */
export class CliRun {
  readonly process: ChildProcess;
  readonly finished: Promise<CliResult>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { env = {}, cwd, uid, node = [] }: CliOptions = {}) {
    this.process = spawn(process.execPath, [...node, BIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.process.stdout?.on('data', text => {
      this.stdout += text;
    });
    this.process.stderr?.on('data', text => {
      this.stderr += text;
    });
    this.finished = new Promise(resolve =>
      this.process.on('close', (code, signal) => resolve({ code, signal, stdout: this.stdout, stderr: this.stderr })),
    );
  }

  get pid(): number {
    return this.process.pid as number;
  }
}

export async function runCli(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return new CliRun(args, options).finished;
}
