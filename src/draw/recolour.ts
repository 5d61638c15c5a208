import { LUMA_SHARES, planeLayout, YUV_ZERO, type YuvImage, type YuvMatrix } from '../model/picture.js';

/** In limited range luma has 219 steps where chroma has 224. */
const LUMA_PER_CHROMA = 219 / 224;

/** A blue or red difference of 1, in another matrix. */
interface Part {
  readonly luma: number;
  readonly blue: number;
  readonly red: number;
}

function partsBetween(from: YuvMatrix, to: YuvMatrix): { readonly ofBlue: Part; readonly ofRed: Part } {
  const [[red, blue], [newRed, newBlue]] = [LUMA_SHARES[from], LUMA_SHARES[to]];
  const green = 1 - red - blue;
  const partOf = (r: number, g: number, b: number): Part => {
    const luma = newRed * r + (1 - newRed - newBlue) * g + newBlue * b;
    return {
      luma: luma * LUMA_PER_CHROMA,
      blue: (b - luma) / (2 * (1 - newBlue)),
      red: (r - luma) / (2 * (1 - newRed)),
    };
  };
  const [byBlue, byRed] = [2 * (1 - blue), 2 * (1 - red)];
  return { ofBlue: partOf(0, (-blue * byBlue) / green, byBlue), ofRed: partOf(byRed, (-red * byRed) / green, 0) };
}

/** Converts a picture's samples in place to another matrix: its colours look the same. */
export function recolour(image: YuvImage, matrix: YuvMatrix): YuvImage {
  if (image.matrix === matrix) return image;
  const { width, height, data } = image;
  const { chromaWidth, chromaHeight, cb, cr } = planeLayout(width, height);
  const { ofBlue, ofRed } = partsBetween(image.matrix, matrix);
  // It rounds, and clamps to 0-255.
  const samples = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let y = 0; y < height; y++) {
    const chroma = (y >> 1) * chromaWidth;
    for (let x = 0; x < width; x++) {
      const at = chroma + (x >> 1);
      const [blue, red] = [samples[cb + at]! - YUV_ZERO.chroma, samples[cr + at]! - YUV_ZERO.chroma];
      samples[y * width + x]! += ofBlue.luma * blue + ofRed.luma * red;
    }
  }
  for (let at = 0; at < chromaWidth * chromaHeight; at++) {
    const [blue, red] = [samples[cb + at]! - YUV_ZERO.chroma, samples[cr + at]! - YUV_ZERO.chroma];
    samples[cb + at] = YUV_ZERO.chroma + ofBlue.blue * blue + ofRed.blue * red;
    samples[cr + at] = YUV_ZERO.chroma + ofBlue.red * blue + ofRed.red * red;
  }
  return { ...image, matrix };
}
