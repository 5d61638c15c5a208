import { isYuv, type Picture } from '../model/picture.js';
import type { Region } from '../model/region.js';
import { gridOf } from './grid.js';
import { sampleRgba } from './sample-rgba.js';
import { sampleYuv } from './sample-yuv.js';
import type { Border, Range } from './sampled-values.js';
import { sampleInWasm } from './wasm/wasm-sampler.js';

/**
 * Samples a region of a picture bilinearly into `size` x `size` values for each of red, green and blue, plane by plane.
 *
 * Follows MediaPipe's `ImageToTensorCalculator` on the CPU, which is OpenCV's `warpPerspective`: the first sample lies
 * at the region's corner (not half a sample inside), and positions are rounded to 1/32 of a pixel.
 */
export function sampleRegion(
  picture: Picture,
  region: Region,
  size: number,
  border: Border,
  range: Range,
  out: Float32Array,
): void {
  const grid = gridOf(region, size);
  if (!isYuv(picture)) sampleRgba(picture, grid, border, range, out);
  else if (!sampleInWasm(picture, grid, border, range, out)) sampleYuv(picture, grid, border, range, out);
}
