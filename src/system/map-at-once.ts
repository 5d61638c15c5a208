/**
 * Maps values with a limited number of calls at a time. After a failure no further call begins.
 * @returns results in the order of the values
 */
export async function mapAtOnce<T, R>(
  values: readonly T[],
  atOnce: number,
  map: (value: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(values.length);
  let next = 0;
  const work = async () => {
    while (next < values.length) {
      const at = next++;
      try {
        results[at] = await map(values[at] as T);
      } catch (error) {
        next = values.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, work));
  return results;
}
