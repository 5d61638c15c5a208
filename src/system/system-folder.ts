import { BodyscriptError } from '../errors.js';
import { realPlace } from './make-folder.js';

/**
 * Folders whose names stand for what the kernel has, and no folders of the user's. In some of them a new folder means
 * something: a control group in /sys.
 */
const SYSTEM_FOLDER = /^\/(dev|proc|sys)(\/(?!shm\/|shm$|mqueue).*)?$/;

/**
 * Keeps files out of /proc and its like, also through links, before anything is made there.
 * @param folder that files are to be made in
 * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`
 */
export async function refuseSystemFolder(folder: string): Promise<void> {
  if (!SYSTEM_FOLDER.test(await realPlace(folder))) return;
  throw new BodyscriptError('OUTPUT_NOT_WRITABLE', `${folder}: is a system folder, not a place for results`, {
    remedy: 'Choose a folder of your own; for stdout, write to - and redirect it.',
  });
}
