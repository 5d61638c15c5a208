import { createRequire } from 'node:module';
import type Canvas from '@napi-rs/canvas';
import { BodyscriptError, shortMessage } from '../errors.js';
import { toRgba, type YuvImage } from '../model/picture.js';

/** The family of the bundled font: a server may have none installed. */
export const FONT_FAMILY = 'bodyscript';

/**
 * The canvas library, which takes 17 MB: loaded where an option needs it.
 * @param wantedBy option that needs it: `--labels`
 * @throws BodyscriptError `LABELS_MISSING`
 */
export function loadCanvas(wantedBy: string): typeof Canvas {
  try {
    // If its binary is absent, only a `require` of it fails in a way that can be caught.
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

/** A picture's pixels for `putImageData`. */
export function pixelsOf({ ImageData }: typeof Canvas, picture: YuvImage): Canvas.ImageData {
  const { width, height, data } = toRgba(picture);
  return new ImageData(new Uint8ClampedArray(data.buffer, data.byteOffset, data.length), width, height);
}

/** A picture as a canvas draws it. */
export function imageOf(library: typeof Canvas, picture: YuvImage): Canvas.Canvas {
  const canvas = library.createCanvas(picture.width, picture.height);
  canvas.getContext('2d').putImageData(pixelsOf(library, picture), 0, 0);
  return canvas;
}
