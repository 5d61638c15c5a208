import type { Progress } from '../analyze/analyze-video.js';
import type { AnalyzeOptions } from '../analyze/options.js';
import { type BodyscriptError, EXIT_CODES } from '../errors.js';
import type { Decision } from './decide.js';
import type { Docket, DocketVideo } from './docket.js';
import type { InputRequest } from './inputs/find-inputs.js';
import type { PassedOver } from './inputs/passed-over.js';
import type { Outcome, Shard } from './ledger/ledger.js';
import type { Staging } from './staging.js';
import type { VideoOutcome } from './worker/protocol.js';
import type { WatchLimits } from './worker/watch-run.js';

/** The request of a command. */
export interface BatchRequest {
  /** Whether the results folder did not exist before the command; by default, whether it does not exist now. */
  readonly isNewFolder?: boolean;
  readonly inputs: InputRequest;
  readonly options: AnalyzeOptions;
  /** Videos at a time; `auto`: as many as cores and memory allow. */
  readonly jobs: number | 'auto';
  readonly limits: WatchLimits;
  readonly force: boolean;
  readonly retryFailed: boolean;
  readonly shard: Shard | undefined;
  /** The part of a plan in place of `inputs`; its number is `shard` as well. */
  readonly part: PlannedPart | undefined;
  /** Whether run records alone say what is done: no SQLite file in the folder of results. */
  readonly noLedger: boolean;
  /** Ledger entries of failed and interrupted videos are forgotten after this many milliseconds. */
  readonly keepMs: number;
  /** The single video, which is analysed in this process; undefined: there may be several, in separate processes. */
  readonly single: SingleVideo | undefined;
  /** Brings videos from buckets, and results to them; undefined where neither is asked for. */
  readonly staging?: Staging | undefined;
}

/** A part of a plan: `bodyscript plan`. */
export interface PlannedPart {
  /** The folder of results, which holds the plan. */
  readonly outDir: string;
  /** From 1. */
  readonly index: number;
}

/** A video that was named individually. */
export interface SingleVideo {
  readonly path: string;
  /** Base name of the outputs, without suffix; undefined: the video's. */
  readonly name: string | undefined;
  /**
   * Whether it comes from stdin or goes to stdout: it cannot be resumed, so it is in no ledger and stores no
   * checkpoint.
   */
  readonly isStream: boolean;
}

/** A video that is being analysed. */
export interface ActiveVideo extends DocketVideo {
  /** 0-based place among the running videos. */
  readonly lane: number;
}

/** Receives events, for a display. */
export interface BatchEvents {
  onReady?(total: number, lanes: number, passed: PassedOver): void;
  onStart?(video: ActiveVideo): void;
  /** @param memory bytes that all processes together hold */
  onProgress?(video: ActiveVideo, progress: Progress, memory: number): void;
  onFinishing?(video: ActiveVideo): void;
  /** A process has stopped working on a video; another may still retry it. */
  onLeave?(video: ActiveVideo): void;
  /** @param outcome `skipped` also for a video that another command has finished meanwhile */
  onSettled?(
    video: DocketVideo,
    outcome: Outcome,
    decision: Decision | undefined,
    result: VideoOutcome | undefined,
  ): void;
  onWarning?(message: string): void;
}

/** The result of a command. */
export interface BatchResult {
  readonly docket: Docket;
  readonly total: number;
  readonly lanes: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly passed: PassedOver;
  readonly startedAt: Date;
  readonly seconds: number;
  /** Bytes; 0 if the single video was analysed in this process: its record has the value. */
  readonly peakMemory: number;
  /** Why the command ended early, or why its single video has no results. */
  readonly error: BodyscriptError | undefined;
}

/** The exit code of a result. */
export function exitCodeOf({ error, counts, passed }: BatchResult): number {
  if (error) return error.exitCode;
  return counts.failed > 0 || passed.unreadable.length > 0 ? EXIT_CODES.someFailed : EXIT_CODES.done;
}
