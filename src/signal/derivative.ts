/**
 * The rate of change at uneven times, by second-order differences inside and first-order ones at the ends
 * (`numpy.gradient(values, times)`).
 */
export function derivative(times: readonly number[], values: readonly number[]): number[] {
  const n = values.length;
  if (n < 2) return values.map(() => Number.NaN);
  const slope = (i: number) => (values[i + 1]! - values[i]!) / (times[i + 1]! - times[i]!);
  return values.map((_, i) => {
    if (i === 0) return slope(0);
    if (i === n - 1) return slope(n - 2);
    const before = times[i]! - times[i - 1]!;
    const after = times[i + 1]! - times[i]!;
    return (slope(i - 1) * after + slope(i) * before) / (before + after);
  });
}
