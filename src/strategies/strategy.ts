import type { Frame } from '../model/frame.js';
import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { FrameResult } from '../model/result.js';

/** What a strategy may know beside the frame itself. */
export interface StrategyContext {
  /** Result of the frame before, or undefined at the beginning. */
  readonly previous: FrameResult | undefined;
}

/** A picture made from a frame, and the way back. */
export interface View {
  /** Valid as long as the frame is. */
  readonly image: Picture;
  /** Puts a pose found in `image` into the frame: undoes crop, turn and mirror, and swaps left and right back. */
  toFrame(pose: Pose): Pose;
}

/** One way to look at a frame. */
export interface Strategy {
  /** As it appears in the CSV. */
  readonly name: string;
  view(frame: Frame, context: StrategyContext): View;
}
