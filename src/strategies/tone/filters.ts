import { lumaOf, type Pixels, type Tone, toByte } from './pixels.js';

/** An index beyond the edges is reflected without repeating the edge itself (OpenCV's `BORDER_REFLECT_101`). */
function reflected(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((index % period) + period) % period;
  return within < length ? within : period - within;
}

/** Filters one channel along rows or columns. */
function convolve(
  data: Uint8Array,
  { width, height }: Pixels,
  kernel: readonly number[],
  alongRows: boolean,
): Float32Array {
  const radius = kernel.length >> 1;
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 4;
      for (let k = 0; k < kernel.length; k++) {
        const column = alongRows ? reflected(x + k - radius, width) : x;
        const row = alongRows ? y : reflected(y + k - radius, height);
        addWeighted(out, to, data, (row * width + column) * 4, kernel[k]!);
      }
    }
  }
  return out;
}

/** Adds the three colours of one pixel, weighted, to those of another. */
function addWeighted(out: Float32Array, to: number, data: Uint8Array, from: number, weight: number): void {
  for (let channel = 0; channel < 3; channel++) out[to + channel]! += weight * data[from + channel]!;
}

/** `cv2.getGaussianKernel(size, 0)`: a sigma of `0.3 * ((size - 1) * 0.5 - 1) + 0.8`. */
export function gaussianKernel(size: number): number[] {
  const sigma = 0.3 * ((size - 1) * 0.5 - 1) + 0.8;
  const weights = Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
}

/** `cv2.GaussianBlur(image, (size, size), 0)`, except for OpenCV's own fixed weights of small sizes. */
export function gaussianBlur(size: number): Tone {
  const kernel = gaussianKernel(size);
  return pixels => {
    for (const alongRows of [true, false]) {
      const sums = convolve(pixels.data, pixels, kernel, alongRows);
      for (let i = 0; i < sums.length; i++) if ((i & 3) !== 3) pixels.data[i] = toByte(sums[i]!);
    }
  };
}

/**
 * Adds `amount` times what a blur removes: unsharp masking, the old tool's 3x3 kernel of 5 in the middle and -1 at its
 * sides.
 */
export function sharpen({ width, height, data }: Pixels): void {
  const before = data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4;
      const [up, down] = [reflected(y - 1, height), reflected(y + 1, height)];
      const [left, right] = [reflected(x - 1, width), reflected(x + 1, width)];
      for (let channel = 0; channel < 3; channel++) {
        const around =
          before[(up * width + x) * 4 + channel]! +
          before[(down * width + x) * 4 + channel]! +
          before[(y * width + left) * 4 + channel]! +
          before[(y * width + right) * 4 + channel]!;
        data[i + channel] = toByte(5 * before[i + channel]! - around);
      }
    }
  }
}

/** Half as much of the same. */
export function halfSharpen(pixels: Pixels): void {
  const before = pixels.data.slice();
  sharpen(pixels);
  const { data } = pixels;
  for (let i = 0; i < data.length; i++) data[i] = (data[i]! + before[i]!) >> 1;
}

/** Adds 30 % of the luma's gradient magnitude (Sobel, 3x3): outlines stand out. */
export function enhanceEdges(pixels: Pixels): void {
  const { width, height, data } = pixels;
  const luma = lumaOf(pixels);
  const at = (x: number, y: number) => luma[reflected(y, height) * width + reflected(x, width)]!;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across =
        at(x + 1, y - 1) + 2 * at(x + 1, y) + at(x + 1, y + 1) - at(x - 1, y - 1) - 2 * at(x - 1, y) - at(x - 1, y + 1);
      const down =
        at(x - 1, y + 1) + 2 * at(x, y + 1) + at(x + 1, y + 1) - at(x - 1, y - 1) - 2 * at(x, y - 1) - at(x + 1, y - 1);
      const add = 0.3 * Math.hypot(across, down);
      const i = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel++) data[i + channel] = toByte(data[i + channel]! + add);
    }
  }
}

/**
 * `cv2.bilateralFilter(image, diameter, sigmaColor, sigmaSpace)` (C. Tomasi and R. Manduchi, ICCV 1998): smooth, but
 * not across edges. The window is a circle; colours differ by the sum of their channels' differences, as in OpenCV.
 */
export function bilateral(diameter: number, sigmaColour: number, sigmaSpace: number): Tone {
  const radius = diameter >> 1;
  const colourWeights = Float32Array.from({ length: 766 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigmaColour * sigmaColour)),
  );
  const window: { dx: number; dy: number; weight: number }[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const distance2 = dx * dx + dy * dy;
      if (distance2 > radius * radius) continue;
      window.push({ dx, dy, weight: Math.exp(-distance2 / (2 * sigmaSpace * sigmaSpace)) });
    }
  }
  return ({ width, height, data }) => {
    const before = data.slice();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = (y * width + x) * 4;
        const [r, g, b] = [before[i], before[i + 1], before[i + 2]];
        let [sumR, sumG, sumB, total] = [0, 0, 0, 0];
        for (const { dx, dy, weight } of window) {
          const j = (reflected(y + dy, height) * width + reflected(x + dx, width)) * 4;
          const difference = Math.abs(before[j]! - r!) + Math.abs(before[j + 1]! - g!) + Math.abs(before[j + 2]! - b!);
          const share = weight * colourWeights[difference]!;
          sumR += share * before[j]!;
          sumG += share * before[j + 1]!;
          sumB += share * before[j + 2]!;
          total += share;
        }
        data[i] = toByte(sumR / total);
        data[i + 1] = toByte(sumG / total);
        data[i + 2] = toByte(sumB / total);
      }
    }
  };
}
