import type Canvas from '@napi-rs/canvas';
import type { YuvImage } from '../model/picture.js';
import { fontSizeOf, Lettering } from './lettering.js';
import { shadeBox } from './stroke.js';

const BACKGROUND_ALPHA = 0.55;

/** Lines of text in the top left corner of pictures. */
export class Legend {
  readonly #letters: Lettering;

  constructor(width: number, height: number, shrink: number, canvas: typeof Canvas) {
    this.#letters = new Lettering(canvas, fontSizeOf(width, height, shrink));
  }

  /** Writes the lines on a dark, colourless background. */
  draw(image: YuvImage, lines: readonly string[]): void {
    const { cellWidth, cellHeight } = this.#letters;
    const margin = Math.round(cellWidth / 2);
    const longest = Math.max(...lines.map(line => line.length));
    const [right, bottom] = [longest * cellWidth + 2 * margin, lines.length * cellHeight + margin];
    shadeBox(image, { left: 0, top: 0, right, bottom }, BACKGROUND_ALPHA);
    for (const [row, line] of lines.entries()) {
      this.#letters.write(image, line, margin, Math.round(margin / 2) + row * cellHeight);
    }
  }
}
