import { join } from 'node:path';
import { sha256 } from '../system/file-hash.js';

/** The program's own folder in the output folder. */
export const OWN_FOLDER = '.bodyscript';

/** Path of a video's checkpoint. @param name base name of its outputs */
export function checkpointPath(outDir: string, name: string): string {
  return join(outDir, OWN_FOLDER, 'checkpoints', `${sha256(name).slice(0, 32)}.bin`);
}
