import { createRequire } from 'node:module';
import type Canvas from '@napi-rs/canvas';
import { BodyscriptError, shortMessage } from '../errors.js';
import { toRgba, type YuvImage } from '../model/picture.js';

/** The family of the font that travels with the program: a server may have none installed. */
export const FONT_FAMILY = 'bodyscript';

/**
 * The canvas library, which takes 17 MB: loaded when it is wanted.
 * @param wantedBy option that wants it: `--labels`
 * @throws BodyscriptError `LABELS_MISSING`
 */
export function loadCanvas(wantedBy: string): typeof Canvas {
  try {
    // Where its binary is missing, only a `require` of it fails in a way that can be caught.
    const require = createRequire(import.meta.url);
    const canvas = require('@napi-rs/canvas') as typeof Canvas;
    if (!canvas.GlobalFonts.has(FONT_FAMILY)) {
      const file = require.resolve('@fontsource/roboto-mono/files/roboto-mono-latin-500-normal.woff2');
      canvas.GlobalFonts.registerFromPath(file, FONT_FAMILY);
    }
    return canvas;
  } catch (cause) {
    throw new BodyscriptError('LABELS_MISSING', `${wantedBy} needs @napi-rs/canvas (${shortMessage(cause)})`, {
      cause,
      remedy: `Install the packages again without --omit=optional, or leave out ${wantedBy}.`,
    });
  }
}

/** A picture as a canvas draws it. */
export function imageOf({ createCanvas, ImageData }: typeof Canvas, picture: YuvImage): Canvas.Canvas {
  const { width, height, data } = toRgba(picture);
  const canvas = createCanvas(width, height);
  const pixels = new ImageData(new Uint8ClampedArray(data.buffer, data.byteOffset, data.length), width, height);
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  return canvas;
}
