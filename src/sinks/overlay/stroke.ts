import type { RgbaImage } from '../../model/frame.js';

/** Red, green, blue, 0-255. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Point {
  /** Pixels from the left edge; may lie outside the picture. */
  readonly x: number;
  readonly y: number;
}

/** Mixes a colour into a pixel, in 256ths. @param alpha 0-1 */
function blend(data: Uint8Array, offset: number, colour: Colour, alpha: number): void {
  const share = (alpha * 256 + 0.5) | 0;
  const rest = 256 - share;
  data[offset] = ((data[offset] as number) * rest + colour[0] * share) >> 8;
  data[offset + 1] = ((data[offset + 1] as number) * rest + colour[1] * share) >> 8;
  data[offset + 2] = ((data[offset + 2] as number) * rest + colour[2] * share) >> 8;
}

/**
 * Draws a line with round ends straight into the picture. Each pixel is covered by its distance to the line (within half a pixel of the
 * edge), so edges are smooth; only pixels near the line are touched. A canvas of the figure's size costs ten times as much.
 * @param radius half the line's width in pixels
 * @param alpha 0-1
 */
export function strokeLine(
  image: RgbaImage,
  from: Point,
  to: Point,
  radius: number,
  colour: Colour,
  alpha: number,
): void {
  const { width, height, data } = image;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  // The line's direction; a point has any.
  const ux = length === 0 ? 1 : (to.x - from.x) / length;
  const uy = length === 0 ? 0 : (to.y - from.y) / length;
  const reach = radius + 0.5;
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(from.y, to.y) + reach));
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(from.x, to.x) + reach));
  const isLevel = Math.abs(uy) < 1e-6;
  // Half the width of the line along a row: endless for a level line, which the box bounds.
  const halfSpan = isLevel ? Number.POSITIVE_INFINITY : reach / Math.abs(uy);
  for (let y = top; y <= bottom; y++) {
    const dy = y - from.y;
    const middle = isLevel ? 0 : from.x + (dy * ux) / uy;
    const first = Math.max(left, Math.floor(middle - halfSpan));
    const last = Math.min(right, Math.ceil(middle + halfSpan));
    for (let x = first; x <= last; x++) {
      const dx = x - from.x;
      const along = dx * ux + dy * uy;
      const across = dx * uy - dy * ux;
      // Beyond an end the distance is that to the end.
      const beyond = along < 0 ? along : along > length ? along - length : 0;
      const distance = beyond === 0 ? Math.abs(across) : Math.sqrt(across * across + beyond * beyond);
      const coverage = reach - distance;
      if (coverage > 0) blend(data, (y * width + x) * 4, colour, coverage < 1 ? alpha * coverage : alpha);
    }
  }
}

/** A filled circle. */
export function fillCircle(image: RgbaImage, centre: Point, radius: number, colour: Colour, alpha: number): void {
  strokeLine(image, centre, centre, radius, colour, alpha);
}

/** Darkens or tints a rectangle, clipped to the picture. */
export function fillRectangle(
  image: RgbaImage,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: Colour,
  alpha: number,
): void {
  const bottom = Math.min(image.height, y + height);
  const right = Math.min(image.width, x + width);
  for (let row = Math.max(0, y); row < bottom; row++) {
    for (let column = Math.max(0, x); column < right; column++) {
      blend(image.data, (row * image.width + column) * 4, colour, alpha);
    }
  }
}
