import { type TimeScaleChoice, timeScaleOf } from '../decode/time-scale.js';
import { readRunRecord } from '../formats/read-run-record.js';
import type { VideoInfo } from '../model/frame.js';

/** What a table may be called beside `NAME.run.json`: `walk.csv`, `walk.filtered.csv`. */
const TABLE_SUFFIX = /(\.filtered)?\.(csv|ndjson)$/;

/**
 * True seconds in a second of the video that a table is of: as asked for, else as the run record beside the table says,
 * else 1.
 */
export async function tableScale(table: string, choice: TimeScaleChoice, video: VideoInfo): Promise<number> {
  if (choice !== undefined) return timeScaleOf(choice, video);
  const record = await readRunRecord(table.replace(TABLE_SUFFIX, '.run.json')).catch(() => undefined);
  return record?.input.timeScale ?? 1;
}
