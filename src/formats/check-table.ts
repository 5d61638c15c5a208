import { readLandmarks } from './read-landmarks.js';
import { isAnotherProgram } from './text-pieces.js';

/**
 * Looks whether a landmark file can be read, up to its first frame: before anything is made for what comes of it. What
 * another program writes can be read but once, and is not looked at.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function checkTable(path: string): Promise<void> {
  if (isAnotherProgram(path)) return;
  for await (const _ of readLandmarks(path)) return;
}
