import type { RgbaImage } from '../model/picture.js';
import { type Grid, STEPS } from './grid.js';
import type { Border, Range } from './sampled-values.js';

const STEP_BITS = 5;
const STEP_MASK = STEPS - 1;
/** The four weights of a sample add up to 2^10. */
const WEIGHT_BITS = 2 * STEP_BITS;
const ROUNDING = 1 << (WEIGHT_BITS - 1);

/** Samples a picture of RGBA pixels bilinearly, each sample rounded to 8 bits as OpenCV does. */
export function sampleRgba(
  { width, height, data }: RgbaImage,
  grid: Grid,
  border: Border,
  { scale, offset }: Range,
  out: Float32Array,
): void {
  const { size } = grid;
  const plane = size * size;
  const black = offset;
  const isBlack = border === 'black';
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const fixedX = Math.floor(grid.x + column * grid.cos - row * grid.sin);
      const fixedY = Math.floor(grid.y + column * grid.sin + row * grid.cos);
      const i = row * size + column;
      let x0 = fixedX >> STEP_BITS;
      let y0 = fixedY >> STEP_BITS;
      const fx = fixedX & STEP_MASK;
      const fy = fixedY & STEP_MASK;
      let x1 = x0 + 1;
      let y1 = y0 + 1;
      let w00 = (STEPS - fx) * (STEPS - fy);
      let w01 = fx * (STEPS - fy);
      let w10 = (STEPS - fx) * fy;
      let w11 = fx * fy;
      if (x0 < 0 || y0 < 0 || x1 >= width || y1 >= height) {
        if (isBlack) {
          if (x1 < 0 || y1 < 0 || x0 >= width || y0 >= height) {
            out[i] = black;
            out[i + plane] = black;
            out[i + 2 * plane] = black;
            continue;
          }
          if (x0 < 0) w00 = w10 = 0;
          if (x1 >= width) w01 = w11 = 0;
          if (y0 < 0) w00 = w01 = 0;
          if (y1 >= height) w10 = w11 = 0;
        }
        x0 = x0 < 0 ? 0 : x0 >= width ? width - 1 : x0;
        x1 = x1 < 0 ? 0 : x1 >= width ? width - 1 : x1;
        y0 = y0 < 0 ? 0 : y0 >= height ? height - 1 : y0;
        y1 = y1 < 0 ? 0 : y1 >= height ? height - 1 : y1;
      }
      const p00 = (y0 * width + x0) * 4;
      const p01 = (y0 * width + x1) * 4;
      const p10 = (y1 * width + x0) * 4;
      const p11 = (y1 * width + x1) * 4;
      const red = (w00 * data[p00]! + w01 * data[p01]! + w10 * data[p10]! + w11 * data[p11]! + ROUNDING) >> WEIGHT_BITS;
      const green =
        (w00 * data[p00 + 1]! + w01 * data[p01 + 1]! + w10 * data[p10 + 1]! + w11 * data[p11 + 1]! + ROUNDING) >>
        WEIGHT_BITS;
      const blue =
        (w00 * data[p00 + 2]! + w01 * data[p01 + 2]! + w10 * data[p10 + 2]! + w11 * data[p11 + 2]! + ROUNDING) >>
        WEIGHT_BITS;
      out[i] = red * scale + offset;
      out[i + plane] = green * scale + offset;
      out[i + 2 * plane] = blue * scale + offset;
    }
  }
}
