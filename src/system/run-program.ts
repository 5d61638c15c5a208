import { execFile } from 'node:child_process';
import { childEnvironment } from './child-environment.js';

/** What a short program printed, and how it ended. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined where the program did not start, or ended by a signal. */
  readonly exitCode: number | undefined;
  /** Why the program did not start. */
  readonly startError: NodeJS.ErrnoException | undefined;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end, without input. Never rejects. */
export async function runProgram(file: string, args: readonly string[], timeoutMs: number): Promise<ProgramOutput> {
  return new Promise(resolve => {
    const options = { timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true, env: childEnvironment() };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const startError = child.pid === undefined ? (error as NodeJS.ErrnoException) : undefined;
      resolve({ stdout, stderr, exitCode: child.exitCode ?? undefined, startError });
    });
    child.stdin?.end();
  });
}
