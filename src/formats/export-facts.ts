/** What formats are told beside the frames. */
export interface ExportFacts {
  /** Path of the results without suffix: `results/walk`. */
  readonly stem: string;
  /** Of the displayed picture, in pixels. */
  readonly display: { readonly width: number; readonly height: number };
  /** Metres: scales pixels. Undefined: markers are the networks' own metres. */
  readonly personHeight: number | undefined;
  /**
   * Joints less sure are absent, 0-1: by their confidence, or by their visibility where they have none.
   * `USUAL_CONFIDENCE` if not given.
   */
  readonly minConfidence?: number | undefined;
  /** The table's cycles, a CSV file, where there are some: a workbook has them as well. */
  readonly cycles?: string | undefined;
}

/** From here on a joint is rather where it is told than not. */
export const USUAL_CONFIDENCE = 0.5;
