import type Canvas from '@napi-rs/canvas';
import { type YuvImage, type YuvMatrix, yuvBytes } from '../model/picture.js';
import { blacken, even, paste } from './film-canvas.js';
import { fontSizeOf, Lettering } from './lettering.js';
import { recolour } from './recolour.js';
import { type Box, shadeBox } from './stroke.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Maximum aspect ratio of a half; wider pictures get black bars above and below. */
const WIDEST = 4;
const GROUND_ALPHA = 0.55;
const DIMMED_ALPHA = 0.6;
/** The kept part of a text that is too long: its end. */
const CUT_OFF = '..';

/** The size in pixels of a picture scaled to a height. */
export function sizeBeside(picture: Size, height: number): Size {
  const width = (height * picture.width) / picture.height;
  if (width <= WIDEST * height) return { width: Math.max(1, Math.round(width)), height };
  return { width: WIDEST * height, height: Math.max(1, Math.round((height * WIDEST * height) / width)) };
}

/** Two pictures side by side, each with lines of text in its lower left corner, in one reused buffer. */
export class PairCanvas {
  /** The picture to show; changes with each call. */
  readonly image: YuvImage;
  readonly #sizes: readonly [Size, Size];
  readonly #letters: Lettering;

  /**
   * @param sizes of the left and the right pictures; the left one's height is the film's
   * @param shrink factor by which the film will be shown smaller
   */
  constructor(sizes: readonly [Size, Size], matrix: YuvMatrix, shrink: number, canvas: typeof Canvas) {
    const [left, right] = sizes;
    const size = PairCanvas.sizeOf(sizes);
    this.#sizes = sizes;
    this.image = { ...size, matrix, data: new Uint8Array(yuvBytes(size.width, size.height)) };
    blacken(this.image);
    const narrow = Math.min(left.width, right.width);
    this.#letters = new Lettering(canvas, fontSizeOf(narrow, left.height, shrink));
  }

  /** Size of the whole film, in pixels. */
  static sizeOf([left, right]: readonly [Size, Size]): Size {
    return { width: even(left.width) + even(right.width), height: left.height };
  }

  /** Puts a picture into its half. @param side 0 left, 1 right @param picture whose samples may change */
  put(side: 0 | 1, picture: YuvImage, lines: readonly string[]): void {
    const { left, top } = this.#boxOf(side);
    paste(recolour(picture, this.image.matrix), this.image, left, top);
    this.#write(side, lines);
  }

  /** Dims a half, and removes its colour. */
  dim(side: 0 | 1, lines: readonly string[]): void {
    shadeBox(this.image, this.#boxOf(side), DIMMED_ALPHA);
    this.#write(side, lines);
  }

  /** Position of a side's picture. */
  #boxOf(side: 0 | 1): Box {
    const { width, height } = this.#sizes[side];
    const left = side === 0 ? 0 : even(this.#sizes[0].width);
    const top = 2 * Math.floor((this.image.height - height) / 4);
    return { left, top, right: left + width, bottom: top + height };
  }

  #write(side: 0 | 1, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const { left, right, bottom } = this.#boxOf(side);
    const { cellWidth, cellHeight } = this.#letters;
    const margin = Math.round(cellWidth / 2);
    const most = Math.max(1, Math.floor((right - left - 2 * margin) / cellWidth));
    const texts = lines.map(line => fitted(line, most));
    const width = Math.max(...texts.map(text => text.length)) * cellWidth + 2 * margin;
    const top = bottom - texts.length * cellHeight - margin;
    shadeBox(this.image, { left, top, right: Math.min(right, left + width), bottom }, GROUND_ALPHA);
    for (const [row, text] of texts.entries())
      this.#letters.write(this.image, text, left + margin, Math.round(top + margin / 2) + row * cellHeight);
  }
}

/** The end of a text that is too long: that is where names differ. */
function fitted(text: string, most: number): string {
  if (text.length <= most) return text;
  return most <= CUT_OFF.length ? text.slice(-most) : `${CUT_OFF}${text.slice(CUT_OFF.length - most)}`;
}
