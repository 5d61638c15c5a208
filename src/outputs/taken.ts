import type { DisplaySize } from '../formats/csv-writer.js';
import { tableFrameOf } from '../formats/table-frame-of.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import type { TableFrame } from '../model/table-frame.js';
import type { Taken } from './output.js';

/**
 * What outputs take of an analysed frame. The table's numbers are made once, and only where an output asks for them.
 */
export function takenOf(frame: Frame, result: FrameResult, display: DisplaySize): Taken {
  let table: TableFrame | undefined;
  return {
    results: result,
    pictures: { frame, result },
    get table() {
      table ??= tableFrameOf(result, display);
      return table;
    },
  };
}
