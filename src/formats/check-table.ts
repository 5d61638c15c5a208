import { readLandmarks } from './read-landmarks.js';
import { isAnotherProgram } from './text-pieces.js';

/**
 * Checks whether a landmark file can be read, up to its first frame, before any output is created. A pipe can be read
 * only once, and is not checked.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function checkTable(path: string): Promise<void> {
  if (isAnotherProgram(path)) return;
  for await (const _ of readLandmarks(path)) return;
}
