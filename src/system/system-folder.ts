import { BodyscriptError } from '../errors.js';
import { realPlace } from './make-folder.js';

/**
 * Folders that represent kernel objects rather than the user's folders. In some of them creating a folder has effects:
 * a control group in /sys.
 */
const SYSTEM_FOLDER = /^\/(dev|proc|sys)(\/(?!shm\/|shm$|mqueue).*)?$/;

/**
 * Keeps files out of /proc and similar folders, also through links, before any are created there.
 * @param folder destination of the files
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`
 */
export async function refuseSystemFolder(folder: string): Promise<void> {
  if (!SYSTEM_FOLDER.test(await realPlace(folder))) return;
  throw new BodyscriptError('OUTPUT_NOT_WRITABLE', `${folder}: is a system folder, not a place for results`, {
    remedy: 'Choose a folder of your own; for stdout, write to - and redirect it.',
  });
}
