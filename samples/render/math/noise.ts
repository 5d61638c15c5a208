/** A deterministic number in [0, 1) from three integers (xxHash's primes as multipliers). */
export function latticeValue(x: number, y: number, z: number): number {
  let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263) ^ Math.imul(z | 0, 1274126177);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Value noise in [0, 1): lattice values, smoothly interpolated. */
export function noise(x: number, y: number, z: number): number {
  const X = Math.floor(x);
  const Y = Math.floor(y);
  const Z = Math.floor(z);
  let u = x - X;
  let v = y - Y;
  let w = z - Z;
  u = u * u * (3 - 2 * u);
  v = v * v * (3 - 2 * v);
  w = w * w * (3 - 2 * w);
  const a = latticeValue(X, Y, Z) * (1 - u) + latticeValue(X + 1, Y, Z) * u;
  const b = latticeValue(X, Y + 1, Z) * (1 - u) + latticeValue(X + 1, Y + 1, Z) * u;
  const c = latticeValue(X, Y, Z + 1) * (1 - u) + latticeValue(X + 1, Y, Z + 1) * u;
  const d = latticeValue(X, Y + 1, Z + 1) * (1 - u) + latticeValue(X + 1, Y + 1, Z + 1) * u;
  return (a * (1 - v) + b * v) * (1 - w) + (c * (1 - v) + d * v) * w;
}

/** Three octaves of value noise, in [0, 1). */
export function fractalNoise(x: number, y: number, z: number): number {
  return 0.5 * noise(x, y, z) + 0.3 * noise(2.1 * x + 7, 2.1 * y, 2.1 * z) + 0.2 * noise(4.3 * x, 4.3 * y + 3, 4.3 * z);
}

/** A generator of numbers in [0, 1), deterministic for a seed (mulberry32 by Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
