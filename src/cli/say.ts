import { setImmediate as nextTurn } from 'node:timers/promises';
import { BodyscriptError } from '../errors.js';
import { isReaderGone } from '../system/standard-output.js';
import { outputError } from '../system/whole-file.js';
import { spelledJson } from '../text/json.js';
import { type Message, shown } from './styled.js';

/** Writes lines for people on stdout, each made safe: nothing in them acts on the terminal. */
export function say(message: Message, color = false): void {
  process.stdout.write(`${shown(message, color)}\n`);
}

/** Writes JSON for programs on stdout. */
export function sayJson(value: unknown, indent?: number): void {
  process.stdout.write(`${spelledJson(value, indent)}\n`);
}

/** Watches for failures of stdout while a command writes its results there. */
export class StdoutWatch {
  #failure: Error | undefined;

  constructor() {
    process.stdout.on('error', error => {
      this.#failure ??= error;
    });
  }

  /**
   * Settles when everything is written. A reader that closes the pipe (`| head`) is not a failure. @throws
   * BodyscriptError `OUTPUT_DISK_FULL`, `OUTPUT_NOT_WRITABLE`
   */
  async written(): Promise<void> {
    // The stream reports an error after the write that failed, and is then destroyed: no later write settles.
    if (!process.stdout.destroyed) await new Promise<void>(done => process.stdout.write('', () => done()));
    await nextTurn();
    if (!this.#failure || isReaderGone(this.#failure)) return;
    const { code, message } = outputError('stdout', this.#failure);
    const remedy = 'The output is incomplete: check where stdout goes, then run the same command again.';
    throw new BodyscriptError(code, message, { cause: this.#failure, remedy });
  }
}
