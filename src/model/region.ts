/** A rotated square of a picture, where somebody is looked for. */
export interface Region {
  /** Middle in pixels. */
  readonly x: number;
  readonly y: number;
  /** Length of a side in pixels. */
  readonly size: number;
  /** Clockwise turn in radians that brings an upright figure to where it is. */
  readonly rotation: number;
}
