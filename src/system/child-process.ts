import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { childEnvironment } from './child-environment.js';
import { type Leash, leashed, startErrorOf } from './leash.js';
import { killRunningPrograms } from './run-program.js';

/** Time for a stuck child between SIGTERM and SIGKILL. */
const FORCE_KILL_AFTER_MS = 5000;
export interface ChildExit {
  /** 0-255; undefined after a signal or if the program did not start. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** Why the program did not start. */
  readonly startError: NodeJS.ErrnoException | undefined;
}

export interface ChildOptions extends Leash {
  /** The child's role: `decoder`, `encoder`. Its memory is reported under this name. */
  readonly role: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Called for each complete line that the program prints on stderr. */
  readonly onStderrLine: (line: string) => void;
  readonly stdin: 'pipe' | 'ignore';
  /** A socket to use directly as the child's stdout. */
  readonly stdout: 'pipe' | 'ignore' | Socket;
}

/** ffmpeg catches a signal, closes its files, and ends with this code. */
const FFMPEG_SIGNALLED = 255;

/** How a signal ended an ffmpeg, for a sentence about it; undefined where none did. */
export function signalThatEnded({ signal, code }: ChildExit): string | undefined {
  return signal ?? (code === FFMPEG_SIGNALLED ? 'a signal' : undefined);
}

/** Running children, by process id, with their roles. */
const running = new Map<number, string>();

/** The running children of this process. */
export function runningChildren(): ReadonlyMap<number, string> {
  return running;
}

/** Counts a process that was started by other means, or by a child: its memory is ours, and it ends with us. */
export function noteChild(pid: number, role: string): void {
  running.set(pid, role);
}

export function forgetChild(pid: number): void {
  running.delete(pid);
}

/** Kills every child at once, without waiting. For use right before exit. */
export function killRunningChildren(): void {
  killRunningPrograms();
  for (const pid of running.keys()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has already ended by itself.
    }
  }
}

/**
 * A child program with raw pipes, which ends on every path: use it with `await using` or call `stop()`. It is detached,
 * so that Ctrl-C in the terminal reaches only this process; if this process is killed, the child's pipes break and it
 * ends by itself.
 */
export class ChildProgram implements AsyncDisposable {
  /** Settles when the program has ended and its pipes are closed; never rejects. */
  readonly exited: Promise<ChildExit>;
  readonly #process: ChildProcess;

  constructor({ role, file, args, onStderrLine, stdin, stdout, ...leash }: ChildOptions) {
    const started = leashed(file, args, leash);
    this.#process = spawn(started.file, started.args, {
      stdio: [stdin, stdout, 'pipe', leash.inherit ?? 'ignore'],
      env: childEnvironment(),
      detached: true,
      windowsHide: true,
    });
    // `exited` reports how it ended; a broken pipe before that adds no information.
    for (const stream of [this.#process.stdin, this.#process.stdout]) stream?.on('error', () => {});
    this.exited = this.#watch(role, onStderrLine, code => startErrorOf(file, leash, code));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get stdin(): Writable {
    if (!this.#process.stdin) throw new TypeError('the child was started without a pipe to its stdin');
    return this.#process.stdin;
  }

  get stdout(): Readable {
    if (!this.#process.stdout) throw new TypeError('the child was started without a pipe from its stdout');
    return this.#process.stdout;
  }

  /** Stops the program: the signal, then SIGKILL. Returns when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ChildExit> {
    this.#process.stdin?.destroy();
    this.#process.stdout?.destroy();
    this.#process.kill(signal);
    const force = setTimeout(() => this.#process.kill('SIGKILL'), FORCE_KILL_AFTER_MS);
    try {
      return await this.exited;
    } finally {
      clearTimeout(force);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #watch(
    role: string,
    onStderrLine: (line: string) => void,
    startErrorBy: (code: number | null) => NodeJS.ErrnoException | undefined,
  ): Promise<ChildExit> {
    const child = this.#process;
    if (child.pid === undefined) {
      const [startError] = (await once(child, 'error')) as [NodeJS.ErrnoException];
      return { code: undefined, signal: undefined, startError };
    }
    running.set(child.pid, role);
    // A failed kill() is reported as an error event; the exit says the rest.
    child.on('error', () => {});
    const ended = new Promise<ChildExit>(resolve =>
      child.once('exit', (code, signal) =>
        resolve({ code: code ?? undefined, signal: signal ?? undefined, startError: startErrorBy(code) }),
      ),
    );
    const read = readLines(child.stderr as Readable, onStderrLine);
    const exit = await ended;
    running.delete(child.pid);
    await read;
    return exit;
  }
}

/** Longest line kept in full; a program that never ends its line must not fill the memory. */
const MAX_LINE_LENGTH = 16_384;

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
    for (const line of lines) if (line !== '') onLine(line);
  });
  await finished(stream).catch(() => {}); // A broken pipe was read as far as possible.
  if (rest !== '') onLine(rest);
}
