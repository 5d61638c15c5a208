import { firstWhere } from '../first-where.js';
import { type Stretch, smoothStretch, stretchesOf } from './stretches.js';

/** Points of a cycle: 0 to 100 per cent of its duration. */
const CYCLE_POINTS = 101;

/** A series with gaps, smoothed in each stretch between them. */
export class SmoothedSeries {
  readonly #times: readonly number[];
  readonly #parts: readonly { readonly stretch: Stretch; readonly values: readonly number[] }[];

  /** @param times rising, in seconds @param values NaN if absent @param gap longest time to bridge */
  constructor(times: readonly number[], values: ArrayLike<number>, gap: number) {
    this.#times = times;
    this.#parts = stretchesOf(times, i => Number.isFinite(values[i]), gap).map(stretch => ({
      stretch,
      values: smoothStretch(times, values, stretch),
    }));
  }

  /** By frame; NaN in gaps. */
  values(): number[] {
    const all = this.#times.map(() => Number.NaN);
    for (const { stretch, values } of this.#parts)
      for (const [i, value] of values.entries()) all[stretch.from + i] = value;
    return all;
  }

  /** The stretches, each with its values. */
  get parts(): readonly { readonly stretch: Stretch; readonly values: readonly number[] }[] {
    return this.#parts;
  }

  /** 101 values at even times from one moment to another; undefined unless all are known. */
  resample(from: number, to: number): number[] | undefined {
    const part = this.#parts[firstWhere(this.#parts.length, i => this.#times[this.#parts[i]!.stretch.to - 1]! >= to)];
    if (!part || this.#times[part.stretch.from]! > from) return undefined;
    const { stretch } = part;
    const first = stretch.from + 1;
    let right = first + firstWhere(stretch.to - 1 - first, i => this.#times[first + i]! >= from);
    return Array.from({ length: CYCLE_POINTS }, (_, i) => {
      const time = from + ((to - from) * i) / (CYCLE_POINTS - 1);
      while (right < part.stretch.to - 1 && this.#times[right]! < time) right++;
      const [t0, t1] = [this.#times[right - 1]!, this.#times[right]!];
      const [v0, v1] = [part.values[right - 1 - part.stretch.from]!, part.values[right - part.stretch.from]!];
      return v0 + ((v1 - v0) * (time - t0)) / (t1 - t0);
    });
  }
}

/** The mean course of some cycles. */
export interface MeanCurve {
  /** Number of cycles. */
  readonly count: number;
  /** 101 of each. The standard deviation is that of a sample; NaN for a single cycle. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Mean and standard deviation of cycles at each point. @param cycles at least one, of equal length */
export function meanCurve(cycles: readonly (readonly number[])[]): MeanCurve {
  const points = [...(cycles[0] ?? []).keys()];
  const at = points.map(i => meanAndDeviation(cycles.map(cycle => cycle[i]!)));
  return { count: cycles.length, mean: at.map(({ mean }) => mean), deviation: at.map(({ deviation }) => deviation) };
}

/** Mean and standard deviation (of a sample) of the finite numbers among some; NaN if there are too few. */
export function meanAndDeviation(values: readonly (number | undefined)[]): {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
} {
  const known = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count: known.length, mean, deviation: Math.sqrt(squares / (known.length - 1)) };
}
