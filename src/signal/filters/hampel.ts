/** Converts a median absolute deviation to a standard deviation, for a normal distribution. */
const DEVIATIONS = 1.4826;

/**
 * Which values lie further from the median of their window than a number of standard deviations, estimated from the
 * median absolute deviation (Hampel 1974).
 * @param half values on either side
 * @param least smaller deviations, in the values' unit, do not count: a constant signal has a deviation of 0
 */
export function outliers(values: ArrayLike<number>, half: number, sigmas: number, least: number): boolean[] {
  const window = new Float64Array(2 * half + 1);
  const found = new Array<boolean>(values.length).fill(false);
  for (let center = 0; center < found.length; center++) {
    const count = finiteAround(values, center, half, window);
    if (!Number.isFinite(values[center]) || count < 3) continue;
    const middle = medianOf(window, count);
    for (let i = 0; i < count; i++) window[i] = Math.abs(window[i]! - middle);
    const deviation = DEVIATIONS * medianOf(window, count);
    found[center] = Math.abs(values[center]! - middle) > Math.max(least, sigmas * deviation);
  }
  return found;
}

/** Copies the numbers around one into a window. @returns their count */
function finiteAround(values: ArrayLike<number>, center: number, half: number, window: Float64Array): number {
  let count = 0;
  for (let i = Math.max(0, center - half); i <= Math.min(values.length - 1, center + half); i++)
    if (Number.isFinite(values[i])) window[count++] = values[i]!;
  return count;
}

/** Median of the first values, which it sorts: by insertion, which is fastest for few. */
function medianOf(values: Float64Array, count: number): number {
  for (let i = 1; i < count; i++) {
    const value = values[i]!;
    let at = i;
    for (; at > 0 && values[at - 1]! > value; at--) values[at] = values[at - 1]!;
    values[at] = value;
  }
  const half = count >> 1;
  return count % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}
