import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { windowsNameFault } from './windows-names.js';

/**
 * The path of a name read back from a file (a record, a ledger), in the folder to which it must belong. It checks only
 * the name; `isInside` also checks links.
 * @param name relative, with one or more parts
 * @returns undefined if the name is empty, absolute, contains a NUL or a part `..`, or is the folder itself
 */
export function containedPath(folder: string, name: string): string | undefined {
  if (name === '' || name.includes('\0') || isAbsolute(name)) return undefined;
  if (name.split(/[/\\]/).includes('..')) return undefined;
  // `C:x`, `x.csv:hidden` and `NUL` name no file in the folder.
  if (process.platform === 'win32' && (name.includes(':') || windowsNameFault(name) !== undefined)) return undefined;
  const path = join(folder, name);
  return isBelow(resolve(folder), resolve(path)) ? path : undefined;
}

/**
 * Whether a path leads into the folder once all links are followed. A file that does not exist counts by its parent
 * folder; a broken link does not count.
 */
export async function isInside(folder: string, path: string): Promise<boolean> {
  try {
    return isBelow(await realpath(folder), await realPlace(resolve(path)));
  } catch {
    return false;
  }
}

async function realPlace(path: string): Promise<string> {
  const there = await lstat(path).catch(() => undefined);
  if (there) return realpath(path);
  const parent = resolve(path, '..');
  return parent === path ? path : join(await realPlace(parent), relative(parent, path));
}

/** Both are absolute. */
function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
