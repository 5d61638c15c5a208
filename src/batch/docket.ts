import type { AnalyzeOptions } from '../analyze/options.js';
import type { Piece } from '../analyze/segments/analyse-piece.js';
import type { PlainError } from '../errors.js';
import type { ProcessIdentity } from '../system/process-identity.js';
import type { Decision } from './decide.js';
import type { PassedOver } from './inputs/passed-over.js';
import type { JobEntry } from './ledger/job.js';
import type { Outcome } from './ledger/ledger.js';
import type { Destination } from './staging.js';
import type { VideoOutcome } from './worker/protocol.js';

/** A video of a command. */
export interface DocketVideo {
  readonly position: number;
  /** As the user would write it. */
  readonly given: string;
  readonly job: Pick<JobEntry, 'id' | 'name' | 'outputs'>;
  /** The segments that this command analyses of it; undefined: the whole video. */
  readonly piece?: Piece | undefined;
  /** How it is analysed, where each video of a command says so itself. */
  readonly own?: {
    readonly options: AnalyzeOptions;
    readonly force: boolean;
    /** Milliseconds since 1970: a run begun since is continued even with `force`. */
    readonly since?: number;
    /** Where its results go, if that is a bucket. */
    readonly destination: Destination | undefined;
  };
}

/** The next entry: a video to analyse, or one that needs no analysis. */
export type Step =
  | { readonly what: 'analyse'; readonly video: DocketVideo; readonly alone: boolean }
  | {
      readonly what: 'settle';
      readonly video: DocketVideo;
      readonly outcome: Outcome;
      readonly decision: Decision;
    };

/** An input with its outcome; null: it was not reached. */
export interface DocketOutcome {
  readonly given: string;
  readonly outcome: Outcome | null;
  readonly job: JobEntry;
}

/**
 * The videos of a command: the next one, and the outcome of each. The methods that change state may throw the ledger's
 * errors.
 */
export interface Docket extends Disposable {
  /**
   * Finds the videos. @param passed counts the files that are not videos
   * @returns the number of this command's own videos
   * @throws BodyscriptError `INPUT_MISSING` if there is no video
   */
  open(passed: PassedOver): Promise<number>;
  /**
   * @param isStopped whether the command is ending: no further video is handed out @returns undefined when none is left
   */
  next(isStopped: () => boolean): Promise<Step | undefined>;
  /** Records that a process starts on a video. */
  begin(video: DocketVideo, worker: ProcessIdentity | undefined): void | Promise<void>;
  /**
   * Called before files get their names.
   * @returns whether the video is still this command's: another takes it over when the lease expires, for example after
   * sleep
   */
  confirm(video: DocketVideo): boolean | Promise<boolean>;
  isOurs(video: DocketVideo): boolean;
  /** Renews the claims on the running videos. */
  renew(): void | Promise<void>;
  /** Hands the video out again after the others, to run alone. */
  defer(video: DocketVideo): void;
  /**
   * Hands a video back after a failure that another attempt may not meet, here or on another machine. Without this, it
   * is retried at once.
   * @returns false where it has failed for good
   */
  handBack?(video: DocketVideo, error: PlainError): Promise<boolean>;
  /**
   * Another run writes the files of a video.
   * @returns whether the video comes again, when that run has ended; otherwise, and without this method, it has failed
   */
  postpone?(video: DocketVideo, error: PlainError): boolean;
  note(video: DocketVideo, outcome: Outcome, result: VideoOutcome): void | Promise<void>;
  /** In the order of the inputs. */
  outcomes(): Iterable<DocketOutcome>;
}
