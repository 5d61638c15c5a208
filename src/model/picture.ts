/** A picture of 8-bit RGBA pixels, row by row from the top left, without padding. */
export interface RgbaImage {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** `width * height * 4` bytes; the fourth byte of each pixel is unused here. */
  readonly data: Uint8Array;
  /** Distinguishes this from a `YuvImage`. */
  readonly matrix?: undefined;
}

/** How Y'CbCr is computed from red, green and blue: ITU-R BT.601 or BT.709. */
export type YuvMatrix = 'bt601' | 'bt709';

/**
 * A picture as video stores it: 8-bit Y'CbCr in limited range (luma 16-235, chroma 16-240), chroma at half the size in
 * both directions, its samples on the left pixel of two and between two rows, as in H.264 (ffmpeg's `yuv420p`).
 */
export interface YuvImage {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** The planes Y', Cb and Cr after one another, without padding: `yuvBytes(width, height)` bytes. */
  readonly data: Uint8Array;
  readonly matrix: YuvMatrix;
}

/** The input of an engine. */
export type Picture = RgbaImage | YuvImage;

export function isYuv(picture: Picture): picture is YuvImage {
  return picture.matrix !== undefined;
}

/** Position of the planes of a `YuvImage` in its bytes, and the size of the chroma planes. */
export interface PlaneLayout {
  readonly chromaWidth: number;
  readonly chromaHeight: number;
  readonly cb: number;
  readonly cr: number;
  /** Of all three planes. */
  readonly bytes: number;
}

export function planeLayout(width: number, height: number): PlaneLayout {
  const [chromaWidth, chromaHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const [luma, chroma] = [width * height, chromaWidth * chromaHeight];
  return { chromaWidth, chromaHeight, cb: luma, cr: luma + chroma, bytes: luma + 2 * chroma };
}

/** Bytes of a `YuvImage` of this size. */
export function yuvBytes(width: number, height: number): number {
  return planeLayout(width, height).bytes;
}

/** Shares of red and blue in luma. */
export const LUMA_SHARES: Readonly<Record<YuvMatrix, readonly [red: number, blue: number]>> = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
};
const LUMA_ZERO = 16;
const LUMA_RANGE = 219;
const CHROMA_ZERO = 128;
const CHROMA_RANGE = 224;

/** Fraction bits of green in its tables. */
export const FRACTION_BITS = 16;
/** Green's sums lie at most this far below 0 or above 255. */
const OVERSHOOT = 384;

/**
 * Tables from a pixel's luma and chroma to its red, green and blue of 0-255, rounded (ITU-R BT.601-7 and BT.709-6,
 * section 3): lookups are twice as fast as computing.
 */
export interface RgbTables {
  /** By `luma << 8 | cr`. */
  readonly red: Uint8Array;
  /** By `luma << 8 | cb`. */
  readonly blue: Uint8Array;
  /** Green is `clamped[(greenOfLuma[luma] + greenOfChroma[cb << 8 | cr]) >> FRACTION_BITS]`. */
  readonly greenOfLuma: Int32Array;
  readonly greenOfChroma: Int32Array;
  readonly clamped: Uint8Array;
}

const clamp = (value: number) => Math.min(255, Math.max(0, value));

/** A table over two bytes. */
function table<T extends Uint8Array | Int32Array>(into: T, value: (high: number, low: number) => number): T {
  for (let i = 0; i < into.length; i++) into[i] = value(i >> 8, i & 255);
  return into;
}

function makeTables([redShare, blueShare]: readonly [number, number]): RgbTables {
  const greenShare = 1 - redShare - blueShare;
  const light = (luma: number) => ((luma - LUMA_ZERO) * 255) / LUMA_RANGE;
  const difference = (chroma: number, share: number) => ((chroma - CHROMA_ZERO) * 255 * 2 * (1 - share)) / CHROMA_RANGE;
  const fixed = (value: number) => Math.round(value * 2 ** FRACTION_BITS);
  return {
    red: table(new Uint8Array(65536), (luma, cr) => clamp(Math.round(light(luma) + difference(cr, redShare)))),
    blue: table(new Uint8Array(65536), (luma, cb) => clamp(Math.round(light(luma) + difference(cb, blueShare)))),
    greenOfLuma: table(new Int32Array(256), (_, luma) => fixed(light(luma) + OVERSHOOT + 0.5)),
    greenOfChroma: table(new Int32Array(65536), (cb, cr) =>
      fixed((-blueShare * difference(cb, blueShare) - redShare * difference(cr, redShare)) / greenShare),
    ),
    clamped: Uint8Array.from({ length: 256 + 2 * OVERSHOOT }, (_, sum) => clamp(sum - OVERSHOOT)),
  };
}

const tables = new Map<YuvMatrix, RgbTables>();

export function rgbTables(matrix: YuvMatrix): RgbTables {
  const known = tables.get(matrix) ?? makeTables(LUMA_SHARES[matrix]);
  tables.set(matrix, known);
  return known;
}

/** Luma and chroma of black. */
export const YUV_ZERO = { luma: LUMA_ZERO, chroma: CHROMA_ZERO } as const;

/** A colour of 0-255 for each channel in the Y'CbCr of a picture. */
export function toYuv([r, g, b]: readonly [number, number, number], matrix: YuvMatrix): [number, number, number] {
  const [red, blue] = LUMA_SHARES[matrix];
  const luma = red * r + (1 - red - blue) * g + blue * b;
  return [
    Math.round(LUMA_ZERO + (luma * LUMA_RANGE) / 255),
    Math.round(CHROMA_ZERO + ((b - luma) / (2 * (1 - blue)) / 255) * CHROMA_RANGE),
    Math.round(CHROMA_ZERO + ((r - luma) / (2 * (1 - red)) / 255) * CHROMA_RANGE),
  ];
}

/**
 * A picture as RGBA. Each pixel takes the chroma sample of its block of four, as in libyuv, which MediaPipe's own
 * cameras use.
 * @param into written to if its size matches; otherwise a new array is allocated
 */
export function toRgba(picture: Picture, into?: Uint8Array): RgbaImage {
  if (!isYuv(picture)) return picture;
  const { width, height, data, matrix } = picture;
  const out = into?.length === width * height * 4 ? into : new Uint8Array(width * height * 4);
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  const { red, blue, greenOfLuma, greenOfChroma, clamped } = rgbTables(matrix);
  for (let y = 0, i = 0; y < height; y++) {
    const row = cb + (y >> 1) * chromaWidth;
    for (let x = 0; x < width; x++, i++) {
      const luma = data[i]!;
      const u = data[row + (x >> 1)]!;
      const v = data[row + (x >> 1) + cr - cb]!;
      out[i * 4] = red[(luma << 8) | v]!;
      out[i * 4 + 1] = clamped[(greenOfLuma[luma]! + greenOfChroma[(u << 8) | v]!) >> FRACTION_BITS]!;
      out[i * 4 + 2] = blue[(luma << 8) | u]!;
      out[i * 4 + 3] = 255;
    }
  }
  return { width, height, data: out };
}
