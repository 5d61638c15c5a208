import { closeSync, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { BodyscriptError } from '../../errors.js';
import { outputError } from '../../system/whole-file.js';
import { OWN_FOLDER } from '../own-folder.js';

/** Files that SQLite may find beside its own, and then trusts. */
const SIDE_FILES = ['-wal', '-shm', '-journal'];
/** The end of a journal that belongs to a transaction over several files: SQLite removes the file that it names. */
const SUPER_JOURNAL_END = Buffer.from('d9d505f920a163d7', 'hex');

/** A ledger that is damaged, or not from this program. */
export function invalidLedger(path: string, what: string, cause?: unknown): BodyscriptError {
  return new BodyscriptError('LEDGER_INVALID', `${path}: ${what}`, {
    cause,
    remedy: 'Move it away: finished videos are recognised by their run records, and the rest is analysed again.',
  });
}

/**
 * Checks the location of a ledger, existing or not: links would lead out of the results folder.
 * @returns its size in bytes; 0 if it does not exist yet
 * @throws BodyscriptError `LEDGER_INVALID`
 */
export function checkPlace(path: string): number {
  const folder = dirname(path);
  if (basename(folder) === OWN_FOLDER) checkOwnFolder(folder);
  for (const suffix of SIDE_FILES) checkFile(`${path}${suffix}`);
  checkJournal(`${path}-journal`);
  return checkFile(path)?.size ?? 0;
}

/** @param folder bodyscript's own, with its subfolders */
function checkOwnFolder(folder: string): void {
  for (const path of [folder, `${folder}/checkpoints`]) {
    const stats = look(path);
    if (stats && !stats.isDirectory()) throw invalidLedger(path, `is ${kindOf(stats)}, not a folder`);
  }
}

function checkFile(path: string): Stats | undefined {
  const stats = look(path);
  if (stats && !stats.isFile()) throw invalidLedger(path, `is ${kindOf(stats)}, not a regular file`);
  return stats;
}

/** bodyscript's own transactions involve one file each. */
function checkJournal(path: string): void {
  if (!look(path)) return;
  const file = openSync(path, 'r');
  try {
    const end = Buffer.alloc(SUPER_JOURNAL_END.length);
    readSync(file, end, 0, end.length, Math.max(0, fstatSync(file).size - end.length));
    if (end.equals(SUPER_JOURNAL_END))
      throw invalidLedger(path, 'its journal belongs to a transaction over several files');
  } finally {
    closeSync(file);
  }
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw outputError(path, cause);
  }
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFile()) return 'a file';
  return stats.isFIFO() ? 'a named pipe' : 'a device';
}
