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

/** Input of outputs for each frame; each output takes one of these. */
export interface Taken {
  /** The frame as in its table: enough for an output that can also be made from a table later. */
  readonly table: TableFrame;
  /** The engine's unrounded results: only an analysis has them. */
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
   * `grows`: frame by frame; a stopped run leaves it as `*.partial`, and the next one continues it. `whole`: written at
   * the end. `working`: grows as well, and is removed once the output is complete.
   */
  readonly role: 'grows' | 'whole' | 'working';
  /** The option with which the user named it; undefined if it is named after the video. */
  readonly option?: string | undefined;
}

/** The progress of an output, for a later run to continue it: a plain value. */
export interface OutputState {
  /** Length of the growing `*.partial` file; 0 if none exists. */
  readonly bytes: number;
  /** Frames in it, if there may be fewer than were written: an encoder holds some back, and receives them again. */
  readonly frames?: number;
  /** SHA-256 of the `*.partial` file up to that length, if it is text. */
  readonly sha256?: string;
}

/** Settings of every output. */
interface TableContext {
  readonly options: WantedOutputs;
  /** Base path of files named after the video, without suffix: `results/walk`. */
  readonly stem: string;
  readonly files: readonly OutputFile[];
  /** Size of the displayed picture, in pixels. */
  readonly display: DisplaySize;
  /** Joints of lower confidence are left out of exports, 0-1; undefined: the default. */
  readonly minConfidence?: number | undefined;
  /** A CSV file with the table's cycles, if there are any. */
  readonly cycles?: string | undefined;
  /** Counts the output's time. */
  readonly clock: StageClock;
  /** Where to continue the output; undefined: from the beginning. */
  readonly resume: OutputState | undefined;
}

/** Additional settings of an analysis's outputs. */
export interface RunContext extends TableContext {
  readonly video: VideoInfo;
  /** Size of the analysed picture, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly binaries: FfmpegBinaries;
  /** The audio of the chosen frames. */
  readonly sound: OverlayAudio | undefined;
  /** Called with the decision on each frame that needed a retry. */
  readonly attempts: Set<(attempts: FrameAttempts) => void>;
  /** Path of the finished file of the kind named by `after`. Known once that one has finished. */
  readonly source: () => string;
}

type ContextOf<N extends Needs> = N extends 'table' ? TableContext : RunContext;

/**
 * One output, declared: the files it may write, and how it is made. `catalogue.ts` lists them all; no other code names
 * one. `load` and `open` import large code, since every run loads the declaration.
 */
export interface OutputKind<N extends Needs = Needs> {
  /** Unique; the key of the output's state in a checkpoint. */
  readonly name: string;
  readonly needs: N;
  /**
   * Outputs that read a frame's picture all finish before the first of those that paint into it begins; these paint one
   * after another.
   */
  readonly phase: 'reads' | 'paints';
  /**
   * Whether its `state` continues it after a stop. An output without state needs only the table, and receives the
   * earlier frames from there.
   */
  readonly resumes: N extends 'table' ? boolean : true;
  /** The stage that includes its time; undefined: it counts by itself. */
  readonly stage?: string;
  /** The kind whose finished file this one needs: it finishes after that one. */
  readonly after?: OutputKind;
  /** The options that determine its files, in addition to those that determine the table. */
  readonly decidedBy: readonly (keyof WantedOutputs)[];
  /** All files that it may write with these options; none: it was not requested. */
  files(stem: string, options: WantedOutputs): readonly OutputFile[];
  /** Position among the outputs of its own rank, if the user gives the order. */
  rank?(options: WantedOutputs): number;
  /** Further files that it may write: some names are known only at the end. */
  existing?(stem: string): Promise<readonly string[]>;
  /** Loads its code in advance, while the engine loads its networks. */
  load?(): Promise<unknown>;
  /** Opens it. On failure, everything it has opened is closed again. @throws BodyscriptError `OUTPUT_NOT_WRITABLE` */
  open(context: ContextOf<N>): Promise<Output<N>>;
}

/** An output that is open. It takes frames in order, then is finished and published, or abandoned at any time. */
export interface Output<N extends Needs = Needs> {
  /** Read between two writes, for an output that resumes. */
  readonly state?: OutputState;
  /** Advice for the user about the files, complete after `finish`. */
  readonly warnings?: readonly string[];
  /** Entries for the run record, complete after `finish`. */
  readonly record?: { readonly quality?: Quality };
  /** Path of the finished file until it is published. */
  readonly finishedFile?: string;
  /** Settles when the frame's pixels are no longer needed. */
  write(taken: Taken[N]): Promise<void> | void;
  /** After the last frame: completes the files, still under `*.partial` names; all outputs are published together. */
  finish(): Promise<void>;
  /** Gives the finished files their final names. @returns these; a folder of files ends with a slash */
  publish(): Promise<readonly string[]>;
  /**
   * Stops early and closes everything open; safe at any time and more than once. Growing files stay as `*.partial`, the
   * rest is removed.
   */
  abandon(): Promise<void>;
}
