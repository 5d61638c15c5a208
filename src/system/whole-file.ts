import { constants } from 'node:fs';
import { access, type FileHandle, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  BodyscriptError,
  fromSystemError,
  isForbiddenByNode,
  shortMessage,
  systemErrorCode,
  systemMeaning,
} from '../errors.js';
import { makeFolder } from './make-folder.js';
import { OpenStack } from './open-stack.js';
import { createOwn, reopenOwn, temporaryBeside } from './own-file.js';
import { isHeldOpen, renameOver } from './rename-over.js';
import { refuseSystemFolder } from './system-folder.js';

/** Stands for standard output instead of a file's path. */
export const STDOUT = '-';

/** The name of an unfinished file. */
export function partialPath(path: string): string {
  return `${path}.partial`;
}

/** Turns a failed write into an error that names the file and the remedy. */
export function outputError(path: string, cause: unknown): BodyscriptError {
  if (cause instanceof BodyscriptError) return cause;
  const code = systemErrorCode(cause);
  // Failures for which another folder is no remedy.
  const machine = code === 'EMFILE' || code === 'ENFILE' ? fromSystemError(cause) : undefined;
  if (machine) return machine;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BodyscriptError('OUTPUT_DISK_FULL', `${path}: the disk is full`, {
      cause,
      remedy: 'Free some space or choose another disk, then run the same command again.',
    });
  }
  if (isHeldOpen(cause)) {
    return new BodyscriptError('OUTPUT_NOT_WRITABLE', `${path}: another program has it open (${code})`, {
      cause,
      remedy: 'Close it there, such as a spreadsheet or a player, then run again.',
    });
  }
  if (code === 'ENOTDIR') {
    return new BodyscriptError('OUTPUT_NOT_WRITABLE', `${path}: is a file, but a folder is needed`, {
      cause,
      remedy: 'Choose a folder, or a new name.',
    });
  }
  return new BodyscriptError(
    'OUTPUT_NOT_WRITABLE',
    `${path}: cannot be written (${systemMeaning(cause) ?? code ?? shortMessage(cause)})`,
    {
      cause,
      remedy: 'Choose a folder that you may write to.',
    },
  );
}

/**
 * Makes the folder and checks that files can be created in it. @throws BodyscriptError `OUTPUT_NOT_WRITABLE`,
 * `OUTPUT_DISK_FULL`
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  await refuseSystemFolder(folder);
  try {
    await makeFolder(folder);
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw outputError(folder, cause);
  }
}

/**
 * Gives a finished `*.partial` file its final name, after its bytes are on disk. A link with that name is replaced, not
 * followed.
 * replaced, not followed.
 * @param name the final name, if different
 * @param inode of the written file; another file under its name is not published
 */
export async function publish(path: string, name = path, inode?: bigint): Promise<void> {
  try {
    const handle = await reopenOwn(partialPath(path));
    try {
      if (inode !== undefined && (await handle.stat({ bigint: true })).ino !== inode) throw replaced(path);
      await handle.sync().catch(passForbidden);
    } finally {
      await handle.close();
    }
    await renameOver(partialPath(path), name);
  } catch (cause) {
    throw outputError(name, cause);
  }
}

/** Node 26's permission model forbids fsync, whatever else it allows: the system then writes when it chooses. */
function passForbidden(error: unknown): void {
  if (!isForbiddenByNode(error)) throw error;
}

function replaced(path: string): BodyscriptError {
  return new BodyscriptError('OUTPUT_TAKEN', `${partialPath(path)}: another program replaced the file`, {
    remedy: 'Check which program writes there, then run the same command again.',
  });
}

/** Writes a small file so that it is complete or absent. An existing file is replaced; a link is not followed. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await makeFolder(dirname(path));
    const handle = await createOwn(temporary);
    await handle.writeFile(content).finally(() => handle.close());
    await renameOver(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // The folder is not a folder, or the disk is gone.
    throw cause;
  }
}

/**
 * Writes a small file, or one in pieces, under its `*.partial` name, replacing an earlier run's leftover.
 * @throws BodyscriptError that names the file
 */
export async function writePartial(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  try {
    const handle = await createOwn(partialPath(path));
    await writeFile(handle, content).finally(() => handle.close());
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** An output that grows until it is complete. */
export interface GrowingOutput {
  readonly path: string;
  /** Whether written bytes are gone at once, as on stdout: there is no file to return to. */
  readonly isStream: boolean;
  /** Bytes passed to the operating system. */
  readonly bytes: number;
  /** Passes the content to the operating system: it survives the death of this process. */
  append(content: string | Uint8Array): Promise<void>;
  /** Ends the output. Safe to call twice. */
  close(): Promise<void>;
  /** Completes a closed output: gives it its final name, if it has one. */
  publish(): Promise<void>;
  /** Removes what was written, if possible. */
  remove(): Promise<void>;
}

/** A file that grows under its `*.partial` name; `publish` gives it its final one. */
export class GrowingFile implements GrowingOutput {
  readonly path: string;
  readonly isStream = false;
  readonly #handle: FileHandle;
  readonly #inode: bigint;
  #bytes: number;
  #open = true;

  private constructor(path: string, handle: FileHandle, inode: bigint, bytes: number) {
    this.path = path;
    this.#handle = handle;
    this.#inode = inode;
    this.#bytes = bytes;
  }

  /** @param from length at which an existing file is cut off and continued; undefined: a new one */
  static async create(path: string, from?: number): Promise<GrowingFile> {
    try {
      await makeFolder(dirname(path));
      await using opened = new OpenStack();
      const handle = opened.add(
        await (from === undefined ? createOwn(partialPath(path)) : reopenOwn(partialPath(path))),
      );
      if (from !== undefined) await handle.truncate(from);
      const { ino } = await handle.stat({ bigint: true });
      opened.keep();
      return new GrowingFile(path, handle, ino, from ?? 0);
    } catch (cause) {
      throw outputError(path, cause);
    }
  }

  /** Bytes passed to the operating system. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Passes the content to the operating system: it survives the death of this process. */
  async append(content: string | Uint8Array): Promise<void> {
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      await this.#handle.appendFile(bytes);
      this.#bytes += bytes.length;
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
    await publish(this.path, this.path, this.#inode);
  }

  /** Removes what was written. */
  async remove(): Promise<void> {
    await this.close();
    await rm(partialPath(this.path), { force: true });
  }
}
