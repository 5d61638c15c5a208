import type { EngineInfo } from '../../engine/pose-engine.js';
import type { PlainError } from '../../errors.js';
import type { FrameAttempts } from '../../model/attempts.js';
import type { FrameResult } from '../../model/result.js';
import type { AnalyzeOptions } from '../options.js';
import type { Segment } from './cuts.js';

/** The input of a worker for all its segments. */
export interface SegmentSource {
  readonly path: string;
  readonly options: AnalyzeOptions;
  /** Whether to report the attempts at each frame, for `--explain`. */
  readonly explains: boolean;
}

/** State of the analysis at a cut, from which the next frame can be analysed. */
export interface Memory {
  readonly engine: unknown;
  readonly analyzer: unknown;
}

/** One segment to analyse. */
export interface SegmentTask {
  readonly segment: Segment;
  /** Continues from the end of the segment before, instead of a lead-in. */
  readonly memory: Memory | undefined;
  /** Frames at or after this time are not needed, in seconds of the table. */
  readonly until?: number | undefined;
  /** Maximum number of frames, without the lead-in. */
  readonly most?: number | undefined;
}

/** A frame from the analyzer, before look-ahead. */
export interface AnalysedFrame {
  /** Seconds of the table; the same number for the same frame in each process. */
  readonly timestamp: number;
  /** Ids of people are the segment's own. */
  readonly result: FrameResult;
  readonly attempts: readonly FrameAttempts[];
}

/** A segment's outcome. */
export interface AnalysedSegment {
  readonly index: number;
  /** Frames of the lead-in, then those of the segment, in order. */
  readonly frames: readonly AnalysedFrame[];
  /** At the end of the segment; undefined if the engine cannot export it. */
  readonly memory: Memory | undefined;
  readonly framesOverBudget: number;
}

/** Interval of the messages that show that a worker is not stopped, in milliseconds. */
export const ALIVE_EVERY_MS = 1000;

/** Messages from the parent to a worker. */
export type ToSegmentWorker =
  | { readonly say: 'open'; readonly source: SegmentSource }
  | { readonly say: 'analyse'; readonly task: SegmentTask };

/** Messages from a worker to its parent. */
export type FromSegmentWorker =
  | { readonly say: 'ready'; readonly engine: EngineInfo }
  /** Sent at intervals, whatever the process does. */
  | { readonly say: 'alive' }
  | { readonly say: 'warning'; readonly message: string }
  /** Frames analysed of the current segment, and its programs: roles by process id. */
  | { readonly say: 'frames'; readonly count: number; readonly programs: ReadonlyMap<number, string> }
  | { readonly say: 'analysed'; readonly segment: AnalysedSegment }
  | { readonly say: 'failed'; readonly error: PlainError };
