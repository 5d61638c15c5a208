/** How the values of a gap are found. */
export type Interpolation = 'linear' | 'cubic';

/**
 * Fills gaps (NaN) of at most so many values from those around them; longer ones, and those at the ends, stay.
 * @param cubic a natural cubic spline through all values between two longer gaps (`scipy.interpolate.CubicSpline`,
 * `bc_type='natural'`)
 * @returns the values, and which of them were filled
 */
export function fillGaps(
  times: readonly number[],
  values: readonly number[],
  longest: number,
  how: Interpolation,
): { values: number[]; filled: boolean[] } {
  const result = [...values];
  const filled = values.map(() => false);
  for (const [from, to] of stretches(values, longest)) {
    if (isWhole(values, from, to)) continue;
    const known = indices(from, to).filter(i => Number.isFinite(values[i]));
    const at = interpolator(
      known.map(i => times[i]!),
      known.map(i => values[i]!),
      how,
    );
    for (const i of indices(from, to)) {
      if (Number.isFinite(values[i])) continue;
      result[i] = at(times[i]!);
      filled[i] = true;
    }
  }
  return { values: result, filled };
}

function isWhole(values: readonly number[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function indices(from: number, to: number): number[] {
  const found: number[] = [];
  for (let i = from; i < to; i++) found.push(i);
  return found;
}

/** Stretches that begin and end with a value and hold no gap that is longer; `to` is the index after the last. */
export function stretches(values: readonly number[], longestGap: number): [from: number, to: number][] {
  const found: [number, number][] = [];
  let from = -1;
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (from >= 0 && i - last - 1 > longestGap) {
      found.push([from, last + 1]);
      from = i;
    } else if (from < 0) from = i;
    last = i;
  }
  if (from >= 0) found.push([from, last + 1]);
  return found;
}

/** The value at any moment between the first and the last of some points. @param x rising */
export function interpolator(x: readonly number[], y: readonly number[], how: Interpolation): (at: number) => number {
  const second = how === 'cubic' && x.length > 2 ? naturalSpline(x, y) : x.map(() => 0);
  return at => {
    const right = Math.min(x.length - 1, Math.max(1, upperBound(x, at)));
    const [x0, x1] = [x[right - 1]!, x[right]!];
    if (x.length === 1) return y[0]!;
    const h = x1 - x0;
    const [a, b] = [(x1 - at) / h, (at - x0) / h];
    const bend = ((a ** 3 - a) * second[right - 1]! + (b ** 3 - b) * second[right]!) * (h * h);
    return a * y[right - 1]! + b * y[right]! + bend / 6;
  };
}

function upperBound(x: readonly number[], at: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Second derivatives of the natural cubic spline through some points: a tridiagonal system, by Thomas's algorithm. */
function naturalSpline(x: readonly number[], y: readonly number[]): number[] {
  const n = x.length;
  const [upper, right] = [new Array<number>(n).fill(0), new Array<number>(n).fill(0)];
  for (let i = 1; i < n - 1; i++) {
    const [xa, xb, xc] = [x[i - 1]!, x[i]!, x[i + 1]!];
    const [ya, yb, yc] = [y[i - 1]!, y[i]!, y[i + 1]!];
    const [left, ahead] = [xb - xa, xc - xb];
    const scale = 2 * (left + ahead) - left * upper[i - 1]!;
    upper[i] = ahead / scale;
    right[i] = (6 * ((yc - yb) / ahead - (yb - ya) / left) - left * right[i - 1]!) / scale;
  }
  const second = new Array<number>(n).fill(0);
  for (let i = n - 2; i > 0; i--) second[i] = right[i]! - upper[i]! * second[i + 1]!;
  return second;
}
