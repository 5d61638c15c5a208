/** A point in the picture, and the network's position for it in metres, on the same axes. */
interface Pair {
  readonly x: number;
  readonly y: number;
  readonly worldX: number;
  readonly worldY: number;
}

/** The relation between a picture's pixels and a network's metres. */
interface PictureScale {
  readonly metresPerPixel: number;
  /** Negative if the metres run the other way along x, as in a mirrored video; otherwise positive. */
  readonly alongX: number;
}

/** With fewer pairs, one joint would decide. */
const LEAST_PAIRS = 4;

/** The best scale (least squares); undefined if too few points are known, or they coincide. */
export function pictureScale(pairs: readonly Pair[]): PictureScale | undefined {
  if (pairs.length < LEAST_PAIRS) return undefined;
  const mean = (of: (pair: Pair) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [x, y, worldX, worldY] = [mean(p => p.x), mean(p => p.y), mean(p => p.worldX), mean(p => p.worldY)];
  const alongX = mean(p => (p.x - x) * (p.worldX - worldX));
  const alongY = mean(p => (p.y - y) * (p.worldY - worldY));
  const metresPerPixel = (Math.abs(alongX) + alongY) / mean(p => (p.x - x) ** 2 + (p.y - y) ** 2);
  return metresPerPixel > 0 && Number.isFinite(metresPerPixel) ? { metresPerPixel, alongX } : undefined;
}

/** A value at a time in seconds. */
export interface TimedValue {
  readonly time: number;
  readonly value: number;
}

/**
 * The value at a time on the straight line through the values around it, with more weight on near ones (locally
 * weighted regression with tricube weights, Cleveland 1979).
 * @param halfWindow seconds on either side; values further away do not count
 */
export function localLine(values: readonly TimedValue[], at: number, halfWindow: number): number {
  const sums = { w: 0, t: 0, v: 0, tt: 0, tv: 0 };
  for (const { time, value } of values) {
    const t = time - at;
    const w = Math.max(0, 1 - Math.abs(t / halfWindow) ** 3) ** 3;
    sums.w += w;
    sums.t += w * t;
    sums.v += w * value;
    sums.tt += w * t * t;
    sums.tv += w * t * value;
  }
  const spread = sums.w * sums.tt - sums.t ** 2;
  // Values of one time, or a single one, have no slope.
  if (spread <= 1e-12 * sums.w ** 2) return sums.v / sums.w;
  return (sums.tt * sums.v - sums.t * sums.tv) / spread;
}
