/** The unit of a value. */
type Unit = 'm' | 's' | 'm/s' | 'px/m' | '%';

/** A value with its uncertainty, of one person. */
export interface Measurement {
  /** `distance`, `jump_height_by_flight`. */
  readonly measure: string;
  readonly value: number;
  readonly unit: Unit;
  /** One standard deviation, in the same unit. */
  readonly uncertainty: number;
  /** Seconds on the table's clock: the time span of the value. */
  readonly from: number;
  readonly to: number;
  /** Remarks on this value; semicolons separate the parts. */
  readonly note: string;
}

/** Combines independent uncertainties. */
export function inQuadrature(...deviations: readonly number[]): number {
  return Math.hypot(...deviations);
}

/** Joins the notes that are not empty. */
export function joinNotes(...notes: readonly (string | undefined)[]): string {
  return notes.filter(note => note !== undefined && note !== '').join('; ');
}
