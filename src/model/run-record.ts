import type { VideoInfo } from './frame.js';
import type { LowScore, Quality } from './quality.js';

/** Version of the record's layout; increases when the meaning of a field changes. */
export const RUN_RECORD_VERSION = 2;

export type RunStatus = 'running' | 'done' | 'failed' | 'interrupted';

export interface RecordedBinary {
  readonly version: string;
  readonly path: string;
  /** `option`, `path` or `package`. */
  readonly source: string;
}

/** Progress and memory of a run, in equal bins of its time. */
export interface RunTimeline {
  readonly everySeconds: number;
  /** Frames analysed until the end of each bin. */
  readonly frames: readonly number[];
  /** Highest resident memory of the process tree in each bin, in bytes; 0 if not measured. */
  readonly memory: readonly number[];
}

/**
 * The resolved options of a run in their groups; null for options not given. Only those that are read back have names
 * here.
 */
export interface RecordedOptions {
  readonly source: object;
  readonly analysis: {
    readonly mode: string;
    /** Fields that older records lack are undefined. */
    readonly minScore?: number;
    readonly fixSwaps?: boolean;
    readonly engine: { readonly people?: number };
  };
  readonly outputs: object;
  readonly machine: object;
}

/** A file as a run left it, to detect later changes. */
export interface RecordedFile {
  /** The output that it belongs to: `csv`, `overlay`. */
  readonly output: string;
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** For a table; null for other files. */
  readonly sha256: string | null;
  /** Settings beyond the table that determined it: `{ "csvLayout": "long" }`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Outputs that were added to a finished analysis. */
export interface AddedOutputs {
  readonly at: string;
  /** Version of the tool that added them. */
  readonly version: string;
  /** By name: `plots`, `trc`. */
  readonly outputs: readonly string[];
}

/** The provenance of a run's numbers: `NAME.run.json`. */
export interface RunRecord {
  readonly recordVersion: number;
  readonly status: RunStatus;
  readonly exitCode: number | null;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string | null } | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly tool: { readonly name: string; readonly version: string; readonly node: string; readonly platform: string };
  readonly engine: {
    readonly name: string;
    readonly version: string;
    readonly provider: string;
    /**
     * Where the networks' weights were: mapped from files that processes share, or copied. Null if the engine does not
     * distinguish.
     */
    readonly weights: 'mapped' | 'copied' | null;
    readonly weightsCopiedBecause: string | null;
  } | null;
  readonly model: { readonly name: string; readonly sha256: string } | null;
  /** The network that refines doubtful poses, if the engine has one, used or not. */
  readonly refinerModel: { readonly name: string; readonly sha256: string } | null;
  /** The network that finds people, if the engine has one, used or not. */
  readonly finderModel: { readonly name: string; readonly sha256: string } | null;
  readonly ffmpeg: RecordedBinary;
  readonly ffprobe: RecordedBinary;
  readonly options: RecordedOptions;
  readonly input: {
    readonly path: string;
    readonly bytes: number;
    readonly sha256: string | null;
    /**
     * Time of the first decoded frame on the file's own clock, in seconds: the origin of `--start` and `--end`. Null in
     * older records.
     */
    readonly firstTimestamp: number | null;
    /** True seconds in a second of the file (`--time-scale`): the table's times are the file's, multiplied by it. */
    readonly timeScale: number;
    readonly video: VideoInfo;
  };
  /** Size of the analysed picture in pixels. */
  readonly analysed: { readonly width: number; readonly height: number };
  readonly frames: {
    readonly decoded: number;
    readonly detected: number;
    readonly tracked: number;
    readonly missing: number;
    readonly filled: number;
    /** Frames of the source that `--start`, `--end` or `--every` skipped. */
    readonly passedOver: number;
  };
  /** First frame of each continuation of a stopped run. */
  readonly resumedAtFrames: readonly number[];
  readonly people: {
    /** Ids given out. */
    readonly ids: number;
    /**
     * How often a frame's only person differs from the only person reported before; null if several people are
     * requested.
     */
    readonly changes: number | null;
  };
  readonly budget: {
    /** Frames in which the time budget prevented a retry. Always 0 in modes other than `smart`. */
    readonly framesOverBudget: number;
  };
  /** Look-ahead frames of each frame: as requested, or fewer if that many pictures would not fit in memory. */
  readonly lookAhead: number;
  readonly strategyUse: Readonly<Record<string, number>>;
  /**
   * Poses with left and right swapped against the motion (swapped back with `--fix-swaps`), and the first thousand of
   * their frames.
   */
  readonly swaps: { readonly count: number; readonly frames: readonly number[] };
  readonly meanVisibility: number | null;
  /** The poses with the lowest scores, the lowest first; empty in older records, and where no pose was found. */
  readonly lowestScores: readonly LowScore[];
  /** With `--quality`. */
  readonly quality: Quality | null;
  readonly seconds: {
    readonly wall: number;
    readonly framesPerSecond: number;
    /** Time by stage; stages overlap, so the sum may exceed the wall time. */
    readonly byStage: Readonly<Record<string, number>>;
  };
  /** Peak memory in bytes, according to the operating system; null if it does not report it. */
  readonly peakMemory: {
    readonly treeRss: number;
    readonly treePss: number | null;
    /**
     * The part of it that the system cannot reclaim: anonymous and shared memory. Mapped networks and code are not
     * included.
     */
    readonly treeFixed: number | null;
    readonly rssByProcess: Readonly<Record<string, number>>;
  };
  readonly timeline: RunTimeline;
  readonly outputs: readonly string[];
  /** The same files at the end of the run, except the record itself; none while it runs, and in older records. */
  readonly files: readonly RecordedFile[];
  /** What later runs created from this run's table, without analysis. */
  readonly madeFromTable: readonly AddedOutputs[];
  readonly warnings: readonly string[];
}
