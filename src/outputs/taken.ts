import type { DisplaySize } from '../formats/csv-writer.js';
import { tableFrameOf } from '../formats/table-frame-of.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import type { TableFrame } from '../model/table-frame.js';
import type { Taken } from './output.js';

/**
 * The input of outputs from an analysed frame. The table's numbers are computed once, and only if an output needs them.
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
