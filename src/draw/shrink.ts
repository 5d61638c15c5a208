import { planeLayout, type YuvImage, yuvBytes } from '../model/picture.js';

/** The size of a picture scaled down to a longer side, never up; even, so that chroma fits. */
function shrunkSize(width: number, height: number, longerSide: number): { width: number; height: number } {
  const scale = Math.min(1, longerSide / Math.max(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}

/** A smaller copy: each sample is the mean of those that it covers. */
export function shrink(image: YuvImage, longerSide: number): YuvImage {
  const size = shrunkSize(image.width, image.height, longerSide);
  const data = new Uint8Array(yuvBytes(size.width, size.height));
  const [from, to] = [planeLayout(image.width, image.height), planeLayout(size.width, size.height)];
  shrinkPlane(image.data, 0, image.width, image.height, data, 0, size.width, size.height);
  for (const plane of ['cb', 'cr'] as const) {
    const [source, target] = [from[plane], to[plane]];
    shrinkPlane(image.data, source, from.chromaWidth, from.chromaHeight, data, target, to.chromaWidth, to.chromaHeight);
  }
  return { ...size, data, matrix: image.matrix };
}

function shrinkPlane(
  source: Uint8Array,
  sourceAt: number,
  width: number,
  height: number,
  target: Uint8Array,
  targetAt: number,
  newWidth: number,
  newHeight: number,
): void {
  const [rows, columns] = [spans(height, newHeight), spans(width, newWidth)];
  for (let row = 0; row < newHeight; row++) {
    const [top, bottom] = [rows[2 * row]!, rows[2 * row + 1]!];
    for (let column = 0; column < newWidth; column++) {
      const [left, right] = [columns[2 * column]!, columns[2 * column + 1]!];
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        const end = sourceAt + y * width + right;
        for (let at = sourceAt + y * width + left; at < end; at++) sum += source[at]!;
      }
      target[targetAt + row * newWidth + column] = sum / ((bottom - top) * (right - left)) + 0.5;
    }
  }
}

/** The samples that each sample of a smaller row covers: from, to, from, to ... */
function spans(count: number, fewer: number): Int32Array {
  const all = new Int32Array(2 * fewer);
  for (let index = 0; index < fewer; index++) {
    const from = Math.min(count - 1, Math.floor((index * count) / fewer));
    all[2 * index] = from;
    all[2 * index + 1] = Math.max(from + 1, Math.min(count, Math.floor(((index + 1) * count) / fewer)));
  }
  return all;
}
