import type { DeinterlaceChoice } from '../decode/deinterlace.js';
import type { FrameSelection } from '../decode/selection.js';
import type { TimeScaleChoice } from '../decode/time-scale.js';
import type { EngineOptions } from '../engine/pose-engine.js';
import type { EngineChoice } from '../engine/worker/create-engine.js';
import type { WantedOutputs } from '../outputs/wanted-outputs.js';
import type { ModeName } from '../strategies/modes.js';
import type { PersonChoice } from '../tracking/choose-person.js';

export type { OutputPlace } from '../outputs/wanted-outputs.js';

/**
 * Everything that decides what a run does, complete and checked. The run record holds it as it is.
 *
 * `source` and `analysis` decide the numbers of the table, `outputs` what is made of them, `machine` neither: see
 * `options-hash.ts`, which needs each field to have a name of its own among all groups.
 */
export interface AnalyzeOptions {
  readonly source: SourceOptions;
  readonly analysis: AnalysisOptions;
  readonly outputs: OutputOptions;
  readonly machine: MachineOptions;
}

/** What is read: which frames of which stream, and which way up. */
export interface SourceOptions {
  readonly selection: FrameSelection;
  /** Clockwise turn in degrees in place of the file's own. */
  readonly rotate: 0 | 90 | 180 | 270 | undefined;
  /** Whether the video is stored mirrored, as selfies are: left and right are the person's own all the same. */
  readonly mirror: true | undefined;
  /** Index of the video stream in the file, in place of the default choice. */
  readonly videoStream: number | undefined;
  /** Undefined: `auto`, as before there was a choice, so that hashes stay. */
  readonly deinterlace?: Exclude<DeinterlaceChoice, 'auto'> | undefined;
  /** Frames per second of an image sequence. */
  readonly sequenceFps: number;
  /** ffmpeg's name of the container, where it cannot be told from the bytes. */
  readonly inputFormat: string | undefined;
  /** Times of the table are the file's, multiplied by this; `--start` and `--end` are of the file as it plays. */
  readonly timeScale: TimeScaleChoice;
}

/** How poses are found: with the source, what decides the numbers. */
export interface AnalysisOptions {
  readonly mode: ModeName;
  /** Poses below are left out, 0-1. For the modes that judge poses. */
  readonly minScore: number;
  /**
   * Whom to follow when looking for one person; a place is in pixels of the displayed video, before `maxSize`. For the
   * modes that judge poses.
   */
  readonly person: PersonChoice;
  /** Attempts at one frame beyond the first, at most. */
  readonly maxAttempts: number;
  /** Whether left and right that changed places against the motion are swapped back. */
  readonly fixSwaps: boolean;
  /**
   * Frames that a frame's poses wait for, 0-8; fewer where so many pictures are too much. For the modes that judge
   * poses.
   */
  readonly lookAhead: number;
  /** Longer side of the analysed picture and the overlay in pixels, if made smaller. */
  readonly maxSize: number | undefined;
  readonly engineName: EngineChoice;
  /**
   * Whether the video is analysed in segments beside each other; `auto`: long ones. Undefined: in one piece. The poses
   * after a cut depend on it.
   */
  readonly segments?: 'on' | 'auto' | undefined;
  readonly engine: Omit<EngineOptions, 'threads' | 'modelSha256' | 'helpers'>;
}

/** What is made of the numbers, and where it goes. */
export interface OutputOptions extends WantedOutputs {
  readonly outDir: string;
  /** Whether `NAME.run.json` is written. */
  readonly record: boolean;
}

/** What a run may do and use, and what it refuses. Where it comes to a result, that is the same under all of them. */
export interface MachineOptions {
  readonly overwrite: boolean;
  /** Files that the command reads beside its videos: a configuration, a list. No output may be one of them. */
  readonly alsoRead?: readonly string[];
  /** Bytes for the whole process tree. */
  readonly maxMemory: number | undefined;
  /** Videos with larger pictures are refused, in pixels. */
  readonly maxPixels: number;
  readonly ffmpeg: string | undefined;
  readonly ffprobe: string | undefined;
  /** Threads of one network's run, at least 1. */
  readonly threads: number;
  /** Segments that are analysed at a time; undefined: as many as there are cores. */
  readonly segmentsAtOnce?: number | undefined;
  /** Refuses a model whose bytes have another SHA-256 (hexadecimal). */
  readonly modelSha256: string | undefined;
}
