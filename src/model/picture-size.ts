import type { TableLandmark, TablePerson } from './table-frame.js';

/** Nearer to the edge, the fraction's rounding error is too large. */
const LEAST_FRACTION = 0.01;

/** Width and height of the picture in pixels, from landmarks given in both units; undefined if none exist. */
export function pictureSize({ landmarks }: TablePerson): { width: number; height: number } | undefined {
  const [width, height] = [sideOf(landmarks, 'x', 'xPx'), sideOf(landmarks, 'y', 'yPx')];
  return width === undefined || height === undefined ? undefined : { width, height };
}

/** From the landmark farthest from the edge where both are 0. */
function sideOf(
  landmarks: readonly (TableLandmark | undefined)[],
  fraction: 'x' | 'y',
  pixels: 'xPx' | 'yPx',
): number | undefined {
  let [furthest, side] = [LEAST_FRACTION, Number.NaN];
  for (const mark of landmarks) {
    const [value, at] = [mark?.[fraction], mark?.[pixels]];
    if (value === undefined || at === undefined || !(Math.abs(value) > furthest)) continue;
    furthest = Math.abs(value);
    side = at / value;
  }
  return Number.isNaN(side) ? undefined : Math.round(side);
}
