import { constants } from 'node:os';

/**
 * Erases the cursor's row and all below. In two steps: if a screen is erased from its first cell, tmux saves a copy in
 * its history.
 */
const ERASE_BELOW = '\r\u001b[C\u001b[J\r\u001b[K';
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
const USUAL_ROWS = 24;

/** The screen for the lines: `process.stderr` at a terminal. */
export interface Screen {
  readonly rows?: number;
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/**
 * Lines at the bottom of a terminal that change in place, below those that stay.
 *
 * The cursor rests on the first cell of the first line. Whatever happens to the terminal's width, and whether it wraps
 * its old lines again or not, that cell stays the first one: erasing from the cursor down leaves nothing behind. While
 * lines are drawn the terminal does not wrap: one that is too long is cut, and no count of rows can be wrong.
 */
export class LiveLines {
  readonly #screen: Screen;
  #lines: readonly string[] = [];
  #isDrawn = false;
  #isOpen = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Longest line in columns. */
  get columns(): number {
    // The last column stays free: terminals differ in the cursor's position after it.
    return Math.max(1, (this.#screen.columns || 80) - 1);
  }

  /** Replaces the lines shown. @param lines safe to show, may contain our colours */
  show(lines: readonly string[]): void {
    this.#lines = lines;
    if (!this.#isOpen) this.#open();
    this.#draw();
  }

  /** Has something written above that stays. @param write it ends with a line break */
  print(write: () => void): void {
    if (this.#isDrawn) this.#screen.write(ERASE_BELOW);
    this.#isDrawn = false;
    write();
    if (this.#isOpen) this.#draw();
  }

  /** Takes the lines away. */
  readonly close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#lines = [];
    if (this.#isDrawn) this.#screen.write(ERASE_BELOW);
    this.#isDrawn = false;
    this.#screen.off('resize', this.#onResize);
    process.off('exit', this.close);
    process.off('SIGTSTP', this.#onStop);
    process.off('SIGCONT', this.#onContinue);
  };

  #open(): void {
    this.#isOpen = true;
    this.#screen.on('resize', this.#onResize);
    process.on('exit', this.close);
    // Windows has no such signals.
    if (constants.signals.SIGTSTP === undefined) return;
    process.on('SIGTSTP', this.#onStop);
    process.on('SIGCONT', this.#onContinue);
  }

  #draw(): void {
    const most = Math.max(1, (this.#screen.rows || USUAL_ROWS) - 1);
    const lines = this.#lines.slice(0, most);
    const back = lines.length > 1 ? `\u001b[${lines.length - 1}A` : '';
    this.#screen.write(`${ERASE_BELOW}${NO_WRAP}${lines.join('\r\n')}${back}\r${WRAP}`);
    this.#isDrawn = true;
  }

  readonly #onResize = (): void => this.#draw();

  /** Ctrl+Z: the shell gets a clean screen. */
  readonly #onStop = (): void => {
    if (this.#isDrawn) this.#screen.write(ERASE_BELOW);
    this.#isDrawn = false;
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #onContinue = (): void => this.#draw();
}

/** Those of this process: whoever writes to the terminal while they are shown goes through `print`. */
export const liveLines = new LiveLines(process.stderr);
