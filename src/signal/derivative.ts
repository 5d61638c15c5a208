/**
 * The rate of change at uneven times, by second-order differences inside and first-order ones at the ends
 * (`numpy.gradient(values, times)`).
 */
export function derivative(times: readonly number[], values: readonly number[]): number[] {
  const n = values.length;
  if (n < 2) return values.map(() => Number.NaN);
  const slope = (i: number) =>
    ((values[i + 1] as number) - (values[i] as number)) / ((times[i + 1] as number) - (times[i] as number));
  return values.map((_, i) => {
    if (i === 0) return slope(0);
    if (i === n - 1) return slope(n - 2);
    const before = (times[i] as number) - (times[i - 1] as number);
    const after = (times[i + 1] as number) - (times[i] as number);
    return (slope(i - 1) * after + slope(i) * before) / (before + after);
  });
}
