import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolderSync } from './make-folder.js';
import { outputError, STDOUT } from './whole-file.js';

/**
 * Bytes on disk that are too many for memory, for the time of one command. The file is nobody else's, and has no name
 * as soon as it is open where the system allows that: nothing is left of it however the process ends.
 */
export class SpoolFile implements Disposable {
  readonly #output: string;
  #file: number | undefined;
  /** Where it has one. */
  #name: string | undefined;
  #end = 0;

  /**
   * Made when something is written.
   * @param output beside which file it is kept: the disk that has room for the result; `-` for the system's folder
   */
  constructor(output: string) {
    this.#output = output;
  }

  /** @returns where the bytes are @throws BodyscriptError */
  append(bytes: Uint8Array): number {
    const at = this.#end;
    this.write(bytes, at);
    this.#end += bytes.length;
    return at;
  }

  /** @throws BodyscriptError */
  write(bytes: Uint8Array, at: number): void {
    this.#guard(() => {
      const file = this.#open();
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
    });
  }

  /** Fills the bytes with what was written there. @throws BodyscriptError */
  read(into: Uint8Array, at: number): void {
    this.#guard(() => {
      const file = this.#open();
      for (let done = 0; done < into.length; ) {
        const count = readSync(file, into, done, into.length - done, at + done);
        if (count === 0) throw new Error('its temporary file was truncated');
        done += count;
      }
    });
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#removeName();
  }

  #open(): number {
    if (this.#file !== undefined) return this.#file;
    const folder = this.#output === STDOUT ? tmpdir() : dirname(this.#output);
    makeFolderSync(folder);
    const name = join(folder, `.bodyscript-${randomUUID()}.tmp`);
    this.#file = openSync(name, 'wx+', 0o600);
    this.#name = name;
    if (process.platform !== 'win32') this.#removeName();
    return this.#file;
  }

  #removeName(): void {
    if (this.#name !== undefined) rmSync(this.#name, { force: true });
    this.#name = undefined;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw outputError(this.#output, cause);
    }
  }
}
