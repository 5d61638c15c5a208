import { StandardOutput } from './standard-output.js';
import { GrowingFile, type GrowingOutput, STDOUT } from './whole-file.js';

/** Opens a file, or stdout for `-`. @param from length at which a file that is there is cut off and continued */
export async function openOutput(path: string, from?: number): Promise<GrowingOutput> {
  return path === STDOUT ? new StandardOutput() : GrowingFile.create(path, from);
}
