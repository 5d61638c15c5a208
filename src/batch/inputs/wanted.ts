import picomatch from 'picomatch';
import { withSlashes } from './glob.js';
import { mayBeVideo } from './video-files.js';

/** Selects files of a folder, and folders to skip. */
export interface Wanted {
  /** Whether a file may be selected, by name. @param relative path below the folder, with slashes */
  isWanted(relative: string): boolean;
  isExcluded(relative: string): boolean;
  /** Whether a file's content matters: not if the user selects by name. */
  readonly byContent: boolean;
}

/** A pattern without a slash applies to names at any depth, as in .gitignore. */
function matcher(patterns: readonly string[]): (relative: string) => boolean {
  const deep = patterns.map(pattern => (pattern.includes('/') ? pattern : `**/${pattern}`));
  return picomatch(deep, { dot: true });
}

const never = () => false;

/**
 * @param include globs that replace the recognition of videos, if any
 * @param exclude globs of files and folders to leave out
 */
export function wantedFiles(include: readonly string[], exclude: readonly string[]): Wanted {
  const folders = exclude.map(pattern => withSlashes(pattern).replace(/\/$/, ''));
  const isExcluded = exclude.length === 0 ? never : matcher(folders);
  const byContent = include.length === 0;
  return { isWanted: byContent ? mayBeVideo : matcher(include.map(one => withSlashes(one))), isExcluded, byContent };
}
