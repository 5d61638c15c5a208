import { LUMA_SHARES, planeLayout, YUV_ZERO, type YuvImage, type YuvMatrix } from '../model/picture.js';

/** In limited range luma has 219 steps where chroma has 224. */
const LUMA_PER_CHROMA = 219 / 224;

/** What a blue or a red difference of 1 is in another matrix. */
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

const byte = (value: number) => Math.min(255, Math.max(0, Math.round(value)));

/** Changes a picture's samples in place to what they are in another matrix: its colours look as before. */
export function recolour(image: YuvImage, matrix: YuvMatrix): YuvImage {
  if (image.matrix === matrix) return image;
  const { width, height, data } = image;
  const { chromaWidth, chromaHeight, cb, cr } = planeLayout(width, height);
  const { ofBlue, ofRed } = partsBetween(image.matrix, matrix);
  const brighten = (x: number, y: number, by: number) => {
    if (x < width && y < height) data[y * width + x] = byte(data[y * width + x]! + by);
  };
  for (let at = 0; at < chromaWidth * chromaHeight; at++) {
    const [blue, red] = [data[cb + at]! - YUV_ZERO.chroma, data[cr + at]! - YUV_ZERO.chroma];
    data[cb + at] = byte(YUV_ZERO.chroma + ofBlue.blue * blue + ofRed.blue * red);
    data[cr + at] = byte(YUV_ZERO.chroma + ofBlue.red * blue + ofRed.red * red);
    const by = ofBlue.luma * blue + ofRed.luma * red;
    const [x, y] = [2 * (at % chromaWidth), 2 * Math.floor(at / chromaWidth)];
    for (const [dx, dy] of BLOCK) brighten(x + dx, y + dy, by);
  }
  return { ...image, matrix };
}

/** Pixels that a chroma sample is for. */
const BLOCK = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;
