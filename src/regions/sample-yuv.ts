import { planeLayout, rgbTables, type YuvImage } from '../model/picture.js';
import { type Grid, STEPS } from './grid.js';
import type { Border, Range } from './sampled-values.js';

// Constants local to this file: imported ones are looked up for each sample.
const STEP_BITS = 5;
const STEP_MASK = 31;
const GREEN_BITS = 16;
/** The four weights of a sample add up to 2^10. */
const WEIGHT_BITS = 10;
const WEIGHTS = 1024;
const ROUNDING = 512;

/** One row of samples: the first one's position, and the step to the next, in 1/32 of a pixel. */
interface Row {
  readonly index: number;
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/**
 * Samples the planes of a picture bilinearly and computes red, green and blue from them, without a picture in RGB. Bit
 * by bit the result of `sampleRgba` on `toRgba(image)`.
 */
export function sampleYuv(image: YuvImage, grid: Grid, border: Border, range: Range, out: Float32Array): void {
  const { size, cos, sin } = grid;
  for (let index = 0; index < size; index++) {
    const row = { index, size, x: grid.x - index * sin, y: grid.y + index * cos, stepX: cos, stepY: sin };
    if (isInside(image, row)) sampleInside(image, row, range, out);
    else if (border === 'nearest') sampleNearest(image, row, range, out);
    else sampleAtEdge(image, row, range, out);
  }
}

/** Whether all pixels that a row needs are in the picture: true if those of its ends are. */
function isInside({ width, height }: YuvImage, { size, x, y, stepX, stepY }: Row): boolean {
  const [endX, endY] = [x + (size - 1) * stepX, y + (size - 1) * stepY];
  const [lastX, lastY] = [(width - 1) * STEPS - 1, (height - 1) * STEPS - 1];
  return Math.min(x, endX, y, endY) >= 0 && Math.max(x, endX) <= lastX && Math.max(y, endY) <= lastY;
}

/** The four pixels around a position are written out: a loop over them takes twice as long. */
function sampleInside(
  { width, height, data, matrix }: YuvImage,
  { index, size, x, y, stepX, stepY }: Row,
  { scale, offset }: Range,
  out: Float32Array,
): void {
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  const { red, blue, greenOfLuma, greenOfChroma, clamped } = rgbTables(matrix);
  const crFromCb = cr - cb;
  const plane = size * size;
  for (let column = 0, i = index * size; column < size; column++, i++) {
    const placeX = (x + column * stepX) | 0;
    const placeY = (y + column * stepY) | 0;
    const x0 = placeX >> STEP_BITS;
    const y0 = placeY >> STEP_BITS;
    const fx = placeX & STEP_MASK;
    const fy = placeY & STEP_MASK;
    const w11 = fx * fy;
    const w01 = (fx << STEP_BITS) - w11;
    const w10 = (fy << STEP_BITS) - w11;
    const w00 = WEIGHTS - w01 - w10 - w11;
    const p = y0 * width + x0;
    const top = cb + (y0 >> 1) * chromaWidth;
    const bottom = cb + ((y0 + 1) >> 1) * chromaWidth;
    const left = x0 >> 1;
    const right = (x0 + 1) >> 1;
    let luma = data[p]!;
    let u = data[top + left]!;
    let v = data[top + left + crFromCb]!;
    let r = ROUNDING + w00 * red[(luma << 8) | v]!;
    let g = ROUNDING + w00 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    let b = ROUNDING + w00 * blue[(luma << 8) | u]!;
    luma = data[p + 1]!;
    u = data[top + right]!;
    v = data[top + right + crFromCb]!;
    r += w01 * red[(luma << 8) | v]!;
    g += w01 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    b += w01 * blue[(luma << 8) | u]!;
    luma = data[p + width]!;
    u = data[bottom + left]!;
    v = data[bottom + left + crFromCb]!;
    r += w10 * red[(luma << 8) | v]!;
    g += w10 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    b += w10 * blue[(luma << 8) | u]!;
    luma = data[p + width + 1]!;
    u = data[bottom + right]!;
    v = data[bottom + right + crFromCb]!;
    r += w11 * red[(luma << 8) | v]!;
    g += w11 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    b += w11 * blue[(luma << 8) | u]!;
    out[i] = (r >> WEIGHT_BITS) * scale + offset;
    out[i + plane] = (g >> WEIGHT_BITS) * scale + offset;
    out[i + 2 * plane] = (b >> WEIGHT_BITS) * scale + offset;
  }
}

/** The same; pixels beyond the edges repeat the nearest one. */
function sampleNearest(
  { width, height, data, matrix }: YuvImage,
  { index, size, x, y, stepX, stepY }: Row,
  { scale, offset }: Range,
  out: Float32Array,
): void {
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  const { red, blue, greenOfLuma, greenOfChroma, clamped } = rgbTables(matrix);
  const crFromCb = cr - cb;
  const plane = size * size;
  const [lastX, lastY] = [width - 1, height - 1];
  for (let column = 0, i = index * size; column < size; column++, i++) {
    const placeX = Math.floor(x + column * stepX);
    const placeY = Math.floor(y + column * stepY);
    let x0 = placeX >> STEP_BITS;
    let y0 = placeY >> STEP_BITS;
    let x1 = x0 + 1;
    let y1 = y0 + 1;
    x0 = x0 < 0 ? 0 : x0 > lastX ? lastX : x0;
    x1 = x1 < 0 ? 0 : x1 > lastX ? lastX : x1;
    y0 = y0 < 0 ? 0 : y0 > lastY ? lastY : y0;
    y1 = y1 < 0 ? 0 : y1 > lastY ? lastY : y1;
    const fx = placeX & STEP_MASK;
    const fy = placeY & STEP_MASK;
    const w11 = fx * fy;
    const w01 = (fx << STEP_BITS) - w11;
    const w10 = (fy << STEP_BITS) - w11;
    const w00 = WEIGHTS - w01 - w10 - w11;
    const top = cb + (y0 >> 1) * chromaWidth;
    const bottom = cb + (y1 >> 1) * chromaWidth;
    const left = x0 >> 1;
    const right = x1 >> 1;
    let luma = data[y0 * width + x0]!;
    let u = data[top + left]!;
    let v = data[top + left + crFromCb]!;
    let r = ROUNDING + w00 * red[(luma << 8) | v]!;
    let g = ROUNDING + w00 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    let b = ROUNDING + w00 * blue[(luma << 8) | u]!;
    luma = data[y0 * width + x1]!;
    u = data[top + right]!;
    v = data[top + right + crFromCb]!;
    r += w01 * red[(luma << 8) | v]!;
    g += w01 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    b += w01 * blue[(luma << 8) | u]!;
    luma = data[y1 * width + x0]!;
    u = data[bottom + left]!;
    v = data[bottom + left + crFromCb]!;
    r += w10 * red[(luma << 8) | v]!;
    g += w10 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    b += w10 * blue[(luma << 8) | u]!;
    luma = data[y1 * width + x1]!;
    u = data[bottom + right]!;
    v = data[bottom + right + crFromCb]!;
    r += w11 * red[(luma << 8) | v]!;
    g += w11 * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
    b += w11 * blue[(luma << 8) | u]!;
    out[i] = (r >> WEIGHT_BITS) * scale + offset;
    out[i + plane] = (g >> WEIGHT_BITS) * scale + offset;
    out[i + 2 * plane] = (b >> WEIGHT_BITS) * scale + offset;
  }
}

/** The same; pixels beyond the edges are black. */
function sampleAtEdge(
  { width, height, data, matrix }: YuvImage,
  { index, size, x, y, stepX, stepY }: Row,
  { scale, offset }: Range,
  out: Float32Array,
): void {
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  const { red, blue, greenOfLuma, greenOfChroma, clamped } = rgbTables(matrix);
  const plane = size * size;
  for (let column = 0, i = index * size; column < size; column++, i++) {
    const placeX = Math.floor(x + column * stepX);
    const placeY = Math.floor(y + column * stepY);
    let r = ROUNDING;
    let g = ROUNDING;
    let b = ROUNDING;
    for (let corner = 0; corner < 4; corner++) {
      const [right, down] = [corner & 1, corner >> 1];
      const pixelX = (placeX >> STEP_BITS) + right;
      const pixelY = (placeY >> STEP_BITS) + down;
      if (pixelX < 0 || pixelX >= width || pixelY < 0 || pixelY >= height) continue;
      const fx = placeX & STEP_MASK;
      const fy = placeY & STEP_MASK;
      const weight = (right ? fx : STEPS - fx) * (down ? fy : STEPS - fy);
      const luma = data[pixelY * width + pixelX]!;
      const chroma = cb + (pixelY >> 1) * chromaWidth + (pixelX >> 1);
      const u = data[chroma]!;
      const v = data[chroma + cr - cb]!;
      r += weight * red[(luma << 8) | v]!;
      g += weight * clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> GREEN_BITS]!;
      b += weight * blue[(luma << 8) | u]!;
    }
    out[i] = (r >> WEIGHT_BITS) * scale + offset;
    out[i + plane] = (g >> WEIGHT_BITS) * scale + offset;
    out[i + 2 * plane] = (b >> WEIGHT_BITS) * scale + offset;
  }
}
