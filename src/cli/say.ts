import { setImmediate as nextTurn } from 'node:timers/promises';
import { BodyscriptError } from '../errors.js';
import { isReaderGone } from '../system/standard-output.js';
import { outputError } from '../system/whole-file.js';
import { spelledJson } from '../text/json.js';
import { forTerminal, type Lines } from '../text/terminal.js';

/** Tells people something on stdout: each line by itself, nothing in it acts on the terminal. */
export function say(lines: Lines): void {
  process.stdout.write(`${forTerminal(lines)}\n`);
}

/** Tells programs something on stdout. */
export function sayJson(value: unknown, indent?: number): void {
  process.stdout.write(`${spelledJson(value, indent)}\n`);
}

/** Hears what goes wrong with stdout while a command says its results there. */
export class StdoutWatch {
  #failure: Error | undefined;

  constructor() {
    process.stdout.on('error', error => {
      this.#failure ??= error;
    });
  }

  /**
   * Settles when all that was said is written. A reader that went away (`| head`) has seen enough, and is no failure.
   * @throws BodyscriptError `OUTPUT_DISK_FULL`, `OUTPUT_NOT_WRITABLE`
   */
  async written(): Promise<void> {
    // An error is told after the write that met it; one that was met has destroyed the stream, so that nothing more can
    // be waited for.
    if (!process.stdout.destroyed) await new Promise<void>(done => process.stdout.write('', () => done()));
    await nextTurn();
    if (!this.#failure || isReaderGone(this.#failure)) return;
    const { code, message } = outputError('stdout', this.#failure);
    const remedy = 'The output is incomplete: check where stdout goes, then run the same command again.';
    throw new BodyscriptError(code, message, { cause: this.#failure, remedy });
  }
}
