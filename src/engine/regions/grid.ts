import type { Region } from '../../model/region.js';

/** Steps between two pixels, as OpenCV counts them. */
export const STEPS = 32;

/**
 * Where a region's samples lie in the picture, in 1/32 of a pixel and not rounded: at `x + column * cos - row * sin` and
 * `y + column * sin + row * cos`.
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
    x: region.x * STEPS - half * cos + half * sin,
    y: region.y * STEPS - half * sin - half * cos,
    cos,
    sin,
  };
}
