/** The public library: poses from videos, for other programs. `help/library.md` has examples. */
export { compareFiles } from './compare/compare-files.js';
export type {
  Aspect,
  CompareLimits,
  Comparison,
  Counts,
  WorstFrame,
  WorstLandmark,
} from './compare/comparison.js';
export type { RecordDifference } from './compare/record-differences.js';
export type { Limit, Tolerance } from './compare/tolerance.js';
export {
  DEFAULT_ENGINE_OPTIONS,
  type DetectOptions,
  type EngineInfo,
  type EngineOptions,
  type FindOptions,
  type PoseEngine,
  type Provider,
  type TrackOptions,
} from './engine/pose-engine.js';
export type { EngineChoice } from './engine/worker/create-engine.js';
export {
  BodyscriptError,
  type BodyscriptErrorOptions,
  type ErrorCode,
  EXIT_CODES,
  InterruptedError,
  MemoryLimitError,
  UsageError,
} from './errors.js';
export { readLandmarks } from './formats/read-landmarks.js';
export { type AnalyzeVideoOptions, analyzeVideo } from './library/analyze-video.js';
export { type OpenEngineOptions, openEngine } from './library/open-engine.js';
export {
  type BodyPart,
  type BodySide,
  CONNECTIONS,
  type Connection,
  LANDMARK_NAMES,
  type LandmarkName,
} from './model/blazepose.js';
export type { AudioStream, Frame, Orientation, PictureTurn, Rational, StreamColour, VideoInfo } from './model/frame.js';
export type { Box, PersonBox } from './model/person-box.js';
export { type Picture, type RgbaImage, toRgba, type YuvImage, type YuvMatrix } from './model/picture.js';
export { confidenceOf, type Landmark, type Pose, type WorldLandmark } from './model/pose.js';
export type { Gap, Gate, LowScore, Moments, PersonQuality, PlaneTurn, Quality } from './model/quality.js';
export type { Region } from './model/region.js';
export type { FrameResult, FrameStatus, PersonResult } from './model/result.js';
export type {
  AddedOutputs,
  RecordedBinary,
  RecordedFile,
  RecordedOptions,
  RunRecord,
  RunStatus,
  RunTimeline,
} from './model/run-record.js';
export type { SteadyTime } from './model/steady-clock.js';
export type { TableFrame, TableLandmark, TablePerson } from './model/table-frame.js';
