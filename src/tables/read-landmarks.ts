import type { TableFrame } from './landmark-frame.js';
import { readCsvFrames } from './read-csv.js';
import { readNdjsonFrames } from './read-ndjson.js';

/**
 * Reads a landmark file that `bodyscript analyze` wrote, frame by frame, in constant memory: a long or a wide CSV, or NDJSON.
 * The columns of a CSV may stand in any order, and others may be among them.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export function readLandmarks(path: string): AsyncGenerator<TableFrame> {
  return /\.(ndjson|jsonl)(\.partial)?$/.test(path) ? readNdjsonFrames(path) : readCsvFrames(path);
}
