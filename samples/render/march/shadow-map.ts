import { cross, dot, normalize, type Vec3 } from '../math/vector.js';
import type { FigureField } from './figure-field.js';
import { RayMarcher } from './ray.js';

const TILE = 8;
const MARGIN = 0.12;
/** How far below the highest point a shadow can be cast, in metres. */
const DEPTH = 4;

/**
 * How far the sun's light reaches into the figures: the height towards the sun of the first surface, on a grid across
 * its direction.
 */
export class ShadowMap {
  readonly #across: Vec3;
  readonly #along: Vec3;
  readonly #sun: Vec3;
  readonly #size: number;
  readonly #heights: Float32Array;
  #left = Infinity;
  #bottom = Infinity;
  #stepX = 0;
  #stepY = 0;

  /** @param size cells along each side, a multiple of 8. */
  constructor(field: FigureField, sun: Vec3, size: number) {
    this.#size = size;
    this.#heights = new Float32Array(size * size).fill(-1e9);
    this.#sun = sun;
    this.#across = normalize(cross(sun, [0, 1, 0]));
    this.#along = cross(this.#across, sun);
    if (field.count > 0) this.#fill(field);
  }

  #fill(field: FigureField): void {
    const spheres = Array.from({ length: field.count }, (_, i) => {
      const [x = 0, y = 0, z = 0, radius = 0] = field.spheres.subarray(i * 4, i * 4 + 4);
      const center: Vec3 = [x, y, z];
      return { u: dot(center, this.#across), v: dot(center, this.#along), q: dot(center, this.#sun), radius };
    });
    this.#left = Math.min(...spheres.map(s => s.u - s.radius)) - MARGIN;
    this.#bottom = Math.min(...spheres.map(s => s.v - s.radius)) - MARGIN;
    this.#stepX = (Math.max(...spheres.map(s => s.u + s.radius)) + MARGIN - this.#left) / this.#size;
    this.#stepY = (Math.max(...spheres.map(s => s.v + s.radius)) + MARGIN - this.#bottom) / this.#size;
    const marcher = new RayMarcher(field.count);
    const list = new Int32Array(field.count);
    for (let ty = 0; ty < this.#size; ty += TILE) {
      for (let tx = 0; tx < this.#size; tx += TILE) {
        const [u0, u1] = [this.#left + tx * this.#stepX, this.#left + (tx + TILE) * this.#stepX];
        const [v0, v1] = [this.#bottom + ty * this.#stepY, this.#bottom + (ty + TILE) * this.#stepY];
        let count = 0;
        let top = -Infinity;
        for (const [i, { u, v, q, radius }] of spheres.entries()) {
          if (u + radius < u0 || u - radius > u1 || v + radius < v0 || v - radius > v1) continue;
          list[count++] = i;
          top = Math.max(top, q + radius);
        }
        if (count > 0) this.#fillTile(field, marcher, list, count, tx, ty, top);
      }
    }
  }

  #fillTile(
    field: FigureField,
    marcher: RayMarcher,
    list: Int32Array,
    count: number,
    tx: number,
    ty: number,
    top: number,
  ): void {
    const a = this.#across;
    const b = this.#along;
    const s = this.#sun;
    for (let y = ty; y < ty + TILE; y++) {
      const v = this.#bottom + (y + 0.5) * this.#stepY;
      for (let x = tx; x < tx + TILE; x++) {
        const u = this.#left + (x + 0.5) * this.#stepX;
        const ox = a[0] * u + b[0] * v + s[0] * top;
        const oy = a[1] * u + b[1] * v + s[1] * top;
        const oz = a[2] * u + b[2] * v + s[2] * top;
        const t = marcher.march(field, list, count, ox, oy, oz, -s[0], -s[1], -s[2], DEPTH);
        if (t >= 0) this.#heights[y * this.#size + x] = top - t;
      }
    }
  }

  /** Whether a shadow can fall there: false far outside the map. */
  covers(x: number, y: number, z: number): boolean {
    const u = (x * this.#across[0] + y * this.#across[1] + z * this.#across[2] - this.#left) / this.#stepX;
    const v = (x * this.#along[0] + y * this.#along[1] + z * this.#along[2] - this.#bottom) / this.#stepY;
    return u > -6 && v > -6 && u < this.#size + 6 && v < this.#size + 6;
  }

  /**
   * The share of sunlight that reaches a point, 0-1, softened over 5x5 cells that are `spread` cells apart. `bias` in
   * metres.
   */
  light(x: number, y: number, z: number, bias: number, spread: number): number {
    const a = this.#across;
    const b = this.#along;
    const s = this.#sun;
    const u = (x * a[0] + y * a[1] + z * a[2] - this.#left) / this.#stepX;
    const v = (x * b[0] + y * b[1] + z * b[2] - this.#bottom) / this.#stepY;
    const height = x * s[0] + y * s[1] + z * s[2] + bias;
    let dark = 0;
    for (let j = -2; j <= 2; j++) {
      for (let i = -2; i <= 2; i++) {
        const cx = Math.floor(u + i * spread);
        const cy = Math.floor(v + j * spread);
        if (cx < 0 || cy < 0 || cx >= this.#size || cy >= this.#size) continue;
        if (this.#heights[cy * this.#size + cx]! > height) dark++;
      }
    }
    return 1 - dark / 25;
  }
}
