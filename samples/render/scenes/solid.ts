import type { Vec3 } from '../math/vector.js';

/**
 * Colour of a surface at a point: writes linear RGB to the first three numbers of `out`. The fourth is 1 if the surface
 * emits light (sky, a window) and no light falls on it.
 */
export type Texture = (x: number, y: number, z: number, out: Float64Array) => void;

/** A static object. `hit` gives metres along a unit direction, or -1; `normal` writes the outward normal at a hit. */
export interface Solid {
  readonly texture: Texture;
  /** A sphere around it (x, y, z, radius); a radius of Infinity for planes. */
  readonly bounds: readonly [number, number, number, number];
  readonly castsShadow: boolean;
  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number;
  normal(x: number, y: number, z: number, out: Float64Array): void;
}

/** Nearer hits belong to the surface that the ray starts on. */
const NEAREST = 1e-4;

const plain =
  (colour: Vec3): Texture =>
  (_x, _y, _z, out) => {
    out[0] = colour[0];
    out[1] = colour[1];
    out[2] = colour[2];
    out[3] = 0;
  };

/** A plane through a point; only its front, where the normal points, is visible. */
export class Plane implements Solid {
  readonly bounds = [0, 0, 0, Infinity] as const;
  readonly castsShadow = false;
  readonly texture: Texture;
  readonly #normal: Vec3;
  readonly #offset: number;

  constructor(point: Vec3, normal: Vec3, texture: Texture) {
    this.texture = texture;
    this.#normal = normal;
    this.#offset = point[0] * normal[0] + point[1] * normal[1] + point[2] * normal[2];
  }

  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
    const n = this.#normal;
    const towards = dx * n[0] + dy * n[1] + dz * n[2];
    if (towards > -1e-6) return -1;
    return (this.#offset - (ox * n[0] + oy * n[1] + oz * n[2])) / towards;
  }

  normal(_x: number, _y: number, _z: number, out: Float64Array): void {
    out.set(this.#normal);
  }
}

/** A box along the axes, by its centre and its whole size in metres. */
export class Box implements Solid {
  readonly bounds: readonly [number, number, number, number];
  readonly castsShadow: boolean;
  readonly texture: Texture;
  readonly #low: Vec3;
  readonly #high: Vec3;
  /** 1 / half the size: a point of a face has 1 or -1 along the face's axis. */
  readonly #flatness: Vec3;

  constructor(middle: Vec3, size: Vec3, texture: Texture | Vec3, castsShadow = true) {
    this.texture = typeof texture === 'function' ? texture : plain(texture);
    this.castsShadow = castsShadow;
    this.#low = [middle[0] - size[0] / 2, middle[1] - size[1] / 2, middle[2] - size[2] / 2];
    this.#high = [middle[0] + size[0] / 2, middle[1] + size[1] / 2, middle[2] + size[2] / 2];
    this.#flatness = [2 / size[0], 2 / size[1], 2 / size[2]];
    this.bounds = [...middle, Math.sqrt(size[0] ** 2 + size[1] ** 2 + size[2] ** 2) / 2];
  }

