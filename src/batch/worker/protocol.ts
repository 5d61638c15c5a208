import type { Progress } from '../../analyze/analyze-video.js';
import type { Needs } from '../../analyze/needs.js';
import type { AnalyzeOptions } from '../../analyze/options.js';
import type { Piece } from '../../analyze/segments/analyse-piece.js';
import type { CopiedVideo } from '../../decode/input.js';
import type { PlainError } from '../../errors.js';
import type { RunRecord } from '../../model/run-record.js';
import type { JobOutput } from '../ledger/job.js';

/** A bucket in which several commands store segments of a video. */
export interface SegmentsBucket {
  /** Of the results: `s3://bucket/prefix`. */
  readonly place: string;
  /** ETag of the run record that stood there when the task began: with another one, the video has been published. */
  readonly replaces: string | undefined;
}

/** One video for a worker process. */
export interface VideoTask {
  readonly path: string;
  /** Base name of its outputs, below the output folder and without suffix. */
  readonly name: string;
  readonly options: AnalyzeOptions;
  /** A copy of the video, if the path is an object in a bucket. */
  readonly copy?: CopiedVideo | undefined;
  /**
   * Whether to continue any run that was stopped midway; false: only a forced one. Undefined: impossible, so no
   * checkpoint is stored.
   */
  readonly resume: boolean | undefined;
  /** Milliseconds since 1970: of forced runs, only one that began since is continued. */
  readonly resumeSince?: number | undefined;
  /** Where the segments of the video are, if its results go to a bucket. */
  readonly bucket?: SegmentsBucket | undefined;
  /** Only these segments are analysed, unless they are the last that are missing. */
  readonly piece?: Piece | undefined;
  /** The caller ends it if no frame is finished for this long, in milliseconds. */
  readonly stallMs?: number | undefined;
}

/** The result of a video. */
export type VideoOutcome =
  | {
      readonly kind: 'done';
      readonly record: RunRecord;
      readonly outputs: readonly JobOutput[];
      /** Whether another command has published the same results first. */
      readonly byAnother?: boolean | undefined;
    }
  /**
   * Its own segments are stored. Other commands have yet to store some, or (`missing` is 0) one of them is joining the
   * video.
   */
  | { readonly kind: 'waiting'; readonly segments: number; readonly missing: number }
  | { readonly kind: 'failed'; readonly error: PlainError; readonly kept: readonly string[] };

/** Messages from the parent to a worker. */
export type ToWorker =
  | { readonly say: 'run'; readonly task: VideoTask }
  /** There is memory for it now, or its files may get their names. */
  | { readonly say: 'go' }
  | { readonly say: 'stop'; readonly error: PlainError };

/** Messages from a worker to its parent. */
export type FromWorker =
  | { readonly say: 'prepared'; readonly needs: Needs }
  | { readonly say: 'progress'; readonly progress: Progress }
  | { readonly say: 'finishing' }
  /** All files are complete. */
  | { readonly say: 'finished' }
  | { readonly say: 'warning'; readonly message: string }
  | { readonly say: 'ended'; readonly outcome: VideoOutcome };
