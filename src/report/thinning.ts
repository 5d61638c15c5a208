/** The frames of a long table in equal bins, of which a curve shows the lowest and the highest value. */
export interface Thinning {
  /** Frames per bin; 1: each frame is shown. */
  readonly perBin: number;
  readonly frames: number;
}

/** Divides frames into bins of two points each, at most `mostPoints` in all. */
export function thinningOf(frames: number, mostPoints: number): Thinning {
  return { frames, perBin: frames <= mostPoints ? 1 : Math.ceil((2 * frames) / mostPoints) };
}

/** The times at which a bin's two values are shown: those of its first and middle frames. */
export function thinnedTimes(times: Float64Array, { perBin, frames }: Thinning): Float64Array {
  if (perBin === 1) return times;
  const middle = perBin >> 1;
  return Float64Array.from({ length: 2 * Math.ceil(frames / perBin) }, (_, point) => {
    const from = (point >> 1) * perBin;
    return times[Math.min(frames - 1, point % 2 === 0 ? from : from + middle)]!;
  });
}

/** The lowest and the highest value of each bin, in their order in time; NaN if absent. */
export function thinned(values: ArrayLike<number>, { perBin, frames }: Thinning): ArrayLike<number> {
  if (perBin === 1) return values;
  const result = new Float32Array(2 * Math.ceil(frames / perBin)).fill(Number.NaN);
  for (let from = 0, point = 0; from < frames; from += perBin, point += 2) {
    const [first, last] = extremesOf(values, from, Math.min(frames, from + perBin));
    if (first < 0) continue;
    result[point] = values[first]!;
    result[point + 1] = values[last]!;
  }
  return result;
}

/** Indexes of the lowest and the highest of some values, in rising order; -1 without values. */
function extremesOf(values: ArrayLike<number>, from: number, to: number): [first: number, last: number] {
  let [lowest, highest] = [-1, -1];
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (lowest < 0 || values[i]! < values[lowest]!) lowest = i;
    if (highest < 0 || values[i]! > values[highest]!) highest = i;
  }
  return [Math.min(lowest, highest), Math.max(lowest, highest)];
}
