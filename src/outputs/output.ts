import type { OverlayAudio } from '../encode/encode-command.js';
import type { DisplaySize } from '../formats/csv-writer.js';
import type { FrameAttempts } from '../model/attempts.js';
import type { Frame, VideoInfo } from '../model/frame.js';
import type { Quality } from '../model/quality.js';
import type { FrameResult } from '../model/result.js';
import type { TableFrame } from '../model/table-frame.js';
import type { FfmpegBinaries } from '../system/ffmpeg-binaries.js';
import type { StageClock } from './stage-clock.js';
import type { WantedOutputs } from './wanted-outputs.js';

/** What outputs take of each frame; each output takes one of these. */
export interface Taken {
  /** The frame as its table tells it: enough for an output that can be made of a table later, too. */
  readonly table: TableFrame;
  /** What the engine found, unrounded: only an analysis has it. */
  readonly results: FrameResult;
  /** The picture, valid until the write settles, and the people in it. */
  readonly pictures: { readonly frame: Frame; readonly result: FrameResult };
}

type Needs = keyof Taken;

/** A file that an output may write. */
export interface OutputFile {
  /** Final name. A folder of files ends with a slash; `-` is stdout. */
  readonly path: string;
  /**
   * `grows`: frame by frame; a stopped run leaves it as `*.partial`, and the next one continues it. `whole`: made at
   * the end. `working`: grows as well, and is removed when the output is whole.
   */
  readonly role: 'grows' | 'whole' | 'working';
  /** The option by which the user named it; undefined where it bears the video's name. */
  readonly option?: string | undefined;
}

/** How far an output is, for a later run to continue it: a plain value. */
export interface OutputState {
  /** Length of the `*.partial` file that grows; 0 where there is none. */
  readonly bytes: number;
  /** Frames in it, where they may be fewer than were written: an encoder holds some back, and is handed them again. */
  readonly frames?: number;
  /** SHA-256 of the `*.partial` file up to that length, where it is text. */
  readonly sha256?: string;
}

/** What every output is opened with. */
interface TableContext {
  readonly options: WantedOutputs;
  /** Path of what bears the video's name, without suffix: `results/walk`. */
  readonly stem: string;
  readonly files: readonly OutputFile[];
  /** Of the displayed picture, in pixels. */
  readonly display: DisplaySize;
  /** Joints less sure are absent from exports, 0-1; undefined: the usual. */
  readonly minConfidence?: number | undefined;
  /** A CSV file with the table's cycles, where there are some. */
  readonly cycles?: string | undefined;
  /** Counts the output's time. */
  readonly clock: StageClock;
  /** Where to continue the output; undefined: at the beginning. */
  readonly resume: OutputState | undefined;
}

/** What an output of an analysis is opened with, beside that. */
export interface RunContext extends TableContext {
  readonly video: VideoInfo;
  /** Of the analysed picture, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly binaries: FfmpegBinaries;
  /** The sound of the chosen frames. */
  readonly sound: OverlayAudio | undefined;
  /** Called with how each frame was decided that needed more than its first attempt. */
  readonly attempts: Set<(attempts: FrameAttempts) => void>;
  /** Where the finished file of the kind named by `after` lies. Known when that one has finished. */
  readonly source: () => string;
}

type ContextOf<N extends Needs> = N extends 'table' ? TableContext : RunContext;

/**
 * One output, declared: which files it may write and how it works. `catalogue.ts` lists them all; nothing else names
 * one. Code that is heavy is loaded by `load` and `open`, since the declaration is loaded by every run.
 */
export interface OutputKind<N extends Needs = Needs> {
  /** Unique; a checkpoint calls the output's state by it. */
  readonly name: string;
  readonly needs: N;
  /**
   * Outputs that read a frame's picture have all settled before the first of those that paint into it begins; these
   * paint one after another.
   */
  readonly phase: 'reads' | 'paints';
  /**
   * Whether its `state` continues it after a stop. An output without one needs the table alone, and is handed the
   * frames before from there.
   */
  readonly resumes: N extends 'table' ? boolean : true;
  /** The stage that its time is counted as; undefined: it counts by itself. */
  readonly stage?: string;
  /** The kind whose finished file this one needs: it then finishes after that one. */
  readonly after?: OutputKind;
  /** The options that decide what its files hold, beside those that decide the table. */
  readonly decidedBy: readonly (keyof WantedOutputs)[];
  /** The files that it may write with these options, and no other; none: it is not asked for. */
  files(stem: string, options: WantedOutputs): readonly OutputFile[];
  /** Place among the outputs of its own rank, where the user gives the order. */
  rank?(options: WantedOutputs): number;
  /** Files of an earlier run that it may write as well: some names are known at the end only. */
  existing?(stem: string): Promise<readonly string[]>;
  /** Loads its code ahead of time, while the engine loads its networks. */
  load?(): Promise<unknown>;
  /** Opens it. Whatever it has opened is closed again where it fails. @throws BodyscriptError `OUTPUT_NOT_WRITABLE` */
  open(context: ContextOf<N>): Promise<Output<N>>;
}

/** An output that is open. It takes frames in order, then is finished and published, or abandoned at any time. */
export interface Output<N extends Needs = Needs> {
  /** Asked between two writes, of an output that resumes. */
  readonly state?: OutputState;
  /** What the user should know of the files, complete after `finish`. */
  readonly warnings?: readonly string[];
  /** What the run record says of them, complete after `finish`. */
  readonly record?: { readonly quality?: Quality };
  /** Where the finished file lies until it is published. */
  readonly finishedFile?: string;
  /** Settles when the frame's pixels are no longer needed. */
  write(taken: Taken[N]): Promise<void> | void;
  /**
   * All frames were written: makes the files whole, still under `*.partial` names; all outputs are published together.
   */
  finish(): Promise<void>;
  /** Gives the finished files their final names. @returns these; a folder of files ends with a slash */
  publish(): Promise<readonly string[]>;
  /**
   * Ends early and closes all that is open; safe at any time and more than once. What grows stays as `*.partial`, the
   * rest goes.
   */
  abandon(): Promise<void>;
}
