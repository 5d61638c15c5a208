import { containedPath } from '../system/contained-path.js';
import { OWN_FOLDER } from './own-folder.js';

/**
 * Why the outputs of a video may not have a name that a plan or a job gives them; undefined if they may.
 * @param outDir the folder of results
 * @param name without suffix, with slashes
 */
export function faultOfName(outDir: string, name: string): string | undefined {
  if (containedPath(outDir, name) === undefined) return 'the name leads out of the folder of results';
  const parts = name.split('/');
  if (parts.some(part => part === '' || part === '.')) return 'the name has an empty part';
  return parts[0]?.toLowerCase() === OWN_FOLDER ? `the name is inside ${OWN_FOLDER}` : undefined;
}
