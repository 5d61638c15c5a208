/** A small picture of 8-bit RGBA pixels that a tone operation may write into. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `width * height * 4` bytes. */
  readonly data: Uint8Array;
}

/** Changes the colours of a picture in place, not its geometry. */
export type Tone = (pixels: Pixels) => void;

/** Rounds and clips to 0-255, as OpenCV's `saturate_cast<uchar>` does. */
export function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}

/** Luma of BT.601, 0-255, of each pixel: OpenCV's `COLOR_RGB2GRAY`. */
export function lumaOf({ data }: Pixels): Uint8Array {
  const luma = new Uint8Array(data.length / 4);
  for (let i = 0; i < luma.length; i++) {
    // A mean of bytes needs no clipping.
    luma[i] = (0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]! + 0.5) | 0;
  }
  return luma;
}

/** Replaces each channel's value with its entry in a table of 256. */
export function applyTable({ data }: Pixels, table: ArrayLike<number>): void {
  for (let i = 0; i < data.length; i++) if ((i & 3) !== 3) data[i] = table[data[i]!]!;
}

/** Sets each pixel's luma and keeps its colour differences. */
export function replaceLuma({ data }: Pixels, before: Uint8Array, after: Uint8Array): void {
  const clipped = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let i = 0, k = 0; i < before.length; i++, k += 4) {
    const change = after[i]! - before[i]!;
    clipped[k] = data[k]! + change;
    clipped[k + 1] = data[k + 1]! + change;
    clipped[k + 2] = data[k + 2]! + change;
  }
}

/** Counts of the values 0-255. */
export function histogram(values: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = 0; i < values.length; i++) counts[values[i]!]!++;
  return counts;
}
