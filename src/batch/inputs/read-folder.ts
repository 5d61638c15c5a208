import { readdir } from 'node:fs/promises';
import { shownName, systemPath } from '../../system/byte-names.js';

/** An entry of a folder. */
export interface FolderEntry {
  /** With escapes if it is not UTF-8, as `shownName` writes them. */
  readonly name: string;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/**
 * A folder's entries in the order of their names. Names are read as bytes: as a string, a name that is not UTF-8 would
 * match no file. @throws the system's own error
 */
export async function readFolder(path: string): Promise<FolderEntry[]> {
  const entries = await readdir(systemPath(path), { withFileTypes: true, encoding: 'buffer' });
  const named = entries.map(entry => ({
    name: shownName(entry.name),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }));
  return named.sort((a, b) => (a.name < b.name ? -1 : 1));
}
