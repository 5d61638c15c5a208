export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
export const lerp = (a: number, b: number, t: number) => a + (b - a) * t;

/** 0 up to `from`, 1 from `to` on, a cubic with flat ends between (Hermite's smoothstep). */
export function smoothstep(from: number, to: number, x: number): number {
  const t = clamp((x - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** Rises from 0 to 1 over `up`, and falls back over `down`: the two ends of a gesture in seconds. */
export function gesture(up: readonly [number, number], down: readonly [number, number], t: number): number {
  return smoothstep(up[0], up[1], t) - smoothstep(down[0], down[1], t);
}

/** Values at given times with smooth transitions, the first and last held beyond. */
export function keyed(keys: readonly (readonly [time: number, value: number])[], t: number): number {
  const first = keys[0];
  if (!first) throw new Error('no keys');
  let value = first[1];
  for (let i = 1; i < keys.length; i++) {
    const [from, a] = keys[i - 1] as [number, number];
    const [to, b] = keys[i] as [number, number];
    if (t >= from) value = lerp(a, b, smoothstep(from, to, t));
  }
  return value;
}
