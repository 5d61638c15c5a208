import { join } from 'node:path';
import { sha256 } from '../system/file-hash.js';

/** Where the program keeps what is its own, in the output folder. */
export const OWN_FOLDER = '.bodyscript';

/** Where a video's analysis notes how to go on after a crash. @param name what its outputs are called */
export function checkpointPath(outDir: string, name: string): string {
  return join(outDir, OWN_FOLDER, 'checkpoints', `${sha256(name).slice(0, 32)}.bin`);
}
