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
 * All settings of a run, complete and validated. The run record stores it unchanged.
 *
 * `source` and `analysis` decide the table's numbers, `outputs` the files made from them, `machine` neither: see
 * `options-hash.ts`, which requires field names to be unique across all groups.
 */
export interface AnalyzeOptions {
  readonly source: SourceOptions;
  readonly analysis: AnalysisOptions;
  readonly outputs: OutputOptions;
  readonly machine: MachineOptions;
}

/** The input: which frames of which stream, and its orientation. */
export interface SourceOptions {
  readonly selection: FrameSelection;
  /** Clockwise rotation in degrees instead of the file's own. */
  readonly rotate: 0 | 90 | 180 | 270 | undefined;
  /** Whether the video is stored mirrored, as selfies are: left and right are still the person's own. */
  readonly mirror: true | undefined;
  /** Index of the video stream in the file, instead of the default choice. */
  readonly videoStream: number | undefined;
  /** Undefined: `auto`, as before the option existed, so that hashes stay the same. */
  readonly deinterlace?: Exclude<DeinterlaceChoice, 'auto'> | undefined;
  /** Frames per second of an image sequence. */
  readonly sequenceFps: number;
  /** ffmpeg's name of the container, if the bytes do not reveal it. */
  readonly inputFormat: string | undefined;
  /** Times of the table are the file's, multiplied by this; `--start` and `--end` refer to the file's own playback. */
  readonly timeScale: TimeScaleChoice;
}

/** How to find poses: together with the source this determines the numbers. */
export interface AnalysisOptions {
  readonly mode: ModeName;
  /** Poses with a lower score are dropped, 0-1. For modes that judge poses. */
  readonly minScore: number;
  /**
   * Which person to follow if one is requested; a point is in pixels of the displayed video, before `maxSize`. For
   * modes that judge poses.
   */
  readonly person: PersonChoice;
  /** Maximum number of retries for one frame. */
  readonly maxAttempts: number;
  /** Whether to swap back left and right that were swapped against the motion. */
  readonly fixSwaps: boolean;
  /** Look-ahead frames, 0-8; fewer if that many pictures would be too large. For modes that judge poses. */
  readonly lookAhead: number;
  /** Longer side of the analysed picture and the overlay in pixels, if scaled down. */
  readonly maxSize: number | undefined;
  readonly engineName: EngineChoice;
  /**
   * Whether the video is analysed in segments beside each other; `auto`: long ones. Undefined: in one piece. The poses
   * after a cut depend on it.
   */
  readonly segments?: 'on' | 'auto' | undefined;
  readonly engine: Omit<EngineOptions, 'threads' | 'modelSha256' | 'helpers'>;
}

/** The outputs made from the numbers, and their destination. */
export interface OutputOptions extends WantedOutputs {
  readonly outDir: string;
  /** Whether to write `NAME.run.json`. */
  readonly record: boolean;
}

/**
 * What a run may do and use, and what it rejects. If it yields a result, that is the same under all of these settings.
 */
export interface MachineOptions {
  readonly overwrite: boolean;
  /** Files that the command reads besides its videos: a configuration, a list. No output may be one of them. */
  readonly alsoRead?: readonly string[];
  /** Memory limit in bytes for the whole process tree. */
  readonly maxMemory: number | undefined;
  /** Videos with larger pictures are rejected, in pixels. */
  readonly maxPixels: number;
  readonly ffmpeg: string | undefined;
  readonly ffprobe: string | undefined;
  /** Threads of one network's run, at least 1. */
  readonly threads: number;
  /** Segments that are analysed at a time; undefined: as many as there are cores. */
  readonly segmentsAtOnce?: number | undefined;
  /** Rejects a model with another SHA-256 (hexadecimal). */
  readonly modelSha256: string | undefined;
}
