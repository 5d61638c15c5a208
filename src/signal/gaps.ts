/** How to compute the values of a gap. */
export type Interpolation = 'linear' | 'cubic';

/**
 * Fills gaps (NaN) up to a number of values from those around them; longer ones, and those at the ends, stay.
 * @param times rising
 * @param cubic a natural cubic spline through all values between two longer gaps (`scipy.interpolate.CubicSpline`,
 * `bc_type='natural'`)
 * @returns a copy
 */
export function fillGaps(
  times: readonly number[],
  values: ArrayLike<number>,
  longest: number,
  how: Interpolation,
): Float64Array {
  const result = new Float64Array(values);
  for (const [from, to] of stretches(result, longest)) {
    if (isWhole(result, from, to)) continue;
    if (how === 'linear') fillLinear(times, result, from, to);
    else fillCubic(times, result, from, to);
  }
  return result;
}

/** From one value to the next. */
function fillLinear(times: readonly number[], values: Float64Array, from: number, to: number): void {
  let before = from;
  for (let next = from; next < to; next++) {
    if (!Number.isFinite(values[next])) continue;
    const [first, last] = [times[before]!, times[next]!];
    for (let i = before + 1; i < next; i++) {
      const [left, right] = [(last - times[i]!) / (last - first), (times[i]! - first) / (last - first)];
      values[i] = left * values[before]! + right * values[next]!;
    }
    before = next;
  }
}

function fillCubic(times: readonly number[], values: Float64Array, from: number, to: number): void {
  const known = indices(from, to).filter(i => Number.isFinite(values[i]));
  const at = interpolator(
    known.map(i => times[i]!),
    known.map(i => values[i]!),
  );
  for (let i = from; i < to; i++) if (!Number.isFinite(values[i])) values[i] = at(times[i]!);
}

function isWhole(values: ArrayLike<number>, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function indices(from: number, to: number): number[] {
  const found: number[] = [];
  for (let i = from; i < to; i++) found.push(i);
  return found;
}

/** Stretches that begin and end with a value and contain no longer gap; `to` is the index after the last. */
export function stretches(values: ArrayLike<number>, longestGap: number): [from: number, to: number][] {
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

/**
 * The value at any moment between the first and the last of some points, on the natural cubic spline through them. It
 * is fastest for rising moments.
 * @param x rising
 */
export function interpolator(x: ArrayLike<number>, y: ArrayLike<number>): (at: number) => number {
  const second = naturalSpline(x, y);
  let next = 0;
  return at => {
    next = upperBound(x, at, next);
    const right = Math.min(x.length - 1, Math.max(1, next));
    const [x0, x1] = [x[right - 1]!, x[right]!];
    if (x.length === 1) return y[0]!;
    const h = x1 - x0;
    const [a, b] = [(x1 - at) / h, (at - x0) / h];
    const bend = ((a ** 3 - a) * second[right - 1]! + (b ** 3 - b) * second[right]!) * (h * h);
    return a * y[right - 1]! + b * y[right]! + bend / 6;
  };
}

/** Number of steps to try one by one: requests in order are close to each other. */
const NEAR = 4;

/** The index of the first x beyond a moment. @param before that of a usually earlier moment */
function upperBound(x: ArrayLike<number>, at: number, before: number): number {
  let [low, high] = [0, x.length];
  if (before === 0 || x[before - 1]! <= at) {
    low = before;
    for (let step = 0; step < NEAR; step++, low++) if (!(low < high && x[low]! <= at)) return low;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Second derivatives of the natural cubic spline through some points: a tridiagonal system, by Thomas's algorithm. */
function naturalSpline(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const n = x.length;
  const [upper, right] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 1; i < n - 1; i++) {
    const [xa, xb, xc] = [x[i - 1]!, x[i]!, x[i + 1]!];
    const [ya, yb, yc] = [y[i - 1]!, y[i]!, y[i + 1]!];
    const [left, ahead] = [xb - xa, xc - xb];
    const scale = 2 * (left + ahead) - left * upper[i - 1]!;
    upper[i] = ahead / scale;
    right[i] = (6 * ((yc - yb) / ahead - (yb - ya) / left) - left * right[i - 1]!) / scale;
  }
  const second = new Float64Array(n);
  for (let i = n - 2; i > 0; i--) second[i] = right[i]! - upper[i]! * second[i + 1]!;
  return second;
}
