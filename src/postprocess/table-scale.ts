import { type TimeScaleChoice, timeScaleOf } from '../decode/time-scale.js';
import { runRecordOf } from '../formats/recorded-run.js';
import type { VideoInfo } from '../model/frame.js';

/**
 * True seconds in a second of the video that a table is of: as asked for, else as the run record beside the table says,
 * else 1.
 */
export async function tableScale(table: string, choice: TimeScaleChoice, video: VideoInfo): Promise<number> {
  if (choice !== undefined) return timeScaleOf(choice, video);
  return (await runRecordOf(table))?.input.timeScale ?? 1;
}
