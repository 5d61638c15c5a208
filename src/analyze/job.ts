import type { PictureSize } from '../decode/decode-command.js';
import type { VideoSource } from '../decode/input.js';
import type { VideoInfo } from '../model/frame.js';
import type { FfmpegBinaries } from '../system/ffmpeg-binaries.js';
import type { AnalyzeOptions } from './options.js';
import type { OutputPlan } from './output-plan.js';

/** A video, opened and checked, before anything is decoded. */
export interface Job {
  readonly options: AnalyzeOptions;
  readonly binaries: FfmpegBinaries;
  readonly source: VideoSource;
  readonly video: VideoInfo;
  readonly size: PictureSize;
  readonly plan: OutputPlan;
}
