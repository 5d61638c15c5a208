import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BodyscriptError, fromSystemError, shortMessage, systemErrorCode } from '../errors.js';

/** In place of a file's path: the standard output. */
export const STDOUT = '-';

/** What a file is called until it is whole. */
export function partialPath(path: string): string {
  return `${path}.partial`;
}

/** Turns a failed write into an error that names the file and the remedy. */
export function outputError(path: string, cause: unknown): BodyscriptError {
  if (cause instanceof BodyscriptError) return cause;
  const code = systemErrorCode(cause);
  // What another folder would not help.
  const machine = code === 'EMFILE' || code === 'ENFILE' ? fromSystemError(cause) : undefined;
  if (machine) return machine;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BodyscriptError('OUTPUT_DISK_FULL', `${path}: the disk is full`, {
      cause,
      remedy: 'Free some space or choose another folder with --out, then run again.',
    });
  }
  return new BodyscriptError('OUTPUT_NOT_WRITABLE', `${path}: cannot be written (${code ?? shortMessage(cause)})`, {
    cause,
    remedy: 'Choose a folder that you may write to with --out.',
  });
}

/** Makes the folder and proves that files can be made in it. */
export async function prepareOutputFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw outputError(folder, cause);
  }
}

/** Gives a finished `*.partial` file its final name, after its bytes are on the disk. @param name the final name, where it is another */
export async function publish(path: string, name = path): Promise<void> {
  try {
    const handle = await open(partialPath(path), 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(partialPath(path), name);
  } catch (cause) {
    throw outputError(name, cause);
  }
}

/** Writes a small file so that it is there whole or not at all. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${Date.now().toString(36)}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/** Something that bytes are appended to, until it is whole. */
export interface GrowingOutput {
  readonly path: string;
  /** Bytes that were handed to the operating system. */
  readonly bytes: number;
  /** Hands the content to the operating system: it survives the death of this process. */
  append(content: string | Uint8Array): Promise<void>;
  /** No more is to come. Safe to call twice. */
  close(): Promise<void>;
  /** What was closed is whole: gives it its final name, where it has one. */
  publish(): Promise<void>;
}

/** A file that grows under its `*.partial` name; `publish` gives it its final one. */
export class GrowingFile implements GrowingOutput {
  readonly path: string;
  readonly #handle: FileHandle;
  #bytes: number;
  #open = true;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.path = path;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /** @param from length at which a file that is there is cut off and continued; undefined: a new one */
  static async create(path: string, from?: number): Promise<GrowingFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const handle = await open(partialPath(path), from === undefined ? 'w' : 'a');
      if (from !== undefined) await handle.truncate(from);
      return new GrowingFile(path, handle, from ?? 0);
    } catch (cause) {
      throw outputError(path, cause);
    }
  }

  /** Bytes that were handed to the operating system. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Hands the content to the operating system: it survives the death of this process. */
  async append(content: string | Uint8Array): Promise<void> {
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      await this.#handle.appendFile(bytes);
      this.#bytes += bytes.length;
    } catch (cause) {
      throw outputError(this.path, cause);
    }
  }

  /** Cuts the file off at a length that it had before. */
  async cutTo(bytes: number): Promise<void> {
    try {
      await this.#handle.truncate(bytes);
      this.#bytes = bytes;
    } catch (cause) {
      throw outputError(this.path, cause);
    }
  }

  /** Closes the file and leaves it as `*.partial`. Safe to call twice. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#handle.close();
  }

  async publish(): Promise<void> {
    await publish(this.path);
  }
}
