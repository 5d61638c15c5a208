import type { TableFrame } from '../model/table-frame.js';
import type { AngleTurns } from '../signal/unwrapped-angles.js';

/** How the frames of a table become lines of text. */
export interface LineFormat {
  /** What stands before the first frame; each line with its end. */
  readonly head: string;
  /** The lines of a frame, each with its end. */
  lines(frame: TableFrame): string;
  /** What the next lines depend on of those before; undefined: on nothing. */
  readonly turns?: AngleTurns | undefined;
}
