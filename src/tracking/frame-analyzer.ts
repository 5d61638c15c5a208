import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';

/** What a run's record says of the analysis beside its results. */
export interface AnalyzerNotes {
  /** Frames in which an attempt that the footage asked for was left out, for want of time. */
  readonly framesOverBudget: number;
}

/** Works on one frame after another of a video. What it remembers of a video is in it and nowhere else. */
export interface FrameAnalyzer {
  /** Whether a run that goes on from a frame before this one has much more to do than one that goes on from here. */
  readonly isAtCut?: boolean;
  analyze(frame: Frame): Promise<FrameResult>;
  /** Of all frames so far, also of those before it was restored. */
  notes(): AnalyzerNotes;
  /**
   * What it remembers of the video so far, as a plain value that `restore` takes. Valid until the next frame: copy to
   * keep.
   */
  save(): unknown;
  /** Goes on as the one did whose memory this is, with the same options. */
  restore(state: unknown): void;
}
