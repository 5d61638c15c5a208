import { execFile } from 'node:child_process';
import type { Writable } from 'node:stream';
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

/** What brings a program its input. @param ended settles when the program ends */
export type ProgramInput = (stdin: Writable, ended: Promise<unknown>) => Promise<void>;

/** Runs a program to its end. Never rejects. @param feed undefined: it has no input @param encoding of what it prints; `latin1`: a character for each byte */
export async function runProgram(
  file: string,
  args: readonly string[],
  timeoutMs: number,
  feed?: ProgramInput,
  encoding: BufferEncoding = 'utf8',
): Promise<ProgramOutput> {
  return new Promise(resolve => {
    const options = {
      encoding,
      timeout: timeoutMs,
      maxBuffer: MAX_OUTPUT_BYTES,
      windowsHide: true,
      env: childEnvironment(),
    };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const startError = child.pid === undefined ? (error as NodeJS.ErrnoException) : undefined;
      resolve({ stdout, stderr, exitCode: child.exitCode ?? undefined, startError });
    });
    if (!feed || !child.stdin) return void child.stdin?.end();
    child.stdin.on('error', () => {}); // It has seen enough.
    void feed(child.stdin, new Promise(ended => child.once('exit', ended)));
  });
}
