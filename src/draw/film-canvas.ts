import { planeLayout, YUV_ZERO, type YuvImage, yuvBytes } from '../model/picture.js';

/** How pictures and skeletons share a film's frame. */
export interface Layout {
  /** Whether skeletons are drawn on black instead of the video's pictures. */
  readonly black: boolean;
  /** Whether the video's picture is on the left, and the drawing on the right. */
  readonly sideBySide: boolean;
}

/** H.264 and chroma need even sizes. */
export const even = (size: number) => size + (size % 2);

/** Size of a film's frame in pixels. */
export function canvasSize(
  size: { width: number; height: number },
  { sideBySide }: Layout,
): { width: number; height: number } {
  return sideBySide ? { width: 2 * even(size.width), height: size.height } : size;
}

/** Makes the film's frames from the video's pictures, in one reused buffer. */
export class FilmCanvas {
  readonly #layout: Layout;
  #wide: YuvImage | undefined;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** @param draw into the skeletons' part @returns the picture to show, valid until the next call */
  compose(picture: YuvImage, draw: (into: YuvImage) => void): YuvImage {
    if (!this.#layout.sideBySide) {
      if (this.#layout.black) blacken(picture);
      draw(picture);
      return picture;
    }
    const size = canvasSize(picture, this.#layout);
    this.#wide ??= { ...size, matrix: picture.matrix, data: new Uint8Array(yuvBytes(size.width, size.height)) };
    if (picture.width % 2 === 1) blacken(this.#wide);
    paste(picture, this.#wide, 0);
    if (this.#layout.black) blacken(picture);
    draw(picture);
    paste(picture, this.#wide, even(picture.width));
    return this.#wide;
  }
}

/** Makes a picture black. */
export function blacken({ width, height, data }: YuvImage): void {
  const { cb } = planeLayout(width, height);
  data.fill(YUV_ZERO.luma, 0, cb);
  data.fill(YUV_ZERO.chroma, cb);
}

/** Copies a picture into a larger one of the same matrix. @param left even @param top even */
export function paste(from: YuvImage, into: YuvImage, left: number, top = 0): void {
  const [source, target] = [planeLayout(from.width, from.height), planeLayout(into.width, into.height)];
  const rows = (at: number, width: number, height: number, to: number, stride: number) => {
    for (let y = 0; y < height; y++)
      into.data.set(from.data.subarray(at + y * width, at + (y + 1) * width), to + y * stride);
  };
  rows(0, from.width, from.height, top * into.width + left, into.width);
  for (const plane of ['cb', 'cr'] as const) {
    const { chromaWidth, chromaHeight } = source;
    const to = target[plane] + (top / 2) * target.chromaWidth + left / 2;
    rows(source[plane], chromaWidth, chromaHeight, to, target.chromaWidth);
  }
}
