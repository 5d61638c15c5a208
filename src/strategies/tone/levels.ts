import { applyTable, histogram, lumaOf, type Pixels, replaceLuma, type Tone, toByte } from './pixels.js';

const tableOf = (value: (input: number) => number) => Uint8Array.from({ length: 256 }, (_, i) => toByte(value(i)));

/** `cv2.convertScaleAbs(image, alpha=factor, beta=offset)`. */
export function linear(factor: number, offset: number): Tone {
  const table = tableOf(input => Math.abs(input * factor + offset));
  return pixels => applyTable(pixels, table);
}

/** `255 * (input / 255) ** (1 / gamma)`, as a table (`cv2.LUT`): above 1 it brightens dark parts. */
export function gamma(exponent: number): Tone {
  const table = tableOf(input => 255 * (input / 255) ** (1 / exponent));
  return pixels => applyTable(pixels, table);
}

/** `cv2.equalizeHist` of the luma (Y of `COLOR_BGR2YUV`). */
export function equalizeHistogram(pixels: Pixels): void {
  const luma = lumaOf(pixels);
  const counts = histogram(luma);
  const first = counts.findIndex(count => count > 0);
  const rest = luma.length - counts[first]!;
  if (rest === 0) return; // A single grey.
  let sum = 0;
  const table = new Uint8Array(256);
  for (let value = first + 1; value < 256; value++) {
    sum += counts[value]!;
    table[value] = toByte((255 * sum) / rest);
  }
  replaceLuma(
    pixels,
    luma,
    luma.map(value => table[value]!),
  );
}

/** The darkest and the brightest shares of pixels that are clipped. */
const CLIPPED_SHARE = 0.005;
/** A higher gain would turn into noise what little is visible. */
const MOST_GAIN = 24;

/** The value below which a given share of the counted values lies. */
function quantile(counts: Uint32Array, total: number, share: number): number {
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    sum += counts[value]!;
    if (sum > share * total) return value;
  }
  return 255;
}

/**
 * Stretches the existing brightness over the whole range, all channels alike: gain for the dark, contrast in fog. After
 * "auto levels" of image editors, with 0.5 % clipped at either end.
 */
export function autoLevels(pixels: Pixels): void {
  const luma = lumaOf(pixels);
  const counts = histogram(luma);
  const low = quantile(counts, luma.length, CLIPPED_SHARE);
  const high = quantile(counts, luma.length, 1 - CLIPPED_SHARE);
  const gain = Math.min(MOST_GAIN, 255 / Math.max(1, high - low));
  applyTable(
    pixels,
    tableOf(input => (input - low) * gain),
  );
}

/** Raises shadows strongly and keeps highlights: for people in front of a bright window. */
export const liftShadows = gamma(2.5);

/** Brightens the lower part, where legs are often dark: `* 1.3 + 20` from 40 % of the height down, fully from 60 %. */
export function enhanceLower({ width, height, data }: Pixels): void {
  for (let y = 0; y < height; y++) {
    const share = Math.min(1, Math.max(0, (y / height - 0.4) / 0.2));
    if (share === 0) continue;
    for (let i = y * width * 4; i < (y + 1) * width * 4; i++) {
      if ((i & 3) !== 3) data[i] = toByte(data[i]! + share * (data[i]! * 0.3 + 20));
    }
  }
}
