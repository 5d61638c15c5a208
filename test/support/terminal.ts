import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_WAIT_MS = 20_000;
const POLL_MS = 40;

/** Whether programs are installed. */
export function areInstalled(...programs: readonly string[]): boolean {
  return programs.every(program => spawnSync(program, ['-V']).error === undefined);
}

/** A program in a real terminal, of tmux, on a server of its own. */
export class Terminal {
  readonly #socket = `bodyscript-${process.pid}-${Math.random().toString(36).slice(2)}`;

  /** @param command of the shell, with its words */
  constructor(
    command: readonly string[],
    { cwd, env = {}, columns = 80 }: { cwd: string; env?: NodeJS.ProcessEnv; columns?: number },
  ) {
    const size = ['-x', String(columns), '-y', '60'];
    const options = { cwd, env: { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', ...env } };
    execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', 'new-session', '-d', ...size, ...command], options);
  }

  /** Types a text as it is. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text);
  }

  /** Presses keys by tmux's names: `Tab`, `C-c`, `Enter`. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** What the screen shows, without the blanks at the ends. @param coloured with escape sequences of colours */
  screen(coloured = false): string {
    return this.#tmux('capture-pane', '-p', '-J', ...(coloured ? ['-e'] : [])).replaceAll(/[ \n]+$/gm, '');
  }

  /** Abandons the line, and clears the screen. A shell that is still completing may swallow a key: it tries again. */
  async clear(prompt: RegExp): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      if (tries > 0) this.press('C-c'); // Bash keeps one that comes while it completes, for the next line.
      await sleep(100);
      this.press('C-u', 'C-l');
      try {
        await this.shows(prompt, 1000);
        return;
      } catch (error) {
        if (tries === 10) throw error;
      }
    }
  }

  /** Waits until the screen matches. @throws Error with the screen where it does not in time */
  async shows(expected: RegExp, longestMs = LONGEST_WAIT_MS): Promise<string> {
    const end = performance.now() + longestMs;
    for (;;) {
      const screen = this.screen();
      if (expected.test(screen)) return screen;
      if (performance.now() > end) throw new Error(`The screen does not match ${expected}:\n${screen}`);
      await sleep(POLL_MS);
    }
  }

  [Symbol.dispose](): void {
    spawnSync('tmux', ['-L', this.#socket, 'kill-server']);
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8' });
  }
}
