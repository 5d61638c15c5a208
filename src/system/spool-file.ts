import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolderSync } from './make-folder.js';
import { outputError, STDOUT } from './whole-file.js';

/**
 * Bytes on disk that are too many for memory, for the duration of one command. The file is private, and loses its name
 * right after opening if the system allows that: then nothing remains of it however the process ends.
 */
export class SpoolFile implements Disposable {
  readonly #output: string;
  #file: number | undefined;
  /** Undefined if it has no name. */
  #name: string | undefined;
  #end = 0;

  /**
   * Created on the first write.
   * @param output the file goes beside it: that disk has room for the result; `-` for the system's temporary folder
   */
  constructor(output: string) {
    this.#output = output;
  }

  /** @returns the position of the bytes @throws BodyscriptError */
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

  /** Reads bytes written at a position. @throws BodyscriptError */
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
