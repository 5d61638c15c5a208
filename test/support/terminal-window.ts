import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const END = 'ENDED-WITH-';
const WAIT_MS = 60_000;

/** Whether there is a tmux to draw in. */
export const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0;

let windows = 0;

/** A real terminal, in a tmux of its own. */
export class TerminalWindow implements Disposable {
  readonly #socket = `bodyscript-${process.pid}-${windows++}`;

  constructor(columns: number, rows: number, cwd: string, environment: Readonly<Record<string, string>> = {}) {
    const set = Object.entries({ PS1: '$ ', LC_ALL: 'C.UTF-8', ...environment }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      ...size,
      '-c',
      cwd,
      'env',
      ...set,
      'bash',
      '--norc',
      '--noprofile',
    );
    this.#tmux('set-option', '-g', 'history-limit', '5000');
  }

  #tmux(...args: readonly string[]): string {
    const environment = { ...process.env, LC_ALL: 'C.UTF-8' };
    return execFileSync('tmux', ['-u', '-L', this.#socket, ...args], { encoding: 'utf8', env: environment });
  }

  /**
   * Runs a command of the built program on an empty screen, so that what it writes begins in the first cell, and
   * another that says when it has ended.
   */
  start(...args: readonly string[]): void {
    this.startBelow(0, ...args);
  }

  /** The same below empty rows: as in a terminal that is in use. */
  startBelow(rows: number, ...args: readonly string[]): void {
    const quoted = args.map(arg => `'${arg.replaceAll("'", String.raw`'\''`)}'`).join(' ');
    const empty = String.raw`printf '\033[2J\033[3J\033[H${String.raw`\n`.repeat(rows)}'`;
    // The word is put together by the shell: the typed line does not contain it.
    const line = `${empty}; '${process.execPath}' '${BIN}' ${quoted}; printf '%s%s\\n' ENDED- WITH-$?`;
    this.#tmux('send-keys', '-l', line);
    this.keys('Enter');
  }

  keys(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What is on the screen now, by row. */
  get screen(): string[] {
    return this.#tmux('capture-pane', '-p').split('\n');
  }

  /** All lines since the start, scrolled away or not; those that the terminal wrapped are whole. */
  get lines(): string[] {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-', '-E', '-')
      .split('\n')
      .map(line => line.trimEnd())
      .filter(line => line !== '');
  }

  /** The same with colours as escape sequences. */
  get coloured(): string {
    return this.#tmux('capture-pane', '-p', '-e', '-J', '-S', '-', '-E', '-');
  }

  /** Settles when the screen shows something. @returns the rows */
  async shows(pattern: RegExp): Promise<string[]> {
    for (const end = performance.now() + WAIT_MS; performance.now() < end; await sleep(50)) {
      const rows = this.screen;
      if (rows.some(row => pattern.test(row))) return rows;
    }
    throw new Error(`${pattern} was not shown:\n${this.screen.join('\n')}`);
  }

  /** Settles when the command has ended. @returns its exit code, and the lines that it left, from its own line on */
  async ended(): Promise<{ code: number; lines: string[] }> {
    for (const end = performance.now() + WAIT_MS; performance.now() < end; await sleep(100)) {
      const all = this.lines;
      const last = all.findIndex(line => line.startsWith(END));
      if (last < 0) continue;
      return { code: Number(all[last]!.slice(END.length)), lines: all.slice(0, last) };
    }
    throw new Error(`the command did not end:\n${this.lines.join('\n')}`);
  }

  [Symbol.dispose](): void {
    this.#tmux('kill-server');
  }
}
