import type Canvas from '@napi-rs/canvas';
import type { YuvImage } from '../model/picture.js';
import { FONT_FAMILY } from './load-canvas.js';
import { whiten } from './stroke.js';

/** Printable ASCII, and the degree sign: all characters used in pictures. */
const CHARACTERS = `${Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')}°`;
const SMALLEST_FONT_PX = 11;
/** The font size is the picture's shorter side divided by this. */
const FONT_SIZE_DIVISOR = 34;

/**
 * The size of letters in a picture, in pixels.
 * @param shrink factor by which the picture will be shown smaller, from 1 on
 */
export function fontSizeOf(width: number, height: number, shrink = 1): number {
  return Math.max(Math.ceil(SMALLEST_FONT_PX * shrink), Math.round(Math.min(width, height) / FONT_SIZE_DIVISOR));
}

/**
 * White letters of a fixed width in pictures. A canvas draws them once and they are then copied: a canvas per frame
 * would leave pixels that the garbage collector does not notice.
 */
export class Lettering {
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** 0-255, for all characters in a row. */
  readonly #coverage: Uint8Array;

  constructor({ createCanvas }: typeof Canvas, fontSize: number) {
    const font = `${fontSize}px "${FONT_FAMILY}"`;
    const measure = createCanvas(8, 8).getContext('2d');
    measure.font = font;
    this.cellWidth = Math.ceil(measure.measureText('M').width);
    this.cellHeight = Math.ceil(fontSize * 1.3);
    const canvas = createCanvas(this.cellWidth * CHARACTERS.length, this.cellHeight);
    const context = canvas.getContext('2d');
    context.font = font;
    context.fillStyle = '#fff';
    for (const [i, character] of [...CHARACTERS].entries()) {
      context.fillText(character, i * this.cellWidth, fontSize);
    }
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    this.#coverage = Uint8Array.from({ length: data.length / 4 }, (_, i) => data[i * 4 + 3] ?? 0);
  }

  /** Writes a line, clipped to the picture. @param left in whole pixels, of the first letter's cell */
  write(image: YuvImage, line: string, left: number, top: number): void {
    for (const [index, character] of [...line].entries()) {
      const glyph = CHARACTERS.indexOf(character);
      // Not a space, nor an unsupported letter.
      if (glyph > 0) this.#writeGlyph(image, glyph, left + index * this.cellWidth, top);
    }
  }

  #writeGlyph(image: YuvImage, glyph: number, left: number, top: number): void {
    const stripWidth = CHARACTERS.length * this.cellWidth;
    for (let y = Math.max(0, -top); y < this.cellHeight && top + y < image.height; y++) {
      for (let x = Math.max(0, -left); x < this.cellWidth && left + x < image.width; x++) {
        const alpha = (this.#coverage[y * stripWidth + glyph * this.cellWidth + x] ?? 0) / 255;
        if (alpha > 0) whiten(image, left + x, top + y, alpha);
      }
    }
  }
}
