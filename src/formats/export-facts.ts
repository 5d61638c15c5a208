/** Input of formats in addition to the frames. */
export interface ExportFacts {
  /** Path of the results without suffix: `results/walk`. */
  readonly stem: string;
  /** Size of the displayed picture, in pixels. */
  readonly display: { readonly width: number; readonly height: number };
  /** Person's height in metres: scales pixels. Undefined: markers are in the networks' own metres. */
  readonly personHeight: number | undefined;
  /**
   * Joints of lower confidence are left out, 0-1: by their confidence, or by their visibility if they have none.
   * `USUAL_CONFIDENCE` by default.
   */
  readonly minConfidence?: number | undefined;
  /** The table's cycles, a CSV file, if it has any: a workbook includes them. */
  readonly cycles?: string | undefined;
}

/** From here on a joint is more likely at its reported position than not. */
export const USUAL_CONFIDENCE = 0.5;
