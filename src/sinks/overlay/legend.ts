import type Canvas from '@napi-rs/canvas';
import type { YuvImage } from '../../model/picture.js';
import { FONT_FAMILY } from '../load-canvas.js';
import { shadeCorner, whiten } from './stroke.js';

/** Printable ASCII: all that the legend says. */
const CHARACTERS = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
const BACKGROUND_ALPHA = 0.55;
const SMALLEST_FONT_PX = 11;
/** The font's size is one part in this many of the picture's shorter side. */
const FONT_SIZE_DIVISOR = 34;

/** Coverage (0-255) of the letters of a fixed-width font, in a row. */
interface GlyphStrip {
  readonly coverage: Uint8Array;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/**
 * Writes lines of text into pictures. The letters are drawn once by a canvas and then copied: a canvas per frame would leave pixels
 * behind that the garbage collector does not see.
 */
export class Legend {
  readonly #glyphs: GlyphStrip;

  constructor(width: number, height: number, canvas: typeof Canvas) {
    this.#glyphs = renderGlyphs(
      canvas,
      Math.max(SMALLEST_FONT_PX, Math.round(Math.min(width, height) / FONT_SIZE_DIVISOR)),
    );
  }

  /** Writes the lines into the top left corner, on a dark ground without colour. */
  draw(image: YuvImage, lines: readonly string[]): void {
    const { cellWidth, cellHeight } = this.#glyphs;
    const margin = Math.round(cellWidth / 2);
    const longest = Math.max(...lines.map(line => line.length));
    const [boxWidth, boxHeight] = [longest * cellWidth + 2 * margin, lines.length * cellHeight + margin];
    shadeCorner(image, boxWidth, boxHeight, BACKGROUND_ALPHA);
    for (const [row, line] of lines.entries())
      this.#write(image, line, margin, Math.round(margin / 2) + row * cellHeight);
  }

  #write(image: YuvImage, line: string, left: number, top: number): void {
    const { cellWidth, cellHeight, coverage } = this.#glyphs;
    const stripWidth = CHARACTERS.length * cellWidth;
    for (const [index, character] of [...line].entries()) {
      const glyph = CHARACTERS.indexOf(character);
      if (glyph <= 0) continue; // a space, or a letter beyond ASCII
      for (let y = 0; y < cellHeight && top + y < image.height; y++) {
        for (let x = 0; x < cellWidth && left + index * cellWidth + x < image.width; x++) {
          const alpha = (coverage[y * stripWidth + glyph * cellWidth + x] ?? 0) / 255;
          if (alpha > 0) whiten(image, left + index * cellWidth + x, top + y, alpha);
        }
      }
    }
  }
}

function renderGlyphs({ createCanvas }: typeof Canvas, fontSize: number): GlyphStrip {
  const font = `${fontSize}px "${FONT_FAMILY}"`;
  const measure = createCanvas(8, 8).getContext('2d');
  measure.font = font;
  const cellWidth = Math.ceil(measure.measureText('M').width);
  const cellHeight = Math.ceil(fontSize * 1.3);
  const canvas = createCanvas(cellWidth * CHARACTERS.length, cellHeight);
  const context = canvas.getContext('2d');
  context.font = font;
  context.fillStyle = '#fff';
  for (const [i, character] of [...CHARACTERS].entries()) context.fillText(character, i * cellWidth, fontSize);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return {
    coverage: Uint8Array.from({ length: data.length / 4 }, (_, i) => data[i * 4 + 3] ?? 0),
    cellWidth,
    cellHeight,
  };
}
