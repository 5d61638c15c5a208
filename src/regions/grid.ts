import type { Region } from '../model/region.js';

/** Steps between two pixels, as OpenCV counts them. */
export const STEPS = 32;

/**
 * Where a region's samples lie in the picture, in 1/32 of a pixel: at `x + column * cos - row * sin` and `y + column *
 * sin + row * cos`, of which the fraction is dropped; a half for rounding is in `x` and `y` already.
 */
export interface Grid {
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
}

/** The first sample lies on the region's corner, not half a sample inside. @param size samples along each side */
export function gridOf(region: Region, size: number): Grid {
  const step = (region.size / size) * STEPS;
  const cos = Math.cos(region.rotation) * step;
  const sin = Math.sin(region.rotation) * step;
  const half = size / 2;
  return {
    size,
    x: region.x * STEPS - half * cos + half * sin + 0.5,
    y: region.y * STEPS - half * sin - half * cos + 0.5,
    cos,
    sin,
  };
}
