import type { TableFrame } from '../model/table-frame.js';
import type { AngleTurns } from '../signal/unwrapped-angles.js';

/** Turns the frames of a table into lines of text. */
export interface LineFormat {
  /** The lines before the first frame, each with its line end. */
  readonly head: string;
  /** The lines of a frame, each with its line end. */
  lines(frame: TableFrame): string;
  /** The state on which the next lines depend; undefined: none. */
  readonly turns?: AngleTurns | undefined;
}
