import { lengthOf, type PictureLine } from './ground-axes.js';
import { inQuadrature } from './measurement.js';

/** How many pixels a metre has in the plane in which a person moves. */
export interface PictureScale {
  readonly pxPerMetre: number;
  /** One standard deviation, as a share of it. */
  readonly relative: number;
  /** Where it is from, in words. */
  readonly origin: string;
}

/** What tells the scale. */
export type ScaleChoice =
  | { readonly kind: 'given'; readonly pxPerMetre: number }
  | { readonly kind: 'line'; readonly line: PictureLine; readonly metres: number }
  | { readonly kind: 'stature'; readonly metres: number };

/** Of a point that somebody reads off a picture, in each direction. */
const POINT_PIXELS = 1;
/** Of a height that somebody says. */
const STATURE_METRES = 0.01;
/**
 * How much a body differs from the proportions that its height is told by, and its joints from where landmarks are: as
 * a share, one standard deviation. On the rendered samples, heights are off by up to 6 per cent.
 */
const PROPORTIONS = 0.03;

/** By what is known without a look at the person; undefined for a stature, which needs one. */
export function scaleWithoutPerson(choice: ScaleChoice): PictureScale | undefined {
  if (choice.kind === 'given') {
    return { pxPerMetre: choice.pxPerMetre, relative: 0, origin: 'as given and taken as exact' };
  }
  if (choice.kind === 'stature') return undefined;
  const pixels = lengthOf(choice.line);
  return {
    pxPerMetre: pixels / choice.metres,
    // Both ends are off, along the line.
    relative: (Math.SQRT2 * POINT_PIXELS) / pixels,
    origin: `by a line of ${pixels.toFixed(1)} px`,
  };
}

/**
 * By how tall somebody is.
 * @param pixels from head to heel @param spread of these pixels, as a share (`BodyHeight`)
 */
export function scaleByStature(metres: number, pixels: number, spread: number): PictureScale {
  return {
    pxPerMetre: pixels / metres,
    relative: inQuadrature(STATURE_METRES / metres, spread, PROPORTIONS),
    origin: `by a height of ${metres} m that is ${pixels.toFixed(1)} px`,
  };
}

/**
 * The same scale for somebody whose size in the picture changes by this share: it is as good for any of their sizes,
 * so that the error is spread evenly.
 */
export function spreadBySize(scale: PictureScale, change: number): PictureScale {
  return { ...scale, relative: inQuadrature(scale.relative, change / Math.sqrt(12)) };
}
