/** The first of some ascending indices for which a condition holds, by bisection; their count if it holds for none. */
export function firstWhere(count: number, isTrue: (index: number) => boolean): number {
  let [low, high] = [0, Math.max(0, count)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
