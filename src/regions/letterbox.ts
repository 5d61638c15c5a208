import type { Box } from '../model/person-box.js';
import { FRACTION_BITS, isYuv, type Picture, planeLayout, rgbTables } from '../model/picture.js';
import type { Range } from './sampled-values.js';

/** One of the three planes that a network reads. */
export interface ColourPlane extends Range {
  readonly colour: 'red' | 'green' | 'blue';
}

/** One channel of a picture's bytes. */
interface Channel {
  readonly data: Uint8Array;
  readonly offset: number;
  /** Bytes from a pixel to the next. */
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** The pixels along an axis that each sample averages. */
interface Axis {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** This many for each sample, of which `count` are used; their sum is 1. */
  readonly weights: Float32Array;
  readonly most: number;
}

/**
 * A triangle of weights around each sample's position. Enlarging spans two pixels, which is bilinear sampling; reducing
 * spans two samples, so that no pixel is left out (like `resize` with `BILINEAR` in Pillow).
 * @param start where the first sample begins, in pixels
 * @param step pixels from a sample to the next
 * @param pixels number of available pixels
 */
function axisOf(start: number, step: number, size: number, pixels: number): Axis {
  const reach = Math.max(1, step);
  const most = Math.ceil(2 * reach) + 1;
  const [first, count] = [new Int32Array(size), new Int32Array(size)];
  const weights = new Float32Array(size * most);
  for (let i = 0; i < size; i++) {
    // The centre of the first pixel is at a half.
    const place = Math.min(Math.max(start + (i + 0.5) * step, 0.5), pixels - 0.5);
    first[i] = Math.max(0, Math.ceil(place - reach - 0.5));
    count[i] = Math.min(pixels - 1, Math.floor(place + reach - 0.5)) - first[i]! + 1;
    const weight = (k: number) => Math.max(0, 1 - Math.abs(first[i]! + k + 0.5 - place) / reach);
    let total = 0;
    for (let k = 0; k < count[i]!; k++) total += weight(k);
    for (let k = 0; k < count[i]!; k++) weights[i * most + k] = weight(k) / total;
  }
  return { first, count, weights, most };
}

/** Samples one channel row by row: down the columns first, then along the row. */
class ChannelSampler {
  readonly #channel: Channel;
  readonly #across: Axis;
  readonly #down: Axis;
  readonly #columns: Float32Array;
  readonly #begin: number;
  readonly #end: number;
  /** The row that was sampled last, 0-255. */
  readonly row: Float32Array;

  /** @param scale pixels of this channel per pixel of the picture, along each axis */
  constructor(channel: Channel, seen: Box, size: number, scale: number) {
    const step = ((seen.right - seen.left) / size) * scale;
    this.#channel = channel;
    this.#across = axisOf(seen.left * scale, step, size, channel.width);
    this.#down = axisOf(seen.top * scale, step, size, channel.height);
    this.#begin = this.#across.first[0]!;
    this.#end = this.#across.first[size - 1]! + this.#across.count[size - 1]!;
    this.#columns = new Float32Array(channel.width);
    this.row = new Float32Array(size);
  }

  sample(y: number): void {
    const { data, offset, step, width } = this.#channel;
    const [across, down, columns, row] = [this.#across, this.#down, this.#columns, this.row];
    const [begin, end] = [this.#begin, this.#end];
    columns.fill(0, begin, end);
    for (let k = 0; k < down.count[y]!; k++) {
      const weight = down.weights[y * down.most + k]!;
      const line = offset + (down.first[y]! + k) * width * step;
      for (let x = begin, at = line + begin * step; x < end; x++, at += step) columns[x]! += weight * data[at]!;
    }
    for (let x = 0; x < row.length; x++) {
      const from = across.first[x]!;
      let sum = 0.5;
      for (let k = 0; k < across.count[x]!; k++) sum += across.weights[x * across.most + k]! * columns[from + k]!;
      row[x] = sum;
    }
  }
}

type Colours = Readonly<Record<ColourPlane['colour'], Uint8Array>>;

/** Samples rows of red, green and blue. For a `YuvImage` they are mixed from sampled luma and chroma. */
function rowSampler(picture: Picture, seen: Box, size: number): { colours: Colours; sample: (y: number) => void } {
  const { width, height, data } = picture;
  const colours = { red: new Uint8Array(size), green: new Uint8Array(size), blue: new Uint8Array(size) };
  if (!isYuv(picture)) {
    const [red, green, blue] = [0, 1, 2].map(
      offset => new ChannelSampler({ data, offset, step: 4, width, height }, seen, size, 1),
    );
    const sample = (y: number) => {
      for (const [channel, out] of [
        [red, colours.red],
        [green, colours.green],
        [blue, colours.blue],
      ] as const) {
        channel!.sample(y);
        out.set(channel!.row);
      }
    };
    return { colours, sample };
  }
  const { chromaWidth, chromaHeight, cb, cr } = planeLayout(width, height);
  const chroma = { data, step: 1, width: chromaWidth, height: chromaHeight };
  const lumas = new ChannelSampler({ data, offset: 0, step: 1, width, height }, seen, size, 1);
  const blues = new ChannelSampler({ ...chroma, offset: cb }, seen, size, 0.5);
  const reds = new ChannelSampler({ ...chroma, offset: cr }, seen, size, 0.5);
  const { red, blue, greenOfLuma, greenOfChroma, clamped } = rgbTables(picture.matrix);
  const sample = (y: number) => {
    lumas.sample(y);
    blues.sample(y);
    reds.sample(y);
    for (let x = 0; x < size; x++) {
      const luma = lumas.row[x]! | 0;
      const u = blues.row[x]! | 0;
      const v = reds.row[x]! | 0;
      colours.red[x] = red[(luma << 8) | v]!;
      colours.green[x] = clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> FRACTION_BITS]!;
      colours.blue[x] = blue[(luma << 8) | u]!;
    }
  };
  return { colours, sample };
}

/**
 * Fits a part of a picture into a square, with its proportions and on black, as `size` x `size` values for each of
 * three planes. Each sample is the mean of the pixels it covers, rounded to 8 bits.
 * @param part within the picture, not empty
 * @returns the square shown, in pixels of the picture, centred on the part
 */
export function letterbox(
  picture: Picture,
  part: Box,
  size: number,
  planes: readonly ColourPlane[],
  out: Float32Array,
): Box {
  const half = Math.max(part.right - part.left, part.bottom - part.top) / 2;
  const [x, y] = [(part.left + part.right) / 2, (part.top + part.bottom) / 2];
  const seen = { left: x - half, top: y - half, right: x + half, bottom: y + half };
  const sampleOf = (place: number, start: number) => Math.round(((place - start) * size) / (2 * half));
  const [left, right] = [sampleOf(part.left, seen.left), sampleOf(part.right, seen.left)];
  const [top, bottom] = [sampleOf(part.top, seen.top), sampleOf(part.bottom, seen.top)];
  const { colours, sample } = rowSampler(picture, seen, size);
  const area = size * size;
  for (const [plane, { offset }] of planes.entries()) out.fill(offset, plane * area, (plane + 1) * area);
  for (let row = top; row < bottom; row++) {
    sample(row);
    for (const [plane, { colour, scale, offset }] of planes.entries()) {
      const values = colours[colour];
      const line = plane * area + row * size;
      for (let column = left; column < right; column++) out[line + column] = values[column]! * scale + offset;
    }
  }
  return seen;
}
