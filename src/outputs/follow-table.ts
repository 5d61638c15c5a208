import { readLandmarks } from '../formats/read-landmarks.js';
import type { OutputSet } from './output-set.js';

/**
 * Reads a landmark file once, for outputs that need only the table, and publishes them. The caller disposes of them.
 * @returns their files
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`
 */
export async function followTable(path: string, outputs: OutputSet, signal?: AbortSignal): Promise<readonly string[]> {
  for await (const table of readLandmarks(path)) {
    signal?.throwIfAborted();
    await outputs.write({ table });
  }
  await outputs.finish();
  return outputs.publish();
}
