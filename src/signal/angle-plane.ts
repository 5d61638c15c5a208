import { cross, dot, length, type Vector } from './vector.js';

/**
 * From this many degrees out of the picture plane a 2D angle is flagged: at 30, a knee bent by 45 degrees looks bent by
 * 41, and one bent by 135 by 139; the error grows quickly from there.
 */
export const PLANE_LIMIT = 30;

const DEGREES = 180 / Math.PI;
/** A limb bent by less than 15 degrees does not define a plane. */
const STRAIGHT = Math.sin(15 / DEGREES);

/**
 * Angle between the plane in which two limbs rotate and the picture plane, 0-90 degrees; undefined if a limb has no
 * length. Limbs that are nearly in line define no plane: then it is the plane in which they would bend.
 * @param from direction of the first limb in space, z towards the camera
 * @param to direction of the second
 * @param hinge the axis of the bend; undefined for a joint that bends any way, whose plane is the one nearest to the
 * picture plane
 */
export function planeTurnedOut(from: Vector, to: Vector, hinge: Vector | undefined): number | undefined {
  const [a, b] = [unit(from), unit(to)];
  if (!a || !b) return undefined;
  const bend = cross(a, b);
  const missing = STRAIGHT - length(bend);
  if (missing <= 0) return turnedOut(bend);
  // The axis must be perpendicular to the limb: a hinge in line with it carries no information.
  const axis = unit(across(hinge ?? TOWARDS_CAMERA, a));
  if (!axis) return hinge ? undefined : lineTurnedOut(a);
  const sign = dot(bend, axis) < 0 ? -1 : 1;
  return turnedOut([
    sign * bend[0] + missing * axis[0],
    sign * bend[1] + missing * axis[1],
    sign * bend[2] + missing * axis[2],
  ]);
}

/** Angle between a line and the picture plane, 0-90 degrees; undefined if the line has no length. */
export function lineTurnedOut(line: Vector): number | undefined {
  const along = unit(line);
  return along && Math.asin(Math.min(1, Math.abs(along[2]))) * DEGREES;
}

const TOWARDS_CAMERA: Vector = [0, 0, 1];

function turnedOut(normal: Vector): number {
  return Math.acos(Math.min(1, Math.abs(normal[2]) / length(normal))) * DEGREES;
}

/** The component of a vector perpendicular to a direction of length 1. */
function across(vector: Vector, direction: Vector): Vector {
  const along = dot(vector, direction);
  return [vector[0] - along * direction[0], vector[1] - along * direction[1], vector[2] - along * direction[2]];
}

function unit(vector: Vector): Vector | undefined {
  const size = length(vector);
  return size > 0 ? [vector[0] / size, vector[1] / size, vector[2] / size] : undefined;
}
