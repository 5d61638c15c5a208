import type { GenericFormatter, MultiBar, Options } from 'cli-progress';
import { type LiveLines, liveLines } from './live-lines.js';

const FRAMES_PER_SECOND = 5;

/**
 * The terminal for cli-progress. Its own one counts rows, and leaves old rows behind if a window gets narrower or a
 * line wraps. Here each row is one live line.
 */
class LiveTerminal {
  readonly #lines: LiveLines;
  #rows: string[] = [];
  #row = 0;
  #isChanged = false;

  constructor(lines: LiveLines) {
    this.#lines = lines;
  }

  cursorSave(): void {}
  cursorRestore(): void {}
  cursor(): void {}
  cursorTo(): void {}
  cursorRelative(): void {}
  lineWrapping(): void {}
  clearRight(): void {}
  clearLine(): void {}

  cursorRelativeReset(): void {
    this.#row = 0;
  }

  newline(): void {
    this.#row++;
  }

  write(text: string): void {
    this.#rows[this.#row] = text;
    this.#isChanged = true;
  }

  /** Removes this row and those below it. */
  clearBottom(): void {
    this.#rows.length = Math.min(this.#rows.length, this.#row);
    this.#isChanged = true;
    this.draw();
  }

  isTTY(): boolean {
    return true;
  }

  getWidth(): number {
    return this.#lines.columns;
  }

  /** Redraws all rows if one has changed: the others would be wrong after a change of the window's size. */
  draw(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    if (this.#rows.length === 0) this.#lines.close();
    else this.#lines.show(Array.from(this.#rows, row => row ?? ''));
  }
}

/**
 * Bars below each other at a terminal, one row each.
 * @param format makes a row that fits into `maxWidth` columns of its bar's payload
 */
export async function openBars(format: GenericFormatter): Promise<MultiBar> {
  // Loaded only for a terminal: 5 MB.
  const { MultiBar: Bars } = await import('cli-progress');
  const terminal = new LiveTerminal(liveLines);
  const options: Options & { terminal: LiveTerminal } = {
    format,
    terminal,
    fps: FRAMES_PER_SECOND,
    hideCursor: false,
    linewrap: null,
    clearOnComplete: true,
    stopOnComplete: false,
    // `cli/signals.ts` handles interruptions.
    gracefulExit: false,
    emptyOnZero: true,
  };
  const bars = new Bars(options);
  bars.on('redraw-post', () => terminal.draw());
  return bars;
}
