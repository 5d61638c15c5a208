import { FRACTION_BITS, planeLayout, rgbTables, type YuvImage } from '../../model/picture.js';
import { type Grid, STEPS } from './grid.js';
import type { Border, Range } from './sampling.js';

const STEP_BITS = 5;
const STEP_MASK = STEPS - 1;
/** The four weights of a sample sum up to 2^10. */
const WEIGHT_BITS = 2 * STEP_BITS;
const ROUNDING = 1 << (WEIGHT_BITS - 1);

/**
 * Samples the planes of a picture bilinearly and mixes red, green and blue of them: no picture in RGB is ever made. Bit by bit what `sampleRgba`
 * makes of `toRgba(image)`.
 */
export function sampleYuv(
  { width, height, data, matrix }: YuvImage,
  { size, x, y, cos, sin }: Grid,
  border: Border,
  { scale, offset }: Range,
  out: Float32Array,
): void {
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  const { luma, redOfCr, greenOfCb, greenOfCr, blueOfCb, clamped } = rgbTables(matrix);
  const crFromCb = cr - cb;
  const plane = size * size;
  const isBlack = border === 'black';
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++, i++) {
      const placeX = Math.round(x + column * cos - row * sin);
      const placeY = Math.round(y + column * sin + row * cos);
      let x0 = placeX >> STEP_BITS;
      let y0 = placeY >> STEP_BITS;
      const fx = placeX & STEP_MASK;
      const fy = placeY & STEP_MASK;
      let x1 = x0 + 1;
      let y1 = y0 + 1;
      let w00 = (STEPS - fx) * (STEPS - fy);
      let w01 = fx * (STEPS - fy);
      let w10 = (STEPS - fx) * fy;
      let w11 = fx * fy;
      if (x0 < 0 || y0 < 0 || x1 >= width || y1 >= height) {
        if (isBlack) {
          if (x0 < 0) w00 = w10 = 0;
          if (x1 >= width) w01 = w11 = 0;
          if (y0 < 0) w00 = w01 = 0;
          if (y1 >= height) w10 = w11 = 0;
          if (x1 < 0 || y1 < 0 || x0 >= width || y0 >= height) w00 = w01 = w10 = w11 = 0;
        }
        x0 = x0 < 0 ? 0 : x0 >= width ? width - 1 : x0;
        x1 = x1 < 0 ? 0 : x1 >= width ? width - 1 : x1;
        y0 = y0 < 0 ? 0 : y0 >= height ? height - 1 : y0;
        y1 = y1 < 0 ? 0 : y1 >= height ? height - 1 : y1;
      }
      const top = cb + (y0 >> 1) * chromaWidth;
      const bottom = cb + (y1 >> 1) * chromaWidth;
      // The four pixels around the place, one after another.
      let light = luma[data[y0 * width + x0]];
      let blue = data[top + (x0 >> 1)];
      let red = data[top + (x0 >> 1) + crFromCb];
      let r = ROUNDING + w00 * clamped[(light + redOfCr[red]) >> FRACTION_BITS];
      let g = ROUNDING + w00 * clamped[(light + greenOfCb[blue] + greenOfCr[red]) >> FRACTION_BITS];
      let b = ROUNDING + w00 * clamped[(light + blueOfCb[blue]) >> FRACTION_BITS];
      light = luma[data[y0 * width + x1]];
      blue = data[top + (x1 >> 1)];
      red = data[top + (x1 >> 1) + crFromCb];
      r += w01 * clamped[(light + redOfCr[red]) >> FRACTION_BITS];
      g += w01 * clamped[(light + greenOfCb[blue] + greenOfCr[red]) >> FRACTION_BITS];
      b += w01 * clamped[(light + blueOfCb[blue]) >> FRACTION_BITS];
      light = luma[data[y1 * width + x0]];
      blue = data[bottom + (x0 >> 1)];
      red = data[bottom + (x0 >> 1) + crFromCb];
      r += w10 * clamped[(light + redOfCr[red]) >> FRACTION_BITS];
      g += w10 * clamped[(light + greenOfCb[blue] + greenOfCr[red]) >> FRACTION_BITS];
      b += w10 * clamped[(light + blueOfCb[blue]) >> FRACTION_BITS];
      light = luma[data[y1 * width + x1]];
      blue = data[bottom + (x1 >> 1)];
      red = data[bottom + (x1 >> 1) + crFromCb];
      r += w11 * clamped[(light + redOfCr[red]) >> FRACTION_BITS];
      g += w11 * clamped[(light + greenOfCb[blue] + greenOfCr[red]) >> FRACTION_BITS];
      b += w11 * clamped[(light + blueOfCb[blue]) >> FRACTION_BITS];
      out[i] = (r >> WEIGHT_BITS) * scale + offset;
      out[i + plane] = (g >> WEIGHT_BITS) * scale + offset;
      out[i + 2 * plane] = (b >> WEIGHT_BITS) * scale + offset;
    }
  }
}
