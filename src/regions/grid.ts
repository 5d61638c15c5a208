import type { Region } from '../model/region.js';

/** Sub-pixel steps between two pixels, as in OpenCV. */
export const STEPS = 32;

/**
 * Positions of a region's samples in the picture, in 1/32 of a pixel: `x + column * cos - row * sin` and `y + column *
 * sin + row * cos`, rounded down; `x` and `y` already include a half for rounding.
 */
export interface Grid {
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
}

/** The first sample lies at the region's corner, not half a sample inside. @param size samples along each side */
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
