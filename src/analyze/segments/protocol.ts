import type { EngineInfo } from '../../engine/pose-engine.js';
import type { PlainError } from '../../errors.js';
import type { FrameAttempts } from '../../model/attempts.js';
import type { FrameResult } from '../../model/result.js';
import type { AnalyzeOptions } from '../options.js';
import type { Segment } from './cuts.js';

/** What a worker analyses segments of. */
export interface SegmentSource {
  readonly path: string;
  readonly options: AnalyzeOptions;
  /** Whether the attempts at each frame are wanted, for `--explain`. */
  readonly explains: boolean;
}

/** Memory of the analysis at a cut: what the next frame would be analysed with. */
export interface Memory {
  readonly engine: unknown;
  readonly analyzer: unknown;
}

/** One segment to analyse. */
export interface SegmentTask {
  readonly segment: Segment;
  /** Goes on from the end of the segment before, in place of a lead-in. */
  readonly memory: Memory | undefined;
}

/** A frame as the analyzer left it, before results are looked ahead for. */
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
  /** At the end of the segment; undefined where the engine cannot tell. */
  readonly memory: Memory | undefined;
  readonly framesOverBudget: number;
}

/** What the parent tells a worker. */
export type ToSegmentWorker =
  | { readonly say: 'open'; readonly source: SegmentSource }
  | { readonly say: 'analyse'; readonly task: SegmentTask };

/** What a worker tells its parent. */
export type FromSegmentWorker =
  | { readonly say: 'ready'; readonly engine: EngineInfo }
  | { readonly say: 'warning'; readonly message: string }
  /** Frames analysed of the segment at hand, and the programs that run for it: by process id, their roles. */
  | { readonly say: 'frames'; readonly count: number; readonly programs: ReadonlyMap<number, string> }
  | { readonly say: 'analysed'; readonly segment: AnalysedSegment }
  | { readonly say: 'failed'; readonly error: PlainError };
