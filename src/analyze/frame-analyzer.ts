import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';

/** Works on one frame after another of a video. What it remembers of a video is in it and nowhere else. */
export interface FrameAnalyzer {
  analyze(frame: Frame): Promise<FrameResult>;
}
