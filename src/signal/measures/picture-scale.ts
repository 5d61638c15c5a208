import { lengthOf, type PictureLine } from './ground-axes.js';
import { inQuadrature } from './measurement.js';

/** The number of pixels per metre in the plane in which a person moves. */
export interface PictureScale {
  readonly pxPerMetre: number;
  /** One standard deviation, as a fraction of it. */
  readonly relative: number;
  /** Its source, in words. */
  readonly origin: string;
}

/** The source of the scale. */
export type ScaleChoice =
  | { readonly kind: 'given'; readonly pxPerMetre: number }
  | { readonly kind: 'line'; readonly line: PictureLine; readonly metres: number }
  | { readonly kind: 'stature'; readonly metres: number };

/** Of a point read off a picture by eye, in each direction. */
const POINT_PIXELS = 1;
/** Of a stated body height. */
const STATURE_METRES = 0.01;
/**
 * Deviation of a body from the proportions used for its height, and of its joints from the landmarks' positions: as a
 * fraction, one standard deviation. On the rendered samples, heights are off by up to 6 per cent.
 */
const PROPORTIONS = 0.03;

/** From options that do not need the person; undefined for a body height, which does. */
export function scaleWithoutPerson(choice: ScaleChoice): PictureScale | undefined {
  if (choice.kind === 'given') {
    return { pxPerMetre: choice.pxPerMetre, relative: 0, origin: 'as given and taken as exact' };
  }
  if (choice.kind === 'stature') return undefined;
  const pixels = lengthOf(choice.line);
  return {
    pxPerMetre: pixels / choice.metres,
    // Both ends have errors, along the line.
    relative: (Math.SQRT2 * POINT_PIXELS) / pixels,
    origin: `by a line of ${pixels.toFixed(1)} px`,
  };
}

/**
 * From a person's height.
 * @param pixels from head to heel @param spread of these pixels, as a fraction (`BodyHeight`)
 */
export function scaleByStature(metres: number, pixels: number, spread: number): PictureScale {
  return {
    pxPerMetre: pixels / metres,
    relative: inQuadrature(STATURE_METRES / metres, spread, PROPORTIONS),
    origin: `by a height of ${metres} m that is ${pixels.toFixed(1)} px`,
  };
}

/**
 * The same scale for a person whose size in the picture changes by this fraction: it fits any of their sizes equally
 * well, so the error is uniformly distributed.
 */
export function spreadBySize(scale: PictureScale, change: number): PictureScale {
  return { ...scale, relative: inQuadrature(scale.relative, change / Math.sqrt(12)) };
}
