/** The frames of a span of a video; `to` is the one after the last. */
export type Bin = readonly [from: number, to: number];

/** Statuses, the worst first: missing, swapped, filled, found on retry, newly detected, tracked. */
const ORDER = [0, 5, 3, 4, 1, 2] as const;

/** The frames in at most `most` bins of equal size. */
export function binsOf(frames: number, most: number): Bin[] {
  const bins = Math.min(most, frames);
  return Array.from({ length: bins }, (_, bin) => {
    const from = Math.floor((bin * frames) / bins);
    return [from, Math.max(from + 1, Math.floor(((bin + 1) * frames) / bins))] as const;
  });
}

/** The time range of a page: each frame lasts until the next one. */
export interface Span {
  /** Time of the first frame in seconds. */
  readonly start: number;
  /** Seconds until the end of the last frame, which is given the others' average duration; above 0. */
  readonly seconds: number;
}

const LONE_FRAME_SECONDS = 1;

/** @param times of all frames in seconds, rising */
export function spanOf(times: Float64Array): Span {
  const start = times[0] ?? 0;
  const length = (times.at(-1) ?? 0) - start;
  const seconds = length > 0 ? (length * times.length) / (times.length - 1) : LONE_FRAME_SECONDS;
  return { start, seconds };
}

/** Largest rounding of a time, as a share of a frame. */
const TOLERANCE = 0.05;

/**
 * The frames visible in at most `most` equal spans of time: a span without a new frame has the frame before it. @param
 * times of all frames in seconds, rising
 */
export function timeBins(times: Float64Array, most: number): Bin[] {
  const { start, seconds } = spanOf(times);
  const bins = Math.min(most, times.length);
  const [step, slack] = [seconds / bins, (TOLERANCE * seconds) / times.length];
  let [from, to] = [0, 0];
  return Array.from({ length: bins }, (_, bin) => {
    while (timeAt(times, from + 1) <= start + bin * step + slack) from++;
    while (timeAt(times, to) < start + (bin + 1) * step - slack) to++;
    return [from, Math.max(from + 1, to)] as const;
  });
}

const timeAt = (times: Float64Array, frame: number) => times[frame] ?? Number.POSITIVE_INFINITY;

export function worstOf(statuses: Float64Array): number {
  return ORDER.find(code => statuses.includes(code)) ?? 2;
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean of the numbers among some values; NaN without numbers. */
export function knownMeanOf(values: Iterable<number>): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}
