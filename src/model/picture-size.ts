import type { TableLandmark, TablePerson } from './table-frame.js';

/** Nearer to the edge the rounding of the fraction counts too much. */
const LEAST_FRACTION = 0.01;

/** Width and height of the picture in pixels, from landmarks that are told in both; undefined where none is. */
export function pictureSize({ landmarks }: TablePerson): { width: number; height: number } | undefined {
  const side = (value: keyof TableLandmark, pixels: keyof TableLandmark) => {
    const [best] = landmarks
      .filter(mark => mark?.[value] !== undefined && mark[pixels] !== undefined)
      .sort((a, b) => Math.abs(b[value]!) - Math.abs(a[value]!));
    return best && Math.abs(best[value]!) > LEAST_FRACTION ? Math.round(best[pixels]! / best[value]!) : undefined;
  };
  const [width, height] = [side('x', 'xPx'), side('y', 'yPx')];
  return width === undefined || height === undefined ? undefined : { width, height };
}
