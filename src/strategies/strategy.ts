import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';

/** What a strategy may know beside the frame itself. */
export interface StrategyContext {
  /**
   * The square in which the person should be, in pixels of the frame; undefined where nobody knows: the whole frame is
   * searched.
   */
  readonly region: Region | undefined;
}

/** A picture made from a frame, and the way back. */
export interface View {
  /** Valid as long as the frame is. */
  readonly image: Picture;
  /**
   * The person's square in `image`: the landmark network is run there, without the person detector. Undefined: the
   * detector searches `image`.
   */
  readonly region: Region | undefined;
  /** Puts a pose found in `image` into the frame: undoes crop, turn and mirror, and swaps left and right back. */
  toFrame(pose: Pose): Pose;
}

/** One way to make an attempt at a frame. */
export interface Strategy {
  /** As it appears in the CSV. */
  readonly name: string;
  view(frame: Picture, context: StrategyContext): View;
}
