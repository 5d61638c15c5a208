import type { PlainError } from '../errors.js';
import type { ProcessIdentity } from '../system/process-identity.js';
import type { Decision } from './decide.js';
import type { PassedOver } from './inputs/passed-over.js';
import type { JobEntry } from './ledger/job.js';
import type { Outcome } from './ledger/ledger.js';
import type { VideoOutcome } from './worker/protocol.js';

/** A video of a command. */
export interface DocketVideo {
  readonly position: number;
  /** As the user would write it. */
  readonly given: string;
  readonly job: Pick<JobEntry, 'id' | 'name' | 'outputs'>;
}

/** What comes next: a video to be analysed, or one that needs no analysis. */
export type Step =
  | { readonly what: 'analyse'; readonly video: DocketVideo; readonly alone: boolean }
  | {
      readonly what: 'settle';
      readonly video: DocketVideo;
      readonly outcome: Outcome;
      readonly decision: Decision;
    };

/** An input with what became of it; null: it was not reached. */
export interface DocketOutcome {
  readonly given: string;
  readonly outcome: Outcome | null;
  readonly job: JobEntry;
}

/**
 * The videos of a command: which comes next, and what becomes of each. The methods that change something may throw what
 * the ledger throws.
 */
export interface Docket extends Disposable {
  /**
   * Looks for the videos. @param passed counts the files that are not videos
   * @returns how many videos are this command's own
   * @throws BodyscriptError `INPUT_MISSING` where there is no video
   */
  open(passed: PassedOver): Promise<number>;
  /** @param isStopped whether the command ends: no video is handed out any more @returns undefined when none is left */
  next(isStopped: () => boolean): Promise<Step | undefined>;
  /** A process begins to work on a video. */
  begin(video: DocketVideo, worker: ProcessIdentity | undefined): void | Promise<void>;
  /**
   * Asked before files get their names.
   * @returns whether the video is still this command's: another takes it over when the lease runs out, as in a sleep
   */
  confirm(video: DocketVideo): boolean | Promise<boolean>;
  isOurs(video: DocketVideo): boolean;
  /** Keeps other commands away from the videos at work for a while longer. */
  renew(): void;
  /** Hands the video out again when the others are done, with nothing beside it. */
  defer(video: DocketVideo): void;
  /**
   * Another run writes the files of a video.
   * @returns whether the video comes again, when that run has ended; otherwise, and without this method, it has failed
   */
  postpone?(video: DocketVideo, error: PlainError): boolean;
  note(video: DocketVideo, outcome: Outcome, result: VideoOutcome): void | Promise<void>;
  /** In the order of the inputs. */
  outcomes(): Iterable<DocketOutcome>;
}
