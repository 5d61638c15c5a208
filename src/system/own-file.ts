import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { copyFile, type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BodyscriptError, systemErrorCode } from '../errors.js';
import { renameOver } from './rename-over.js';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = constants;
/** Windows has neither: there links require special rights. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;
/** Error codes for a link that is not followed, on Linux and macOS, and on FreeBSD. */
const LINK_CODES: readonly (string | undefined)[] = ['ELOOP', 'EMLINK'];

/** The entry with a name, without following a link; undefined if none exists. */
export async function lookAt(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function foreign(path: string, what: string): BodyscriptError {
  return new BodyscriptError('OUTPUT_TAKEN', `${path}: ${what}, so it is not written`, {
    remedy: 'Remove it, or choose another name.',
  });
}

/** An unfinished file is ours only if it has no other name. @throws BodyscriptError `OUTPUT_TAKEN` */
function checkOwn(path: string, stats: BigIntStats): void {
  if (stats.isSymbolicLink()) throw foreign(path, 'is a link');
  if (!stats.isFile()) throw foreign(path, 'is not a file');
  if (stats.nlink > 1n) throw foreign(path, 'has another name (hard link)');
}

/**
 * An earlier run's leftover under the name of an unfinished file; undefined if none exists.
 * @throws BodyscriptError `OUTPUT_TAKEN` if it is not ours
 */
export async function checkLeftover(path: string): Promise<BigIntStats | undefined> {
  const stats = await lookAt(path);
  if (stats) checkOwn(path, stats);
  return stats;
}

/**
 * A new, empty file that replaces an earlier run's leftover. Links are never followed, and other people's files never
 * opened.
 * @throws BodyscriptError `OUTPUT_TAKEN` if a link, another file's second name or no file has the name
 */
export async function createOwn(path: string, mode = 0o666): Promise<FileHandle> {
  if (await checkLeftover(path)) await rm(path, { force: true });
  return open(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, mode);
}

/**
 * The file that an earlier run left, for reading and appending, or for writing anywhere in it.
 * @throws BodyscriptError `OUTPUT_TAKEN` if it is a link, not a file, or has another name as well
 */
export async function reopenOwn(path: string, writing: 'append' | 'anywhere' = 'append'): Promise<FileHandle> {
  const flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | (writing === 'append' ? O_APPEND : 0);
  const handle = await open(path, flags).catch(error => {
    throw LINK_CODES.includes(systemErrorCode(error)) ? foreign(path, 'is a link') : error;
  });
  try {
    checkOwn(path, await handle.stat({ bigint: true }));
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Replaces an earlier run's leftover by a copy, which a process that still has it open does not change. */
export async function copyLeftover(path: string): Promise<void> {
  if (!(await checkLeftover(path))) return;
  const temporary = temporaryBeside(path);
  try {
    await copyFile(path, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await renameOver(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A temporary name, beside a file so that a rename can replace it; hidden, since users need not see it. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.bodyscript-${randomBytes(8).toString('hex')}.partial`);
}

/** The first bytes of a file as text, to identify its author; empty for a link and for anything but a file. */
export async function readStart(path: string, bytes: number): Promise<string> {
  return readPart(path, bytes, () => 0);
}

/** The last bytes, in the same way. */
export async function readEnd(path: string, bytes: number): Promise<string> {
  return readPart(path, bytes, size => Math.max(0, size - bytes));
}

async function readPart(path: string, bytes: number, from: (size: number) => number): Promise<string> {
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (!handle) return '';
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return '';
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, from(stats.size));
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
