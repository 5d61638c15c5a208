import { DeviceOutput, isDevice } from './device-output.js';
import { StandardOutput } from './standard-output.js';
import { GrowingFile, type GrowingOutput, STDOUT } from './whole-file.js';

/**
 * Opens a file, stdout for `-`, or a device directly.
 * @param from length at which an existing file is cut off and continued
 */
export async function openOutput(path: string, from?: number): Promise<GrowingOutput> {
  if (path === STDOUT) return new StandardOutput();
  return (await isDevice(path)) ? DeviceOutput.create(path) : GrowingFile.create(path, from);
}
