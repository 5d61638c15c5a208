import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from './child-environment.js';
import { type Leash, leashed, startErrorOf } from './leash.js';

/** The output of a short program, and how it ended. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if the program did not start, or ended by a signal. */
  readonly exitCode: number | undefined;
  /** The signal that ended it, if any. */
  readonly signal: NodeJS.Signals | undefined;
  /** Whether it was killed because it took too long. */
  readonly timedOut: boolean;
  /** Why the program did not start. */
  readonly startError: NodeJS.ErrnoException | undefined;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Supplies a program's input. @param ended settles when the program ends */
export type ProgramInput = (stdin: Writable, ended: Promise<unknown>) => Promise<void>;

/**
 * Time for an ended program's pipes to close, from its last byte on: a program that it started may keep them open
 * indefinitely.
 */
const CLOSING_TIME_MS = 1000;

/** Running programs, to be killed with this process. */
const running = new Set<ChildProcess>();

/** Kills all running programs and their children, without waiting. */
export function killRunningPrograms(): void {
  for (const child of running) killWhole(child);
}

export interface ProgramOptions extends Leash {
  /** Supplies its input; undefined: no input. */
  readonly feed?: ProgramInput | undefined;
  /** Encoding of its output; `latin1`: one character for each byte. */
  readonly encoding?: BufferEncoding;
  /** Variables in addition to our own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Kills it. The caller checks the signal afterwards. */
  readonly abort?: AbortSignal | undefined;
}

/**
 * Runs a program to its end. Never rejects. It is detached, so that Ctrl-C in the terminal reaches only this process,
 * which decides what ends. Programs that it started and left behind are killed when it ends.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  timeoutMs: number,
  { feed, encoding = 'utf8', abort, environment, ...leash }: ProgramOptions = {},
): Promise<ProgramOutput> {
  const started = leashed(file, args, leash);
  const child = spawn(started.file, started.args, {
    stdio: ['pipe', 'pipe', 'pipe', leash.inherit ?? 'ignore'],
    windowsHide: true,
    env: { ...childEnvironment(), ...environment },
    detached: true,
  });
  running.add(child);
  const [stdin, stdout, stderr] = [child.stdin as Writable, child.stdout as Readable, child.stderr as Readable];
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killWhole(child);
  }, timeoutMs);
  const kill = () => killWhole(child);
  abort?.addEventListener('abort', kill, { once: true });
  if (abort?.aborted) kill();
  let closing: NodeJS.Timeout | undefined;
  let [printed, isTooMuch] = [0, false];
  const collect = (stream: Readable): Buffer[] => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {}); // The exit reports the rest.
    stream.on('data', (chunk: Buffer) => {
      closing?.refresh();
      printed += chunk.length;
      isTooMuch ||= printed > MAX_OUTPUT_BYTES;
      if (isTooMuch) kill();
      else chunks.push(chunk);
    });
    return chunks;
  };
  const said = { stdout: collect(stdout), stderr: collect(stderr) };
  stdin.on('error', () => {}); // It has read enough.
  if (feed) void feed(stdin, new Promise(ended => child.once('exit', ended)));
  else stdin.end();
  return new Promise(resolve => {
    const end = (code: number | null, signal: NodeJS.Signals | null, startError: NodeJS.ErrnoException | undefined) => {
      clearTimeout(timer);
      clearTimeout(closing);
      abort?.removeEventListener('abort', kill);
      running.delete(child);
      resolve({
        stdout: Buffer.concat(said.stdout).toString(encoding),
        stderr: Buffer.concat(said.stderr).toString(encoding),
        exitCode: startError ? undefined : (code ?? undefined),
        signal: signal ?? undefined,
        timedOut,
        startError,
      });
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) end(null, null, error);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      closing = setTimeout(() => {
        killWhole(child);
        for (const stream of [stdin, stdout, stderr]) stream.destroy(); // Count it as closed then.
      }, CLOSING_TIME_MS);
    });
    child.once('close', (code, signal) => end(code, signal, startErrorOf(file, leash, code)));
  });
}

/** Kills a program and all its children. */
function killWhole(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL'); // Its own group, since it is detached.
  } catch {
    // All of them have ended meanwhile.
  }
}
