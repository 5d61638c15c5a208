import type { Box } from '../model/person-box.js';
import { FRACTION_BITS, isYuv, type Picture, planeLayout, rgbTables } from '../model/picture.js';
import type { Range } from './sampling.js';

/** For each sample along an axis: the first pixel that it is a mean of, and the weights of that and the following ones, which sum up to 1. */
interface Axis {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `most` for each sample. */
  readonly weights: Float32Array;
  readonly most: number;
}

/** One channel of a picture in its bytes. */
interface Channel {
  readonly data: Uint8Array;
  readonly offset: number;
  /** Bytes from a pixel to the next. */
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Weights of a triangle around each sample's place: two pixels wide where the picture is enlarged, which is bilinear sampling, and two samples wide where it
 * is made smaller, which leaves no pixel out (as Pillow's `resize` with `BILINEAR`).
 */
function axisOf(from: number, to: number, size: number, pixels: number): Axis {
  const step = (to - from) / size;
  const reach = Math.max(1, step);
  const most = Math.ceil(2 * reach) + 1;
  const [first, count] = [new Int32Array(size), new Int32Array(size)];
  const weights = new Float32Array(size * most);
  for (let i = 0; i < size; i++) {
    // Pixels are squares: the middle of the first one lies at a half.
    const place = Math.min(Math.max(from + (i + 0.5) * step, 0.5), pixels - 0.5);
    first[i] = Math.max(0, Math.ceil(place - reach - 0.5));
    count[i] = Math.min(most, Math.min(pixels - 1, Math.floor(place + reach - 0.5)) - first[i] + 1);
    let total = 0;
    for (let k = 0; k < count[i]; k++) total += weightAt((first[i] + k + 0.5 - place) / reach);
    for (let k = 0; k < count[i]; k++) {
      weights[i * most + k] = weightAt((first[i] + k + 0.5 - place) / reach) / total;
    }
  }
  return { first, count, weights, most };
}

const weightAt = (distance: number) => Math.max(0, 1 - Math.abs(distance));

/** Resamples a part of a channel into `size` x `size` values of 0-255: each row of samples from the rows of pixels that it lies over, then along the row. */
function resample(channel: Channel, part: Box, size: number): Float32Array {
  const { data, offset, step, width, height } = channel;
  const across = axisOf(part.left, part.right, size, width);
  const down = axisOf(part.top, part.bottom, size, height);
  const begin = across.first[0];
  const end = across.first[size - 1] + across.count[size - 1];
  const row = new Float32Array(width);
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    row.fill(0, begin, end);
    for (let k = 0; k < down.count[y]; k++) {
      const weight = down.weights[y * down.most + k];
      const line = offset + (down.first[y] + k) * width * step;
      for (let x = begin, at = line + begin * step; x < end; x++, at += step) row[x] += weight * data[at];
    }
    for (let x = 0; x < size; x++) {
      const from = across.first[x];
      let sum = 0;
      for (let k = 0; k < across.count[x]; k++) sum += across.weights[x * across.most + k] * row[from + k];
      out[y * size + x] = sum;
    }
  }
  return out;
}

/**
 * Stretches a part of a picture, along both axes separately, into `size` x `size` values for each of red, green and blue, plane by plane. The samples are
 * means of all pixels that they lie over.
 * @param part within the picture, not empty
 */
export function stretchPart(picture: Picture, part: Box, size: number, range: Range, out: Float32Array): void {
  const { width, height, data } = picture;
  const { scale, offset } = range;
  const plane = size * size;
  if (!isYuv(picture)) {
    for (let channel = 0; channel < 3; channel++) {
      const values = resample({ data, offset: channel, step: 4, width, height }, part, size);
      for (let i = 0; i < plane; i++) out[channel * plane + i] = values[i] * scale + offset;
    }
    return;
  }
  const { chromaWidth, chromaHeight, cb, cr } = planeLayout(width, height);
  const chroma = { data, step: 1, width: chromaWidth, height: chromaHeight };
  const half = { left: part.left / 2, top: part.top / 2, right: part.right / 2, bottom: part.bottom / 2 };
  const lumas = resample({ data, offset: 0, step: 1, width, height }, part, size);
  const blues = resample({ ...chroma, offset: cb }, half, size);
  const reds = resample({ ...chroma, offset: cr }, half, size);
  const { red, blue, greenOfLuma, greenOfChroma, clamped } = rgbTables(picture.matrix);
  for (let i = 0; i < plane; i++) {
    const luma = (lumas[i] + 0.5) | 0;
    const u = (blues[i] + 0.5) | 0;
    const v = (reds[i] + 0.5) | 0;
    out[i] = red[(luma << 8) | v] * scale + offset;
    out[i + plane] = clamped[(greenOfLuma[luma] + greenOfChroma[(u << 8) | v]) >> FRACTION_BITS] * scale + offset;
    out[i + 2 * plane] = blue[(luma << 8) | u] * scale + offset;
  }
}
