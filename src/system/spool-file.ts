import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { outputError, STDOUT } from './whole-file.js';

/**
 * Bytes on disk that are too many for memory, for the time of one command. The file is nobody else's, and has no name as soon as it is open where the system allows that:
 * nothing is left of it however the process ends.
 */
export class SpoolFile implements Disposable {
  readonly #path: string;
  readonly #file: number;
  #hasName = true;
  #end = 0;

  /** @param output beside which file it is kept: the disk that has room for the result; `-` for the system's folder @throws BodyscriptError */
  constructor(output: string) {
    const folder = output === STDOUT ? tmpdir() : dirname(output);
    this.#path = join(folder, `.bodyscript-${randomUUID()}.tmp`);
    try {
      mkdirSync(folder, { recursive: true });
      this.#file = openSync(this.#path, 'wx+', 0o600);
    } catch (cause) {
      throw outputError(this.#path, cause);
    }
    if (process.platform !== 'win32') this.#removeName();
  }

  /** @returns where the bytes are */
  append(bytes: Uint8Array): number {
    const at = this.#end;
    this.write(bytes, at);
    this.#end += bytes.length;
    return at;
  }

  write(bytes: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
      }
    } catch (cause) {
      throw outputError(this.#path, cause);
    }
  }

  /** Fills the bytes with what was written there. */
  read(into: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < into.length; ) {
        const count = readSync(this.#file, into, done, into.length - done, at + done);
        if (count === 0) throw new Error('it was cut off');
        done += count;
      }
    } catch (cause) {
      throw outputError(this.#path, cause);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
    this.#removeName();
  }

  #removeName(): void {
    if (!this.#hasName) return;
    this.#hasName = false;
    rmSync(this.#path, { force: true });
  }
}
