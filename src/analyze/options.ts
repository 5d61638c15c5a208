import type { FrameSelection } from '../decode/selection.js';
import type { EngineOptions } from '../engine/pose-engine.js';
import type { EngineChoice } from '../engine/worker/create-engine.js';
import type { CsvLayout } from '../formats/csv-writer.js';
import type { ExportFormat } from '../formats/export-formats.js';
import type { OverlayOptions } from '../outputs/overlay.js';
import type { ModeName } from '../strategies/modes.js';
import type { PersonChoice } from '../tracking/choose-person.js';

/** Where an output goes: `auto` its own place below the output folder, `-` stdout, else a file. */
export type OutputPlace = string;

/** Everything that decides what a run does, complete and checked. The run record holds it as it is. */
export interface AnalyzeOptions {
  readonly outDir: string;
  readonly overwrite: boolean;
  /** Files that the command reads beside its videos: a configuration, a list. No output may be one of them. */
  readonly alsoRead?: readonly string[];
  readonly mode: ModeName;
  /** Poses below are left out, 0-1. For the modes that judge poses. */
  readonly minScore: number;
  /** Whom to follow when one person is wanted; a place is in pixels of the analysed picture. For the modes that judge poses. */
  readonly person: PersonChoice;
  /** Looks at one frame beyond the first, at most. */
  readonly maxAttempts: number;
  /** Whether left and right that changed places against the motion are exchanged back. */
  readonly fixSwaps: boolean;
  /** Frames that a frame's poses wait for, 0-8; fewer where so many pictures are too much. For the modes that judge poses. */
  readonly lookAhead: number;
  /** Whether `NAME.attempts.ndjson` is written. */
  readonly explain: boolean;
  /** Whether `NAME.angles.csv` is written. */
  readonly angles: boolean;
  /** Whether `NAME.quality.json` is written. */
  readonly quality: boolean;
  /** Formats of other tools that the table is written in as well. */
  readonly exports: readonly ExportFormat[];
  /** Metres from head to heel, to scale the pixels of exported markers; undefined: markers are the networks' own metres. */
  readonly personHeight: number | undefined;
  /** Whether `NAME.contact-sheet.jpg` and `NAME.thumbnail.jpg` are made. */
  readonly contactSheet: boolean;
  readonly thumbnail: boolean;
  /** Seconds of `NAME.preview.mp4`; undefined: none. */
  readonly preview: number | undefined;
  /** Whether `NAME.plots.svg` and `NAME.plots.png` are drawn. */
  readonly plots: boolean;
  readonly engineName: EngineChoice;
  readonly engine: EngineOptions;
  readonly selection: FrameSelection;
  /** Longer side of the analysed picture and the overlay in pixels, if made smaller. */
  readonly maxSize: number | undefined;
  /** Videos with larger pictures are refused, in pixels. */
  readonly maxPixels: number;
  /** Clockwise turn in degrees in place of the file's own. */
  readonly rotate: 0 | 90 | 180 | 270 | undefined;
  /** Index of the video stream in the file, in place of the default choice. */
  readonly videoStream: number | undefined;
  /** Frames per second of an image sequence. */
  readonly sequenceFps: number;
  /** ffmpeg's name of the container, where it cannot be told from the bytes. */
  readonly inputFormat: string | undefined;
  /** `undefined`: no table. */
  readonly csv: OutputPlace | undefined;
  readonly csvLayout: CsvLayout;
  /** `undefined`: no NDJSON. */
  readonly ndjson: OutputPlace | undefined;
  /** `undefined`: no overlay. */
  readonly overlay: (OverlayOptions & { readonly to: OutputPlace }) | undefined;
  /** Whether `NAME.run.json` is written. */
  readonly record: boolean;
  /** Bytes for the whole process tree. */
  readonly maxMemory: number | undefined;
  readonly ffmpeg: string | undefined;
  readonly ffprobe: string | undefined;
}