  /** The slab method (Kay and Kajiya 1986). */
  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
    const ax = (this.#low[0] - ox) / dx;
    const bx = (this.#high[0] - ox) / dx;
    const ay = (this.#low[1] - oy) / dy;
    const by = (this.#high[1] - oy) / dy;
    const az = (this.#low[2] - oz) / dz;
    const bz = (this.#high[2] - oz) / dz;
    const from = Math.max(Math.min(ax, bx), Math.min(ay, by), Math.min(az, bz));
    const to = Math.min(Math.max(ax, bx), Math.max(ay, by), Math.max(az, bz));
    return from > to || from < NEAREST ? -1 : from;
  }

  normal(x: number, y: number, z: number, out: Float64Array): void {
    const middle = this.bounds;
    const fx = (x - middle[0]) * this.#flatness[0];
    const fy = (y - middle[1]) * this.#flatness[1];
    const fz = (z - middle[2]) * this.#flatness[2];
    const ax = Math.abs(fx);
    const ay = Math.abs(fy);
    const az = Math.abs(fz);
    out[0] = ax >= ay && ax >= az ? Math.sign(fx) : 0;
    out[1] = ay > ax && ay >= az ? Math.sign(fy) : 0;
    out[2] = az > ax && az > ay ? Math.sign(fz) : 0;
  }
}

/** An upright cylinder with a flat top: a pillar, a trunk, a pot. */
export class Cylinder implements Solid {
  readonly bounds: readonly [number, number, number, number];
  readonly castsShadow = true;
  readonly texture: Texture;
  readonly #foot: Vec3;
  readonly #radius: number;
  readonly #top: number;

  constructor(foot: Vec3, radius: number, height: number, texture: Texture | Vec3) {
    this.texture = typeof texture === 'function' ? texture : plain(texture);
    this.#foot = foot;
    this.#radius = radius;
    this.#top = foot[1] + height;
    this.bounds = [foot[0], foot[1] + height / 2, foot[2], Math.sqrt(radius ** 2 + (height / 2) ** 2)];
  }

  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
    const px = ox - this.#foot[0];
    const pz = oz - this.#foot[2];
    const a = dx * dx + dz * dz;
    const b = px * dx + pz * dz;
    const root = b * b - a * (px * px + pz * pz - this.#radius ** 2);
    if (root > 0 && a > 1e-12) {
      const t = (-b - Math.sqrt(root)) / a;
      const y = oy + dy * t;
      if (t > NEAREST && y >= this.#foot[1] && y <= this.#top) return t;
    }
    const t = (this.#top - oy) / dy;
    if (dy >= 0 || t < NEAREST) return -1;
    const x = px + dx * t;
    const z = pz + dz * t;
    return x * x + z * z < this.#radius ** 2 ? t : -1;
  }

  normal(x: number, y: number, z: number, out: Float64Array): void {
    if (y > this.#top - 1e-4) {
      out[0] = 0;
      out[1] = 1;
      out[2] = 0;
      return;
    }
    out[0] = (x - this.#foot[0]) / this.#radius;
    out[1] = 0;
    out[2] = (z - this.#foot[2]) / this.#radius;
  }
}

/** A ball, stretched by `tall`: a lamp, the crown of a tree, a hill. */
export class Ball implements Solid {
  readonly bounds: readonly [number, number, number, number];
  readonly castsShadow: boolean;
  readonly texture: Texture;
  readonly #middle: Vec3;
  readonly #radius: number;
  readonly #tall: number;

  constructor(middle: Vec3, radius: number, tall: number, texture: Texture | Vec3, castsShadow = true) {
    this.texture = typeof texture === 'function' ? texture : plain(texture);
    this.castsShadow = castsShadow;
    this.#middle = middle;
    this.#radius = radius;
    this.#tall = tall;
    this.bounds = [...middle, radius * Math.max(1, tall)];
  }

  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
    const px = ox - this.#middle[0];
    const py = (oy - this.#middle[1]) / this.#tall;
    const pz = oz - this.#middle[2];
    const ey = dy / this.#tall;
    const a = dx * dx + ey * ey + dz * dz;
    const b = px * dx + py * ey + pz * dz;
    const root = b * b - a * (px * px + py * py + pz * pz - this.#radius ** 2);
    if (root <= 0) return -1;
    const t = (-b - Math.sqrt(root)) / a;
    return t > NEAREST ? t : -1;
  }

  normal(x: number, y: number, z: number, out: Float64Array): void {
    const nx = x - this.#middle[0];
    const ny = (y - this.#middle[1]) / this.#tall ** 2;
    const nz = z - this.#middle[2];
    const size = Math.sqrt(nx * nx + ny * ny + nz * nz);
    out[0] = nx / size;
    out[1] = ny / size;
    out[2] = nz / size;
  }
}
