/** Values outside the picture: black, or the nearest pixel's. */
export type Border = 'black' | 'nearest';

/** Maps 0-255 to a network's input: `value * scale + offset`. */
export interface Range {
  readonly scale: number;
  readonly offset: number;
}
