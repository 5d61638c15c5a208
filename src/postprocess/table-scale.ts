import { type TimeScaleChoice, timeScaleOf } from '../decode/time-scale.js';
import { runRecordOf } from '../formats/recorded-run.js';
import type { VideoInfo } from '../model/frame.js';

/**
 * True seconds in a second of a table's video: as requested, otherwise according to the run record beside the table,
 * otherwise 1.
 */
export async function tableScale(table: string, choice: TimeScaleChoice, video: VideoInfo): Promise<number> {
  if (choice !== undefined) return timeScaleOf(choice, video);
  return (await runRecordOf(table))?.input.timeScale ?? 1;
}
