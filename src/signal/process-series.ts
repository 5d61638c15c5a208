import { BodyscriptError } from '../errors.js';
import { type ButterworthOrder, butterworth } from './filters/butterworth.js';
import { loess, medianFilter, oneEuroFilter, savitzkyGolay } from './filters/smooth.js';
import { fillGaps, type Interpolation, interpolator, stretches } from './gaps.js';

/** The smoothing of a series, with all parameters. */
export type Smoothing =
  | { readonly kind: 'none' }
  | { readonly kind: 'butterworth'; readonly order: ButterworthOrder; readonly cutoffHz: number }
  | { readonly kind: 'savitzky-golay'; readonly window: number; readonly polynomial: number }
  | { readonly kind: 'median'; readonly window: number }
  | { readonly kind: 'loess'; readonly share: number }
  | { readonly kind: 'one-euro'; readonly minCutoffHz: number; readonly beta: number };

export interface SeriesOptions {
  readonly smoothing: Smoothing;
  /** Frames of the longest gap to fill. */
  readonly maxGap: number;
  readonly interpolation: Interpolation;
}

/**
 * If steps deviate further than this share from their median, a series is uneven: it is resampled for filters that
 * count in steps.
 */
const UNEVEN = 0.01;

/** Resampling may yield this many times, or ten for each original one: more would take unexpected memory. */
const MOST_STEPS = 1_000_000;

function jumpingTimes(first: number, last: number, step: number): BodyscriptError {
  const what = `its times jump: they go from ${first} to ${last} s, mostly in steps of ${step} s`;
  return new BodyscriptError('TABLE_INVALID', what, {
    remedy: 'Use --smooth loess, one-euro or none, which accept uneven times.',
  });
}

/**
 * Fills the short gaps of a series and smooths each stretch between longer ones.
 * @param times in seconds, rising
 * @param values NaN if absent
 */
export function processSeries(
  times: readonly number[],
  values: ArrayLike<number>,
  { smoothing, maxGap, interpolation }: SeriesOptions,
): Float64Array {
  const whole = fillGaps(times, values, maxGap, interpolation);
  if (smoothing.kind === 'none') return whole;
  for (const [from, to] of stretches(whole, 0))
    whole.set(smooth(partOf(times, from, to), whole.subarray(from, to), smoothing), from);
  return whole;
}

/** Smooths values without gaps, on their own times. */
export function smooth(times: readonly number[], values: Float64Array, smoothing: Smoothing): ArrayLike<number> {
  if (smoothing.kind === 'none' || values.length < 3) return values.slice();
  if (smoothing.kind === 'loess') return loess(times, values, smoothing.share);
  if (smoothing.kind === 'one-euro') return oneEuroFilter(times, values, smoothing.minCutoffHz, smoothing.beta);
  const { step, isEven } = stepsOf(times);
  if (isEven) return smoothEven(values, step, smoothing);
  const [first, last] = [times[0]!, times.at(-1)!];
  const count = Math.max(2, Math.round((last - first) / step) + 1);
  if (!(count <= Math.max(MOST_STEPS, 10 * times.length))) throw jumpingTimes(first, last, step);
  const even = Float64Array.from({ length: count }, (_, i) => first + (i * (last - first)) / (count - 1));
  const resampled = even.map(interpolator(times, values));
  const back = interpolator(even, smoothEven(resampled, (last - first) / (count - 1), smoothing));
  return Float64Array.from(times, back);
}

function smoothEven(
  values: Float64Array,
  step: number,
  smoothing: Exclude<Smoothing, { kind: 'none' | 'loess' | 'one-euro' }>,
): ArrayLike<number> {
  switch (smoothing.kind) {
    case 'butterworth':
      return butterworth(values, smoothing.order, smoothing.cutoffHz, 1 / step);
    case 'savitzky-golay':
      return savitzkyGolay(values, smoothing.window, smoothing.polynomial, step);
    case 'median':
      return medianFilter(values, smoothing.window);
  }
}

/** The last stretch of some times: usually the next landmark has the same one, with the same steps. */
const lastPart = new WeakMap<readonly number[], { from: number; to: number; part: readonly number[] }>();

function partOf(times: readonly number[], from: number, to: number): readonly number[] {
  const last = lastPart.get(times);
  if (last?.from === from && last.to === to) return last.part;
  const part = times.slice(from, to);
  lastPart.set(times, { from, to, part });
  return part;
}

const knownSteps = new WeakMap<readonly number[], { step: number; isEven: boolean }>();

/** The median step of times, in seconds, and whether the other steps are similar. */
function stepsOf(times: readonly number[]): { step: number; isEven: boolean } {
  const known = knownSteps.get(times);
  if (known) return known;
  const step = stepOf(times);
  const steps = { step, isEven: isEven(times, step) };
  knownSteps.set(times, steps);
  return steps;
}

/** The median step between two times in seconds. */
export function stepOf(times: readonly number[]): number {
  const steps = new Float64Array(Math.max(0, times.length - 1));
  for (let i = 0; i < steps.length; i++) steps[i] = times[i + 1]! - times[i]!;
  return steps.sort()[steps.length >> 1] ?? 1;
}

function isEven(times: readonly number[], step: number): boolean {
  return times.every((time, i) => i === 0 || Math.abs(time - times[i - 1]! - step) <= UNEVEN * step + 1e-6);
}
