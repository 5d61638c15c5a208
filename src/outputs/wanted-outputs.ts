import type { FilmOptions } from '../encode/video-encoder.js';
import type { CsvDialect } from '../formats/csv-dialect.js';
import type { CsvLayout } from '../formats/csv-writer.js';
import type { ExportFormat } from '../formats/export-formats.js';

/** Destination of an output: `auto` its own path below the output folder, `-` stdout, otherwise a file. */
export type OutputPlace = string;

/** The overlay's style. */
export interface OverlayOptions extends FilmOptions {
  /** Joints with neither this visibility nor this confidence are not drawn, 0-1. */
  readonly minVisibility: number;
  /** Whether to write frame, time and strategy into the picture. */
  readonly labels: boolean;
}

/** The requested outputs, and their appearance. */
export interface WantedOutputs {
  /** `undefined`: no table. */
  readonly csv: OutputPlace | undefined;
  readonly csvLayout: CsvLayout;
  /** For all CSV files; undefined: plain, as before the option existed, so that hashes stay the same. */
  readonly csvDialect?: CsvDialect | undefined;
  /** `undefined`: no NDJSON. */
  readonly ndjson: OutputPlace | undefined;
  /** `undefined`: no overlay. */
  readonly overlay: (OverlayOptions & { readonly to: OutputPlace }) | undefined;
  /** Whether to write `NAME.angles.csv`. */
  readonly angles: boolean;
  /** Whether to write `NAME.quality.json`. */
  readonly quality: boolean;
  /** Additional formats of other tools for the table. */
  readonly exports: readonly ExportFormat[];
  /**
   * Metres from head to heel, to scale the pixels of exported markers; undefined: markers are in the networks' own
   * metres.
   */
  readonly personHeight: number | undefined;
  /** Whether to make `NAME.contact-sheet.jpg` and `NAME.thumbnail.jpg`. */
  readonly contactSheet: boolean;
  readonly thumbnail: boolean;
  /** Seconds of `NAME.preview.mp4`; undefined: none. */
  readonly preview: number | undefined;
  /** Whether to draw `NAME.plots.svg` and `NAME.plots.png`. */
  readonly plots: boolean;
  /** Whether to write `NAME.attempts.ndjson`. */
  readonly explain: boolean;
}

/** For callers that need few: none at all. */
export const NO_OUTPUTS: WantedOutputs = {
  csv: undefined,
  csvLayout: 'long',
  ndjson: undefined,
  overlay: undefined,
  angles: false,
  quality: false,
  exports: [],
  personHeight: undefined,
  contactSheet: false,
  thumbnail: false,
  preview: undefined,
  plots: false,
  explain: false,
};
