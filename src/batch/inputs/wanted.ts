import picomatch from 'picomatch';
import { hasVideoExtension } from './video-files.js';

/** Which files of a folder are wanted, and what of it is not looked into. */
export interface Wanted {
  /** @param relative path below the folder, with slashes */
  isWanted(relative: string): boolean;
  isExcluded(relative: string): boolean;
}

/** A pattern without a slash is about names at any depth, as in .gitignore. */
function matcher(patterns: readonly string[]): (relative: string) => boolean {
  const deep = patterns.map(pattern => (pattern.includes('/') ? pattern : `**/${pattern}`));
  return picomatch(deep, { dot: true });
}

const never = () => false;

/**
 * @param include globs in place of the usual extensions, if any
 * @param exclude globs of files and folders to leave out
 */
export function wantedFiles(include: readonly string[], exclude: readonly string[]): Wanted {
  const isExcluded = exclude.length === 0 ? never : matcher(exclude.map(pattern => pattern.replace(/\/$/, '')));
  return { isWanted: include.length === 0 ? hasVideoExtension : matcher(include), isExcluded };
}
