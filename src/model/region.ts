/** A rotated square of a picture in which to search for a person. */
export interface Region {
  /** Centre in pixels. */
  readonly x: number;
  readonly y: number;
  /** Length of a side in pixels. */
  readonly size: number;
  /** Clockwise rotation in radians from an upright figure to this one. */
  readonly rotation: number;
}
