/** What formats are told beside the frames. */
export interface ExportFacts {
  /** Path of the results without suffix: `results/walk`. */
  readonly stem: string;
  /** Of the displayed picture, in pixels. */
  readonly display: { readonly width: number; readonly height: number };
  /** Metres: scales pixels. Undefined: markers are the networks' own metres. */
  readonly personHeight: number | undefined;
}
