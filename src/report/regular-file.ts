import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { systemErrorCode, systemMeaning } from '../errors.js';

/** The reason why a file of a results folder is not used, for a warning; the other files are still used. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
  /** Whether the file does not exist. */
  readonly isMissing: boolean;

  constructor(message: string, isMissing = false) {
    super(message);
    this.isMissing = isMissing;
  }
}

function unusable(error: unknown): Unusable {
  if (error instanceof Unusable) return error;
  const code = systemErrorCode(error);
  return new Unusable(`cannot be read (${systemMeaning(error) ?? code ?? String(error)})`, code === 'ENOENT');
}

/**
 * Checks that a path is a regular file directly in a results folder: not a link, which might lead anywhere, nor a FIFO
 * or a folder.
 * @param root the named folder
 * @returns its length in bytes
 * @throws Unusable
 */
export async function checkRegular(root: string, path: string): Promise<number> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) throw new Unusable('is a symbolic link, which is not followed');
    if (!stats.isFile())
      throw new Unusable(`is ${stats.isDirectory() ? 'a folder' : 'a device or a pipe'}, not a file`);
    const [inside, outer] = await Promise.all([realpath(dirname(path)), realpath(root)]);
    const way = relative(outer, inside);
    if (way === '..' || way.startsWith(`..${sep}`)) throw new Unusable('lies outside the folder');
    return stats.size;
  } catch (error) {
    throw unusable(error);
  }
}

/** Reads such a file, up to a length. @throws Unusable */
export async function readRegular(root: string, path: string, mostBytes: number): Promise<Buffer> {
  const size = await checkRegular(root, path);
  if (size > mostBytes) throw new Unusable(`is longer than ${mostBytes} bytes`);
  try {
    // It may have been replaced meanwhile: links are not followed, and FIFOs not waited for.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const handle = await open(path, flags);
    try {
      if (!(await handle.stat()).isFile()) throw new Unusable('is not a file');
      const bytes = Buffer.alloc(size);
      let length = 0;
      for (let count = -1; count !== 0 && length < size; length += count) {
        count = (await handle.read(bytes, length, size - length, length)).bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unusable(error);
  }
}
