/** The public library: poses out of videos, for other programs. `README.md` has examples. */
export { compareFiles } from './compare/compare-files.js';
export type { CompareLimits, Comparison } from './compare/comparison.js';
export { DEFAULT_ENGINE_OPTIONS, type EngineInfo, type EngineOptions, type PoseEngine } from './engine/pose-engine.js';
export type { EngineChoice } from './engine/worker/create-engine.js';
export {
  BodyscriptError,
  type ErrorCode,
  EXIT_CODES,
  InterruptedError,
  MemoryLimitError,
  UsageError,
} from './errors.js';
export { type AnalyzeVideoOptions, analyzeVideo } from './library/analyze-video.js';
export { type OpenEngineOptions, openEngine } from './library/open-engine.js';
export { CONNECTIONS, LANDMARK_NAMES, type LandmarkName } from './model/blazepose.js';
export type { Frame, VideoInfo } from './model/frame.js';
export { type Picture, type RgbaImage, toRgba, type YuvImage } from './model/picture.js';
export type { Landmark, Pose, WorldLandmark } from './model/pose.js';
export type { FrameResult, FrameStatus, PersonResult } from './model/result.js';
export type { RunRecord } from './sinks/run-record.js';
export type { TableFrame, TableLandmark, TablePerson } from './tables/landmark-frame.js';
export { readLandmarks } from './tables/read-landmarks.js';
