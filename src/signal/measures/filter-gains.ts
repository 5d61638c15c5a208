/** A filter's effect on the power of an error spread evenly over some frequencies, as shares of that power. */
interface FilterGains {
  /** What it keeps. */
  readonly place: number;
  /** What it removes: the power of the difference from the raw values. */
  readonly residual: number;
  /** Power of the velocity of what it keeps, from differences over two steps; in 1/s^2. */
  readonly velocity: number;
}

const STEPS = 256;

/**
 * Of a second-order Butterworth filter run forwards and backwards, designed by the bilinear transform
 * (`signal/filters/butterworth.ts`).
 * @param highestHz errors are spread evenly from 0 to this frequency, at most half the rate
 */
export function filterGains(cutoffHz: number, rateHz: number, highestHz = rateHz / 2): FilterGains {
  const top = Math.min(highestHz, rateHz / 2);
  const warped = (hertz: number) => Math.tan((Math.PI * hertz) / rateHz);
  let [place, residual, velocity] = [0, 0, 0];
  for (let i = 0; i < STEPS; i++) {
    const hertz = (top * (i + 0.5)) / STEPS;
    const kept = 1 / (1 + (warped(hertz) / warped(cutoffHz)) ** 4);
    const rises = rateHz * Math.sin((2 * Math.PI * hertz) / rateHz);
    place += kept ** 2 / STEPS;
    residual += (1 - kept) ** 2 / STEPS;
    velocity += (rises * kept) ** 2 / STEPS;
  }
  return { place, residual, velocity };
}
