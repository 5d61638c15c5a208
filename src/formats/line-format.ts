import type { FrameResult } from '../model/result.js';

/** How results become lines of text. */
export interface LineFormat {
  /** What stands before the first frame; each line with its end. */
  readonly head: string;
  /** The lines of a frame, each with its end. */
  lines(result: FrameResult): string;
}
