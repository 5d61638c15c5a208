import type { FigureField } from './figure-field.js';

const STEPS = 48;
/** A ray this near to the surface has hit it, in metres. */
const TOUCHING = 0.001;
/** Some of the distances are approximate: a shorter step never passes through a surface. */
const CAUTION = 0.92;

/** Whether a ray stays further from a primitive's axis than the primitive's radius. */
function passesBy(
  axes: Float64Array,
  o: number,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): boolean {
  const wx = axes[o]! - ox;
  const wy = axes[o + 1]! - oy;
  const wz = axes[o + 2]! - oz;
  const ax = axes[o + 3]! - axes[o]!;
  const ay = axes[o + 4]! - axes[o + 1]!;
  const az = axes[o + 5]! - axes[o + 2]!;
  // In the plane across the ray, start and axis are vectors; the nearest point of the axis is where they are shortest.
  const w = wx * dx + wy * dy + wz * dz;
  const a = ax * dx + ay * dy + az * dz;
  const across = ax * ax + ay * ay + az * az - a * a;
  const mixed = wx * ax + wy * ay + wz * az - w * a;
  const s = across > 1e-12 ? Math.min(1, Math.max(0, -mixed / across)) : 0;
  return wx * wx + wy * wy + wz * wz - w * w + 2 * s * mixed + s * s * across > axes[o + 6]!;
}

/** Marches rays through a field. Holds its own scratch space: one per thread is enough. */
export class RayMarcher {
  /** The primitives near the last ray: candidates for its surface. */
  readonly near: Int32Array;
  /** Number of valid entries in `near`. */
  nearCount = 0;

  constructor(capacity: number) {
    this.near = new Int32Array(capacity);
  }

  /**
   * Metres along the unit direction (dx, dy, dz) to the first surface of the first `count` primitives of `list`, or -1
   * if none exists before `end` (sphere tracing, Hart 1996). Leaves the primitives close to the ray in `near`.
   */
  march(
    field: FigureField,
    list: Int32Array,
    count: number,
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    end: number,
  ): number {
    const spheres = field.spheres;
    let from = Infinity;
    let to = 0;
    let n = 0;
    for (let i = 0; i < count; i++) {
      const id = list[i]!;
      const cx = spheres[id * 4]! - ox;
      const cy = spheres[id * 4 + 1]! - oy;
      const cz = spheres[id * 4 + 2]! - oz;
      const r = spheres[id * 4 + 3]!;
      const along = cx * dx + cy * dy + cz * dz;
      const half2 = r * r - (cx * cx + cy * cy + cz * cz - along * along);
      if (half2 <= 0) continue;
      const half = Math.sqrt(half2);
      if (along + half < 0 || passesBy(field.axes, id * 7, ox, oy, oz, dx, dy, dz)) continue;
      this.near[n++] = id;
      if (along - half < from) from = along - half;
      if (along + half > to) to = along + half;
    }
    this.nearCount = n;
    if (n === 0) return -1;
    return this.#approach(field, ox, oy, oz, dx, dy, dz, from > 0 ? from : 0, to < end ? to : end);
  }

  /** Steps from `from` to `stop` metres along the ray; -1 if it hits no surface of `near`. */
  #approach(
    field: FigureField,
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    from: number,
    stop: number,
  ): number {
    let t = from;
    for (let step = 0; step < STEPS && t < stop; step++) {
      const d = field.distance(this.near, this.nearCount, ox + dx * t, oy + dy * t, oz + dz * t);
      if (d < TOUCHING) return t;
      t += d * CAUTION;
    }
    return -1;
  }
}
