import { readStart } from './own-file.js';

/** Enough for the boxes before an MP4's first fragment. */
const START_BYTES = 4096;
/** The beginnings of our tables: CSV in both layouts and all dialects, NDJSON. */
const TABLE = /^\uFEFF?(frame_id[,;]timestamp[,;]|\{("version":\d+,)?"frame_id":)/;

/** Whether a file begins like one of this program's tables, or like an unfinished overlay: a fragmented MP4. */
export async function looksOwn(path: string): Promise<boolean> {
  const start = await readStart(path, START_BYTES);
  return TABLE.test(start) || (start.includes('ftyp') && start.includes('mvex'));
}
