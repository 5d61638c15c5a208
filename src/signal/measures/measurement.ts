/** What a value is in. */
type Unit = 'm' | 's' | 'm/s' | 'px/m' | '%';

/** A value with its uncertainty, of one person. */
export interface Measurement {
  /** `distance`, `jump_height_by_flight`. */
  readonly measure: string;
  readonly value: number;
  readonly unit: Unit;
  /** One standard deviation, in the same unit. */
  readonly uncertainty: number;
  /** Seconds on the table's clock: what the value is of. */
  readonly from: number;
  readonly to: number;
  /** What to know about this value; parts are separated by semicolons. */
  readonly note: string;
}

/** Independent uncertainties together. */
export function inQuadrature(...deviations: readonly number[]): number {
  return Math.hypot(...deviations);
}

/** Notes without the empty ones. */
export function joinNotes(...notes: readonly (string | undefined)[]): string {
  return notes.filter(note => note !== undefined && note !== '').join('; ');
}
