/** The public library: what the command line uses, for other programs. */
export { type AnalyzeContext, analyzeVideo, type Progress } from './analyze/analyze-video.js';
export type { AnalyzeOptions } from './analyze/options.js';
export type { BatchEvents, BatchRequest, BatchResult } from './batch/batch.js';
export type { InputRequest } from './batch/inputs/find-inputs.js';
export type { JobEntry, JobState } from './batch/ledger/job.js';
export { runBatch } from './batch/run-batch.js';
export { DEFAULT_ENGINE_OPTIONS, type EngineInfo, type EngineOptions, type PoseEngine } from './engine/pose-engine.js';
export { createEngine, type EngineChoice } from './engine/worker/create-engine.js';
export { WorkerEngine } from './engine/worker/worker-engine.js';
export {
  BodyscriptError,
  type ErrorCode,
  EXIT_CODES,
  InterruptedError,
  MemoryLimitError,
  UsageError,
} from './errors.js';
export { CONNECTIONS, LANDMARK_NAMES, type LandmarkName } from './model/blazepose.js';
export type { Frame, VideoInfo } from './model/frame.js';
export { type Picture, type RgbaImage, toRgba, type YuvImage } from './model/picture.js';
export type { Landmark, Pose, WorldLandmark } from './model/pose.js';
export type { FrameResult, FrameStatus, PersonResult } from './model/result.js';
export type { RunRecord } from './sinks/run-record.js';
