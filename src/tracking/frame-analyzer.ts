import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';

/** Facts about the analysis for the run record, in addition to its results. */
export interface AnalyzerNotes {
  /** Frames in which a useful retry was omitted for lack of time. */
  readonly framesOverBudget: number;
}

/** Analyses the frames of a video in order. All state about the video is in this object. */
export interface FrameAnalyzer {
  /** Whether a run that goes on from a frame before this one has much more to do than one that goes on from here. */
  readonly isAtCut?: boolean;
  analyze(frame: Frame): Promise<FrameResult>;
  /** Over all frames so far, including those before a restore. */
  notes(): AnalyzerNotes;
  /**
   * The state after the frames so far, as a plain value that `restore` takes. Valid until the next frame: copy it to
   * keep it.
   */
  save(): unknown;
  /** Continues from another analyzer's state. Use the same options. */
  restore(state: unknown): void;
}
