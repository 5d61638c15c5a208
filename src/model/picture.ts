/** A picture of 8-bit RGBA pixels, row by row from the top left, without padding. */
export interface RgbaImage {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** `width * height * 4` bytes; the fourth of each pixel has no meaning here. */
  readonly data: Uint8Array;
  /** Tells a `YuvImage` from this one. */
  readonly matrix?: undefined;
}

/** How Y'CbCr is made of red, green and blue: ITU-R BT.601 or BT.709. */
export type YuvMatrix = 'bt601' | 'bt709';

/**
 * A picture as video stores it: 8-bit Y'CbCr in limited range (luma 16-235, chroma 16-240), chroma at half the size in both directions, its
 * samples on the left pixel of two and between two rows, as in H.264 (ffmpeg's `yuv420p`).
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

/** What an engine looks at. */
export type Picture = RgbaImage | YuvImage;

export function isYuv(picture: Picture): picture is YuvImage {
  return picture.matrix !== undefined;
}

/** Where the planes of a `YuvImage` lie in its bytes, and how wide and high the chroma planes are. */
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
const LUMA_SHARES: Readonly<Record<YuvMatrix, readonly [red: number, blue: number]>> = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
};
const LUMA_ZERO = 16;
const LUMA_RANGE = 219;
const CHROMA_ZERO = 128;
const CHROMA_RANGE = 224;

/** Fractions of a value in the tables below, in bits. */
export const FRACTION_BITS = 16;
/** Sums lie this far below and above 0-255 at most. */
const OVERSHOOT = 384;

/**
 * Tables from a pixel's luma and chroma to red, green and blue of 0-255, rounded (ITU-R BT.601-7 and BT.709-6, section 3): red is
 * `clamped[(luma[y] + redOfCr[cr]) >> 16]`, green and blue likewise.
 */
export interface RgbTables {
  readonly luma: Int32Array;
  readonly redOfCr: Int32Array;
  readonly greenOfCb: Int32Array;
  readonly greenOfCr: Int32Array;
  readonly blueOfCb: Int32Array;
  readonly clamped: Uint8Array;
}

function makeTables([red, blue]: readonly [number, number]): RgbTables {
  const green = 1 - red - blue;
  const one = 255 * 2 ** FRACTION_BITS;
  const table = (zero: number, factor: number, add = 0) =>
    Int32Array.from({ length: 256 }, (_, value) => Math.round((value - zero) * factor) + add);
  const chroma = (factor: number) => table(CHROMA_ZERO, (factor * one) / CHROMA_RANGE);
  return {
    luma: table(LUMA_ZERO, one / LUMA_RANGE, (OVERSHOOT << FRACTION_BITS) + (1 << (FRACTION_BITS - 1))),
    redOfCr: chroma(2 * (1 - red)),
    greenOfCb: chroma((-2 * blue * (1 - blue)) / green),
    greenOfCr: chroma((-2 * red * (1 - red)) / green),
    blueOfCb: chroma(2 * (1 - blue)),
    clamped: Uint8Array.from({ length: 256 + 2 * OVERSHOOT }, (_, sum) => Math.min(255, Math.max(0, sum - OVERSHOOT))),
  };
}

const TABLES: Readonly<Record<YuvMatrix, RgbTables>> = {
  bt601: makeTables(LUMA_SHARES.bt601),
  bt709: makeTables(LUMA_SHARES.bt709),
};

export function rgbTables(matrix: YuvMatrix): RgbTables {
  return TABLES[matrix];
}

/** What luma and chroma are where there is no light and no colour. */
export const YUV_ZERO = { luma: LUMA_ZERO, chroma: CHROMA_ZERO } as const;

/** A colour of 0-255 each in the Y'CbCr of a picture. */
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
 * A picture as RGBA. Each pixel has the chroma sample of its block of four, as in libyuv, which MediaPipe's own cameras go through.
 * @param into written to if it has the size; else a new array is made
 */
export function toRgba(picture: Picture, into?: Uint8Array): RgbaImage {
  if (!isYuv(picture)) return picture;
  const { width, height, data, matrix } = picture;
  const out = into?.length === width * height * 4 ? into : new Uint8Array(width * height * 4);
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  const { luma, redOfCr, greenOfCb, greenOfCr, blueOfCb, clamped } = rgbTables(matrix);
  for (let y = 0, i = 0; y < height; y++) {
    const row = cb + (y >> 1) * chromaWidth;
    for (let x = 0; x < width; x++, i++) {
      const light = luma[data[i]];
      const blue = data[row + (x >> 1)];
      const red = data[row + (x >> 1) + cr - cb];
      out[i * 4] = clamped[(light + redOfCr[red]) >> FRACTION_BITS];
      out[i * 4 + 1] = clamped[(light + greenOfCb[blue] + greenOfCr[red]) >> FRACTION_BITS];
      out[i * 4 + 2] = clamped[(light + blueOfCb[blue]) >> FRACTION_BITS];
      out[i * 4 + 3] = 255;
    }
  }
  return { width, height, data: out };
}
