/** x to the picture's right, y up, z towards the camera; z is 0 in the picture. */
export type Vector = readonly [x: number, y: number, z: number];

export function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vector): number {
  return Math.hypot(...a);
}

const DEGREES = 180 / Math.PI;

/** The angle between two directions, 0-180; undefined if one of them has no length. */
export function degreesBetween(a: Vector, b: Vector): number | undefined {
  // The sine is used as well: near 0 and 180 the cosine alone is imprecise.
  const [sine, cosine] = [length(cross(a, b)), dot(a, b)];
  return sine === 0 && cosine === 0 ? undefined : Math.atan2(sine, cosine) * DEGREES;
}

/**
 * The rotation from one direction to another in the picture, -180 to 180, counter-clockwise positive; undefined if one
 * of them has no length.
 */
export function turnDegrees(a: Vector, b: Vector): number | undefined {
  const [sine, cosine] = [a[0] * b[1] - a[1] * b[0], dot(a, b)];
  return sine === 0 && cosine === 0 ? undefined : Math.atan2(sine, cosine) * DEGREES;
}

/** A rotation counts as one about an axis if its own axis lies this near to it (cosine). */
const ALONG = 0.5;

/** Whether one direction rotates into another about an axis, in the sense of `sign` (right-handed). */
export function isAlong(from: Vector, to: Vector, axis: Vector, sign: number): boolean {
  const turn = cross(from, to);
  return (dot(turn, axis) * sign) / (length(turn) * length(axis)) > ALONG;
}
