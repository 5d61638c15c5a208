import type { FilmOptions } from '../encode/video-encoder.js';
import type { CsvDialect } from '../formats/csv-dialect.js';
import type { CsvLayout } from '../formats/csv-writer.js';
import type { ExportFormat } from '../formats/export-formats.js';

/** Where an output goes: `auto` its own place below the output folder, `-` stdout, else a file. */
export type OutputPlace = string;

/** The overlay's style. */
export interface OverlayOptions extends FilmOptions {
  /** Joints that are neither this visible nor this sure are not drawn, 0-1. */
  readonly minVisibility: number;
  /** Whether frame, time and strategy are written into the picture. */
  readonly labels: boolean;
}

/** Which outputs there are, and how they look. */
export interface WantedOutputs {
  /** `undefined`: no table. */
  readonly csv: OutputPlace | undefined;
  readonly csvLayout: CsvLayout;
  /** Of all CSV files; undefined: plain, as before there was a choice, so that hashes stay. */
  readonly csvDialect?: CsvDialect | undefined;
  /** `undefined`: no NDJSON. */
  readonly ndjson: OutputPlace | undefined;
  /** `undefined`: no overlay. */
  readonly overlay: (OverlayOptions & { readonly to: OutputPlace }) | undefined;
  /** Whether `NAME.angles.csv` is written. */
  readonly angles: boolean;
  /** Whether `NAME.quality.json` is written. */
  readonly quality: boolean;
  /** Formats of other tools that the table is written in as well. */
  readonly exports: readonly ExportFormat[];
  /**
   * Metres from head to heel, to scale the pixels of exported markers; undefined: markers are the networks' own metres.
   */
  readonly personHeight: number | undefined;
  /** Whether `NAME.contact-sheet.jpg` and `NAME.thumbnail.jpg` are made. */
  readonly contactSheet: boolean;
  readonly thumbnail: boolean;
  /** Seconds of `NAME.preview.mp4`; undefined: none. */
  readonly preview: number | undefined;
  /** Whether `NAME.plots.svg` and `NAME.plots.png` are drawn. */
  readonly plots: boolean;
  /** Whether `NAME.attempts.ndjson` is written. */
  readonly explain: boolean;
}

/** For a caller that wants few: none at all. */
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
