import { planeLayout, toYuv, YUV_ZERO, type YuvImage } from '../model/picture.js';

/** Red, green, blue, 0-255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Luma of white. */
const WHITE = 235;

export interface Point {
  /** Pixels from the left edge; may lie outside the picture. */
  readonly x: number;
  readonly y: number;
}

/** Thin lines keep their colour between the few chroma samples with this margin. */
const CHROMA_MARGIN = 0.25;

/** Mixes a value into a sample of a plane, in 256ths. @param alpha 0-1 */
function blend(data: Uint8Array, offset: number, value: number, alpha: number): void {
  const share = (alpha * 256 + 0.5) | 0;
  data[offset] = (data[offset]! * (256 - share) + value * share + 128) >> 8;
}

/**
 * Draws a line with round ends directly into the picture's planes. The coverage of each sample depends on its distance
 * to the line (within half a sample of the edge), so edges are smooth; only samples near the line are visited. A canvas
 * of the figure's size costs ten times as much.
 * @param radius half the line's width in pixels
 * @param alpha 0-1
 */
export function strokeLine(
  { width, height, data, matrix }: YuvImage,
  from: Point,
  to: Point,
  radius: number,
  colour: Colour,
  alpha: number,
): void {
  const [luma, blue, red] = toYuv(colour, matrix);
  const { chromaWidth, chromaHeight, cb, cr } = planeLayout(width, height);
  coverLine(width, height, from, to, radius, (i, coverage) => blend(data, i, luma, alpha * coverage));
  const chromaRadius = radius / 2 + CHROMA_MARGIN;
  coverLine(chromaWidth, chromaHeight, inChroma(from), inChroma(to), chromaRadius, (i, coverage) => {
    blend(data, cb + i, blue, alpha * coverage);
    blend(data, cr + i, red, alpha * coverage);
  });
}

/** A position in the chroma planes, whose samples lie on even columns and between two rows. */
function inChroma({ x, y }: Point): Point {
  return { x: x / 2, y: (y - 0.5) / 2 };
}

/** Calls `paint` with the index of each sample of a plane that the line covers, and its coverage, 0-1. */
function coverLine(
  width: number,
  height: number,
  from: Point,
  to: Point,
  radius: number,
  paint: (index: number, coverage: number) => void,
): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  // The line's direction; for a point any.
  const [ux, uy] = length === 0 ? [1, 0] : [(to.x - from.x) / length, (to.y - from.y) / length];
  const reach = radius + 0.5;
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(from.y, to.y) + reach));
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(from.x, to.x) + reach));
  const isLevel = Math.abs(uy) < 1e-6;
  // Half the width of the line along a row: infinite for a horizontal line, which the box bounds.
  const halfSpan = isLevel ? Number.POSITIVE_INFINITY : reach / Math.abs(uy);
  for (let y = top; y <= bottom; y++) {
    const dy = y - from.y;
    const middle = isLevel ? 0 : from.x + (dy * ux) / uy;
    const first = Math.max(left, Math.floor(middle - halfSpan));
    const last = Math.min(right, Math.ceil(middle + halfSpan));
    for (let x = first; x <= last; x++) {
      const dx = x - from.x;
      const coverage = reach - distanceTo(length, dx * ux + dy * uy, dx * uy - dy * ux);
      if (coverage > 0) paint(y * width + x, coverage < 1 ? coverage : 1);
    }
  }
}

/** Pixels from a point to a line, given its position `along` and `across` the line; beyond an end, to that end. */
function distanceTo(length: number, along: number, across: number): number {
  const beyond = along < 0 ? along : along > length ? along - length : 0;
  return beyond === 0 ? Math.abs(across) : Math.sqrt(across * across + beyond * beyond);
}

/** A filled circle. */
export function fillCircle(image: YuvImage, centre: Point, radius: number, colour: Colour, alpha: number): void {
  strokeLine(image, centre, centre, radius, colour, alpha);
}

/** A rectangle in whole pixels; may lie outside the picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Darkens a rectangle and removes its colour, clipped to the picture. @param alpha 0-1, how dark */
export function shadeBox({ width, height, data }: YuvImage, box: Box, alpha: number): void {
  const { chromaWidth, chromaHeight, cb, cr } = planeLayout(width, height);
  const [left, right] = [Math.max(0, box.left), Math.min(width, box.right)];
  const [top, bottom] = [Math.max(0, box.top), Math.min(height, box.bottom)];
  if (left >= right || top >= bottom) return;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) blend(data, y * width + x, YUV_ZERO.luma, alpha);
  }
  const [from, to] = [left >> 1, Math.min(chromaWidth, (right + 1) >> 1)];
  for (let y = top >> 1; y < Math.min(chromaHeight, (bottom + 1) >> 1); y++) {
    const row = y * chromaWidth;
    data.fill(YUV_ZERO.chroma, cb + row + from, cb + row + to);
    data.fill(YUV_ZERO.chroma, cr + row + from, cr + row + to);
  }
}

/** Mixes white into the brightness of one pixel. @param alpha 0-1 */
export function whiten({ width, data }: YuvImage, x: number, y: number, alpha: number): void {
  blend(data, y * width + x, WHITE, alpha);
}
