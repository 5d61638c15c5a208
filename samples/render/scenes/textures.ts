import { smoothstep } from '../math/curves.js';
import { fractalNoise, latticeValue, noise } from '../math/noise.js';
import type { Vec3 } from '../math/vector.js';
import type { Texture } from './solid.js';

function paint(out: Float64Array, colour: Vec3, k: number): void {
  out[0] = colour[0] * k;
  out[1] = colour[1] * k;
  out[2] = colour[2] * k;
  out[3] = 0;
}

/** Boards 11 cm wide along z. */
export const boards =
  (colour: Vec3): Texture =>
  (x, _y, z, out) => {
    const board = Math.floor(x / 0.11);
    const along = (z + latticeValue(board, 3, 1) * 1.3) / 1.4;
    const end = Math.abs(along - Math.round(along)) * 12;
    const edge = Math.min(x / 0.11 - board, end);
    const value = latticeValue(board, Math.floor(along), 9);
    paint(
      out,
      colour,
      (0.75 + 0.35 * value) * (0.8 + 0.4 * fractalNoise(x * 60, z * 3, value * 9)) * (edge < 0.035 ? 0.55 : 1),
    );
  };

/** Rubber mats of a metre with specks. */
export const rubber =
  (colour: Vec3): Texture =>
  (x, _y, z, out) => {
    const seam = Math.min(Math.abs(x - Math.round(x)), Math.abs(z - Math.round(z)));
    const speck = noise(x * 90, 3, z * 90) > 0.86 ? 1.5 : 1;
    paint(out, colour, (0.85 + 0.25 * fractalNoise(x * 9, 1, z * 9)) * speck * (seam < 0.012 ? 0.6 : 1));
  };

/** Painted plaster with a skirting board of `skirting` metres. */
export const plaster =
  (colour: Vec3, skirting: number): Texture =>
  (x, y, z, out) => {
    if (y < skirting) paint(out, [0.55, 0.53, 0.5], y > skirting - 0.012 ? 0.4 : 1);
    else
      paint(
        out,
        colour,
        0.88 + 0.1 * fractalNoise((x + z) * 8, y * 8, 2) + 0.05 * fractalNoise((x - z) * 60, y * 60, 5),
      );
  };

/** Brickwork in running bond. */
export const bricks =
  (colour: Vec3, mortar: Vec3): Texture =>
  (x, y, z, out) => {
    const row = Math.floor(y / 0.075);
    const along = (x + z) / 0.23 + (row & 1) * 0.5;
    const brick = Math.floor(along);
    const edge = Math.min((along - brick) * 0.23, (1 - along + brick) * 0.23, y - row * 0.075);
    const worn = 0.8 + 0.3 * fractalNoise(x * 20, y * 20, z * 20);
    if (edge < 0.01) paint(out, mortar, worn);
    else paint(out, colour, (0.65 + 0.6 * latticeValue(brick, row, 4)) * worn);
  };

/** Woven cloth. */
export const cloth =
  (colour: Vec3): Texture =>
  (x, y, z, out) =>
    paint(out, colour, 0.75 + 0.35 * fractalNoise(x * 14, y * 14, z * 14) + 0.12 * noise(x * 120, y * 120, z * 120));

/** Wood with its grain along `axis`. */
export const wood =
  (colour: Vec3, axis: 'x' | 'y'): Texture =>
  (x, y, z, out) => {
    const grain = axis === 'x' ? fractalNoise(x * 3, y * 50, z * 50) : fractalNoise(x * 50, y * 3, z * 50);
    paint(out, colour, 0.7 + 0.55 * grain);
  };

/** An abstract picture in a frame, on a box whose front is visible; `kind` chooses its shapes. */
export const poster =
  (left: number, bottom: number, width: number, height: number, kind: number): Texture =>
  (x, y, _z, out) => {
    const u = (x - left) / width;
    const v = (y - bottom) / height;
    const rim = 0.03 / width;
    if (u < rim || u > 1 - rim || v < rim || v > 1 - rim) {
      paint(out, [0.08, 0.06, 0.05], 1);
      return;
    }
    const f = fractalNoise(u * 4 + kind * 9, v * 4, kind);
    const ring = Math.sqrt((u - 0.4) ** 2 + (v - 0.6) ** 2) < 0.22 ? 1 : 0;
    const band = kind % 2 === 0 && Math.abs(u + v - 1) < 0.12 ? 1 : 0;
    paint(
      out,
      [0.2 + 0.5 * f + 0.3 * ring, 0.25 + 0.3 * noise(u * 5, v * 5, kind * 5) + 0.3 * band, 0.5 - 0.3 * f + 0.2 * band],
      0.8,
    );
  };

/** A window of four panes with sky and a garden behind; it emits light. */
export const windowPane =
  (left: number, bottom: number, width: number, height: number, brightness: number): Texture =>
  (x, y, _z, out) => {
    const u = (x - left) / width;
    const v = (y - bottom) / height;
    const bar = Math.min(u * width, (1 - u) * width, v * height, (1 - v) * height);
    const cross = Math.min(Math.abs(u - 0.5) * width, Math.abs(v - 0.6) * height);
    if (bar < 0.05 || cross < 0.02) {
      paint(out, [0.75, 0.74, 0.72], 1);
      return;
    }
    const green = smoothstep(0.36, 0.3, v + 0.12 * fractalNoise(u * 9, v * 5, 3));
    paint(out, [0.7 - 0.4 * green, 0.85 - 0.4 * green + 0.1 * v, 1 - 0.75 * green], brightness);
    out[3] = 1;
  };

/** Mown grass with a path of paving along z between two places in x. */
export const lawn =
  (pathLeft: number, pathRight: number): Texture =>
  (x, _y, z, out) => {
    if (x > pathLeft && x < pathRight) {
      const slab = Math.min(Math.abs(x / 0.6 - Math.round(x / 0.6)), Math.abs(z / 0.9 - Math.round(z / 0.9)));
      paint(out, [0.5, 0.47, 0.43], (0.8 + 0.3 * fractalNoise(x * 12, 1, z * 12)) * (slab < 0.02 ? 0.55 : 1));
      return;
    }
    const stripe = Math.floor(x / 0.9) & 1 ? 1.12 : 0.92;
    const blades = 0.6 + 0.8 * fractalNoise(x * 25, 2, z * 25);
    paint(out, [0.13, 0.26, 0.06], blades * stripe * (0.85 + 0.3 * noise(x * 0.7, 7, z * 0.7)));
  };

/** Leaves of a hedge or a crown. */
export const leaves =
  (colour: Vec3): Texture =>
  (x, y, z, out) =>
    paint(out, colour, 0.35 + 1.1 * fractalNoise(x * 11, y * 11, z * 11) ** 1.5);

/** The sky with some clouds, on a far plane; it emits light. */
export const sky: Texture = (x, y, _z, out) => {
  const cloud = smoothstep(0.5, 0.75, fractalNoise(x * 0.06, y * 0.13, 4));
  const high = smoothstep(0, 22, y);
  paint(out, [0.62 - 0.3 * high + 0.35 * cloud, 0.75 - 0.2 * high + 0.2 * cloud, 0.95], 1);
  out[3] = 1;
};
