import oneEuro from '1eurofilter';
import { sgg } from 'ml-savitzky-golay-generalized';

/**
 * Savitzky-Golay: a polynomial fitted to each window, including the ends (`scipy.signal.savgol_filter`, mode `interp`).
 * @param window odd, at most as long as the values
 * @param derivative 0: the values; 1, 2: per step of `stepSeconds`, or its square
 */
export function savitzkyGolay(
  values: ArrayLike<number>,
  window: number,
  polynomial: number,
  stepSeconds: number,
  derivative = 0,
): ArrayLike<number> {
  const given = Array.from(values);
  if (given.length < window) return derivative === 0 ? given : given.map(() => Number.NaN);
  return sgg(given, stepSeconds, { windowSize: window, polynomial, derivative });
}

/**
 * The median of each window, with its ends extended by the outermost value (`scipy.ndimage.median_filter`, mode
 * `nearest`).
 * @param window odd
 */
export function medianFilter(values: ArrayLike<number>, window: number): Float64Array {
  const half = window >> 1;
  const around = new Float64Array(window);
  return Float64Array.from(values, (_, center) => {
    for (let i = 0; i < window; i++) around[i] = values[Math.min(values.length - 1, Math.max(0, center - half + i))]!;
    return around.sort()[half]!;
  });
}

/**
 * LOESS: at each moment a straight line through the nearest share of the values, weighted by the tricube of their
 * distance (Cleveland 1979; `statsmodels lowess(frac=share, it=0, delta=0)`). Handles uneven times.
 * @param share of all values, 0-1
 */
export function loess(times: readonly number[], given: ArrayLike<number>, share: number): number[] {
  const values = Array.from(given);
  const count = Math.min(values.length, Math.max(2, Math.trunc(share * values.length + 1e-10)));
  let from = 0;
  return times.map(t => {
    // The window slides on while the value beyond its end is nearer than that at its start.
    while (from + count < times.length && times[from + count]! - t < t - times[from]!) from++;
    return lineAt(t, times.slice(from, from + count), values.slice(from, from + count));
  });
}

function lineAt(t: number, times: readonly number[], values: readonly number[]): number {
  const widest = Math.max(...times.map(other => Math.abs(other - t)));
  const weights = times.map(other => (1 - Math.min(1, Math.abs(other - t) / widest) ** 3) ** 3);
  const sum = (of: (i: number) => number) => weights.reduce((total, weight, i) => total + weight * of(i), 0);
  const all = sum(() => 1);
  const [meanT, meanV] = [sum(i => times[i]!) / all, sum(i => values[i]!) / all];
  const spread = sum(i => (times[i]! - meanT) ** 2);
  const slope = spread === 0 ? 0 : sum(i => (times[i]! - meanT) * (values[i]! - meanV)) / spread;
  return meanV + slope * (t - meanT);
}

/** The 1 euro filter (Casiez 2012), which is causal: smooth at rest, quick in motion. */
export function oneEuroFilter(
  times: readonly number[],
  values: ArrayLike<number>,
  minCutoffHz: number,
  beta: number,
): number[] {
  const [first = 0, second = first + 1] = times;
  const filter = new oneEuro.OneEuroFilter(1 / (second - first), minCutoffHz, beta, 1);
  return Array.from(values, (value, i) => filter.filter(value, times[i]));
}
