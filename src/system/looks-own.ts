import { readStart } from './own-file.js';

/** Enough for the boxes before an MP4's first fragment. */
const START_BYTES = 4096;
/** How our tables begin: CSV of both layouts and all dialects, NDJSON. */
const TABLE = /^\uFEFF?(frame_id[,;]timestamp[,;]|\{("version":\d+,)?"frame_id":)/;

/** Whether a file begins as one of this program's tables, or as an overlay that is not finished: a fragmented MP4. */
export async function looksOwn(path: string): Promise<boolean> {
  const start = await readStart(path, START_BYTES);
  return TABLE.test(start) || (start.includes('ftyp') && start.includes('mvex'));
}
