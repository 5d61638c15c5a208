/** From the worst: missing, swapped, filled, found by a retry, newly found, followed. */
const ORDER = [0, 5, 3, 4, 1, 2] as const;
/** More than a screen is wide: of longer tables each bin is several frames. */
const MOST_BINS = 20_000;

/** A video's time in bins: how its frames ended, and how sure they are. */
export interface Ribbon {
  /** The worst status of each bin, a digit each. */
  readonly statuses: string;
  /** Mean score of each bin, 0-255 for 0-1. */
  readonly scores: Uint8Array;
}

/** @param statuses a digit for each frame @param scores 0-255 for each frame */
export function ribbonOf(statuses: Float64Array, scores: Float64Array): Ribbon {
  const bins = binsOf(statuses.length, MOST_BINS);
  return {
    statuses: bins.map(([from, to]) => worstOf(statuses.subarray(from, to))).join(''),
    scores: Uint8Array.from(bins, ([from, to]) => Math.round(meanOf(scores.subarray(from, to)))),
  };
}

/** The frames in at most so many bins; `to` is the one after the last. */
export function binsOf(frames: number, most: number): (readonly [from: number, to: number])[] {
  const bins = Math.min(most, frames);
  return Array.from({ length: bins }, (_, bin) => {
    const from = Math.floor((bin * frames) / bins);
    return [from, Math.max(from + 1, Math.floor(((bin + 1) * frames) / bins))] as const;
  });
}

export function worstOf(statuses: Float64Array): number {
  return ORDER.find(code => statuses.includes(code)) ?? 2;
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
