import { join } from 'node:path';
import { sha256 } from '../system/file-hash.js';

/** The program's own folder in the output folder. */
export const OWN_FOLDER = '.bodyscript';

/** Folder of a video's analysed segments. @param name base name of its outputs */
export function segmentsPath(outDir: string, name: string): string {
  return join(outDir, OWN_FOLDER, 'segments', digest(name));
}

/** The same below a prefix of a bucket, with a slash at its end. */
export function segmentsPrefix(name: string): string {
  return `${OWN_FOLDER}/segments/${digest(name)}/`;
}

/** Path of a video's checkpoint. @param name base name of its outputs */
export function checkpointPath(outDir: string, name: string): string {
  return join(outDir, OWN_FOLDER, 'checkpoints', `${digest(name)}.bin`);
}

/** Names of outputs may contain slashes, and be as long as names of files may be. */
function digest(name: string): string {
  return sha256(name).slice(0, 32);
}
