/** What a sample outside of the picture is: black, or the nearest pixel. */
export type Border = 'black' | 'nearest';

/** How 0-255 becomes what a network reads: `value * scale + offset`. */
export interface Range {
  readonly scale: number;
  readonly offset: number;
}
