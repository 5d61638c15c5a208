/** Coefficients of a second-order section; `a[0]` is 1. */
interface Section {
  readonly b: readonly [number, number, number];
  readonly a: readonly [1, number, number];
}

/** Valid orders of a zero-lag filter: run forwards and backwards, a filter counts twice. */
export type ButterworthOrder = 2 | 4;

/** A low-pass of half the order, by the bilinear transform with prewarped cutoff (`scipy.signal.butter`). */
function design(order: ButterworthOrder, cutoffHz: number, rateHz: number): Section {
  const k = Math.tan((Math.PI * cutoffHz) / rateHz);
  if (order === 2) {
    const gain = k / (1 + k);
    return { b: [gain, gain, 0], a: [1, (k - 1) / (k + 1), 0] };
  }
  const scale = 1 + Math.SQRT2 * k + k * k;
  const gain = (k * k) / scale;
  return { b: [gain, 2 * gain, gain], a: [1, (2 * (k * k - 1)) / scale, (1 - Math.SQRT2 * k + k * k) / scale] };
}

/**
 * One pass in place, direct form II transposed, starting from the state in which a constant at the first value is
 * unchanged.
 */
function pass({ b: [b0, b1, b2], a: [, a1, a2] }: Section, values: Float64Array): void {
  const first = values[0] ?? 0;
  let [z1, z2] = [(1 - b0) * first, (b2 - a2) * first];
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    values[i] = y;
  }
}

/** A cutoff that is impossible at the series' rate. */
export class CutoffError extends RangeError {
  override readonly name = 'CutoffError';
}

/**
 * A Butterworth low-pass without lag: forwards, then backwards, with both ends extended by their point reflection
 * (`scipy.signal.filtfilt(*butter(order / 2, cutoff, fs=rate), values)`). The cutoff is that of one pass, as in
 * Sports2D and Pose2Sim.
 * @param values evenly spaced
 * @param cutoffHz below half the rate
 * @throws CutoffError
 */
export function butterworth(
  values: ArrayLike<number>,
  order: ButterworthOrder,
  cutoffHz: number,
  rateHz: number,
): Float64Array {
  if (!(cutoffHz > 0 && cutoffHz < rateHz / 2)) {
    throw new CutoffError(
      `must be between 0 and ${Number((rateHz / 2).toFixed(2))} Hz (half the frame rate), got ${cutoffHz}`,
    );
  }
  const section = design(order, cutoffHz, rateHz);
  const padding = Math.min(3 * (order / 2 + 1), values.length - 1);
  if (padding < 1) return new Float64Array(values);
  const [first, last] = [values[0]!, values[values.length - 1]!];
  const padded = new Float64Array(values.length + 2 * padding);
  padded.set(values, padding);
  for (let i = 1; i <= padding; i++) {
    padded[padding - i] = 2 * first - values[i]!;
    padded[padding + values.length - 1 + i] = 2 * last - values[values.length - 1 - i]!;
  }
  pass(section, padded);
  pass(section, padded.reverse());
  return padded.reverse().subarray(padding, padding + values.length);
}
