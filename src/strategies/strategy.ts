import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';

/** Input of a strategy in addition to the frame itself. */
export interface StrategyContext {
  /**
   * The square where the person is expected, in pixels of the frame; undefined if unknown: the whole frame is searched.
   */
  readonly region: Region | undefined;
}

/** A picture made from a frame, and the inverse mapping. */
export interface View {
  /** Valid for as long as the frame is. */
  readonly image: Picture;
  /**
   * The person's square in `image`: the landmark network runs there, without the person detector. Undefined: the
   * detector searches `image`.
   */
  readonly region: Region | undefined;
  /**
   * Maps a pose found in `image` to the frame: undoes crop, rotation and mirroring, including the swap of left and
   * right.
   */
  toFrame(pose: Pose): Pose;
}

/** One way to make an attempt at a frame. */
export interface Strategy {
  /** As written to the CSV. */
  readonly name: string;
  view(frame: Picture, context: StrategyContext): View;
}
