/**
 * The rate of change at uneven times, by second-order differences inside and first-order ones at the ends
 * (`numpy.gradient(values, times)`).
 */
export function derivative(times: ArrayLike<number>, values: ArrayLike<number>): Float64Array {
  const rates = new Float64Array(values.length);
  putDerivative(times, values, rates);
  return rates;
}

/** The same, for as many values as fit: allocates no memory, for many short series. */
export function putDerivative(times: ArrayLike<number>, values: ArrayLike<number>, into: Float64Array): void {
  const n = into.length;
  if (n < 2) {
    into.fill(Number.NaN);
    return;
  }
  for (let i = 0; i < n; i++) {
    if (i === 0) into[i] = slope(times, values, 0);
    else if (i === n - 1) into[i] = slope(times, values, n - 2);
    else {
      const before = times[i]! - times[i - 1]!;
      const after = times[i + 1]! - times[i]!;
      into[i] = (slope(times, values, i - 1) * after + slope(times, values, i) * before) / (before + after);
    }
  }
}

function slope(times: ArrayLike<number>, values: ArrayLike<number>, i: number): number {
  return (values[i + 1]! - values[i]!) / (times[i + 1]! - times[i]!);
}
