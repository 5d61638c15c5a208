/** The highest of some values. */
export interface Highest {
  /** Its estimate without the errors that made it the highest. */
  readonly value: number;
  /** Uncertainty of the estimate: one standard deviation of each value, and half of the correction. */
  readonly error: number;
  /** Index where it was found. */
  readonly index: number;
}

/**
 * The highest of some values that each have an error: among several of similar height, the highest is the one with the
 * largest error, so the mean maximum of as many normal errors is subtracted. A peak that stands alone is unchanged.
 * @param independent share of the values with independent errors: neighbours in time have the same
 */
export function highestOf(values: readonly number[], error: number, independent: number): Highest | undefined {
  let index = -1;
  for (const [i, value] of values.entries()) if (!(value <= values[index]!)) index = i;
  const most = values[index];
  if (most === undefined) return undefined;
  const alike = values.filter(value => value >= most - 2 * error).length * Math.min(1, independent);
  const taken = meanMaximum(alike) * error;
  return { value: Math.max(0, most - taken), error: Math.hypot(error, taken / 2), index };
}

/** The mean maximum of a number of values from a standard normal distribution (Blom 1958). */
function meanMaximum(count: number): number {
  return count <= 1 ? 0 : normalQuantile((count - 0.375) / (count + 0.25));
}

/** Accurate to 0.0005 (Abramowitz and Stegun 26.2.23). @param share 0.5 to 1 */
function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - share));
  return t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
}
