/** Three numbers: metres, a direction, or linear RGB. */
export type Vec3 = readonly [number, number, number];
/** A 3x3 matrix, row by row; its columns are the axes of the frame that it rotates from. */
export type Mat3 = readonly [number, number, number, number, number, number, number, number, number];

export const IDENTITY: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
export const ORIGIN: Vec3 = [0, 0, 0];
const DEGREE = Math.PI / 180;

export const radians = (degrees: number) => degrees * DEGREE;
export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, k: number): Vec3 => [a[0] * k, a[1] * k, a[2] * k];
export const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vec3) => Math.sqrt(dot(a, a));
export const normalize = (a: Vec3): Vec3 => scale(a, 1 / length(a));
export const mix = (a: Vec3, b: Vec3, t: number): Vec3 => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const apply = (m: Mat3, v: Vec3): Vec3 => [
  m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
  m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
  m[6] * v[0] + m[7] * v[1] + m[8] * v[2],
];
/** The transpose applied, which for a rotation undoes `apply`. */
export const applyInverse = (m: Mat3, v: Vec3): Vec3 => [
  m[0] * v[0] + m[3] * v[1] + m[6] * v[2],
  m[1] * v[0] + m[4] * v[1] + m[7] * v[2],
  m[2] * v[0] + m[5] * v[1] + m[8] * v[2],
];

const column = (m: Mat3, i: 0 | 1 | 2): Vec3 => [m[i], m[i + 3]!, m[i + 6]!];
export const fromColumns = (x: Vec3, y: Vec3, z: Vec3): Mat3 => [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
export const multiply = (a: Mat3, b: Mat3): Mat3 =>
  fromColumns(apply(a, column(b, 0)), apply(a, column(b, 1)), apply(a, column(b, 2)));

/** Rotates about an axis by degrees, counter-clockwise when the axis points at the viewer. */
export function turnX(degrees: number): Mat3 {
  const c = Math.cos(radians(degrees));
  const s = Math.sin(radians(degrees));
  return [1, 0, 0, 0, c, -s, 0, s, c];
}
export function turnY(degrees: number): Mat3 {
  const c = Math.cos(radians(degrees));
  const s = Math.sin(radians(degrees));
  return [c, 0, s, 0, 1, 0, -s, 0, c];
}
export function turnZ(degrees: number): Mat3 {
  const c = Math.cos(radians(degrees));
  const s = Math.sin(radians(degrees));
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}
