import type { TableFrame } from '../model/table-frame.js';

/**
 * Reads a landmark file written by `bodyscript analyze`, frame by frame, in constant memory: a long or a wide CSV, or
 * NDJSON. The columns of a CSV may be in any order, with others among them.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function* readLandmarks(path: string): AsyncGenerator<TableFrame, void, undefined> {
  // Loaded only when a table is read, since an analysis imports this and may read none: the parser takes 4 MB.
  if (/\.(ndjson|jsonl)(\.partial)?$/.test(path)) yield* (await import('./ndjson-reader.js')).readNdjsonFrames(path);
  else yield* (await import('./csv-reader.js')).readCsvFrames(path);
}
