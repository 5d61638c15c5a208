/** From the median absolute deviation to a standard deviation, for a normal distribution. */
const DEVIATIONS = 1.4826;

/**
 * Which values lie further from the median of their window than so many standard deviations, these told by the median
 * absolute deviation (Hampel 1974).
 * @param half values to either side
 * @param least deviations below this, in the values' unit, are none: a signal that stands still has a deviation of 0
 */
export function outliers(values: readonly number[], half: number, sigmas: number, least: number): boolean[] {
  return values.map((value, center) => {
    const around = values.slice(Math.max(0, center - half), center + half + 1).filter(Number.isFinite);
    if (!Number.isFinite(value) || around.length < 3) return false;
    const middle = median(around);
    const deviation = DEVIATIONS * median(around.map(other => Math.abs(other - middle)));
    return Math.abs(value - middle) > Math.max(least, sigmas * deviation);
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
