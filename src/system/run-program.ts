import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from './child-environment.js';
import { type Leash, leashed, startErrorOf } from './leash.js';

/** What a short program printed, and how it ended. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined where the program did not start, or ended by a signal. */
  readonly exitCode: number | undefined;
  /** What ended it, where it did not end by itself. */
  readonly signal: NodeJS.Signals | undefined;
  /** Whether it was ended because it took too long. */
  readonly timedOut: boolean;
  /** Why the program did not start. */
  readonly startError: NodeJS.ErrnoException | undefined;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What brings a program its input. @param ended settles when the program ends */
export type ProgramInput = (stdin: Writable, ended: Promise<unknown>) => Promise<void>;

/** Runs a program to its end. Never rejects. @param feed undefined: it has no input @param encoding of what it prints; `latin1`: a character for each byte @param environment beside our own */
export async function runProgram(
  file: string,
  args: readonly string[],
  timeoutMs: number,
  feed?: ProgramInput,
  encoding: BufferEncoding = 'utf8',
  leash: Leash = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<ProgramOutput> {
  const started = leashed(file, args, leash);
  const child = spawn(started.file, started.args, {
    stdio: ['pipe', 'pipe', 'pipe', leash.inherit ?? 'ignore'],
    windowsHide: true,
    env: { ...childEnvironment(), ...environment },
  });
  const [stdin, stdout, stderr] = [child.stdin as Writable, child.stdout as Readable, child.stderr as Readable];
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  let [printed, isTooMuch] = [0, false];
  const collect = (stream: Readable): Buffer[] => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {}); // How it ended tells the rest.
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.length;
      isTooMuch ||= printed > MAX_OUTPUT_BYTES;
      if (isTooMuch) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    return chunks;
  };
  const said = { stdout: collect(stdout), stderr: collect(stderr) };
  stdin.on('error', () => {}); // It has seen enough.
  if (feed) void feed(stdin, new Promise(ended => child.once('exit', ended)));
  else stdin.end();
  return new Promise(resolve => {
    const end = (code: number | null, signal: NodeJS.Signals | null, startError: NodeJS.ErrnoException | undefined) => {
      clearTimeout(timer);
      resolve({
        stdout: Buffer.concat(said.stdout).toString(encoding),
        stderr: Buffer.concat(said.stderr).toString(encoding),
        exitCode: startError ? undefined : (code ?? undefined),
        signal: signal ?? undefined,
        timedOut,
        startError,
      });
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) end(null, null, error);
    });
    child.once('close', (code, signal) => end(code, signal, startErrorOf(file, leash, code)));
  });
}
