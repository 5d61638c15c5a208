import { stat } from 'node:fs/promises';
import picomatch from 'picomatch';

/** A pattern of files, and the folder in which to look for them. */
export interface Glob {
  readonly root: string;
  /** Relative to the folder, with slashes. */
  readonly pattern: string;
}

/** A drive of Windows without a slash means the folder that was last used on it. */
const BARE_DRIVE = /^[A-Za-z]:$/;

/**
 * A pattern as picomatch reads it. On Windows a backslash parts folders: `clips\*.mp4`, which neither its shells nor
 * Node expand. Elsewhere it keeps the next character from being a wildcard.
 */
export function withSlashes(pattern: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
}

export function isGlob(path: string): boolean {
  return picomatch.scan(withSlashes(path)).isGlob;
}

/**
 * Where a pattern begins. Folders at its start that exist by that very name are no part of it: `Program Files (x86)` or
 * `clips [old]` would otherwise be wildcards.
 */
export async function splitGlob(path: string): Promise<Glob> {
  const { base, glob } = picomatch.scan(withSlashes(path));
  let root = BARE_DRIVE.test(base) ? `${base}/` : base;
  const parts = glob.split('/');
  while (parts.length > 1) {
    const folder = root === '' || root.endsWith('/') ? `${root}${parts[0]}` : `${root}/${parts[0]}`;
    if (!(await isFolder(folder))) break;
    root = folder;
    parts.shift();
  }
  return { root: root || '.', pattern: parts.join('/') };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  );
}
