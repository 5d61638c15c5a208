import type { FootTarget, Posture, Side } from '../figure/skeleton.js';
import type { Gait } from './walking.js';

/** The posture of a figure of 1.75 m at a time in seconds, in its own axes: it starts at the origin and faces +z. */
export interface Motion {
  (t: number): Posture;
  /** Its gait, if it walks. */
  readonly gait?: Gait;
}

/**
 * Both feet side by side, flat on the floor, `apart` metres between the ankles, the toes turned out by `turn` degrees.
 */
export function standing(apart = 0.2, turn = 8): Readonly<Record<Side, FootTarget>> {
  return { L: { x: apart / 2, z: 0, yaw: turn }, R: { x: -apart / 2, z: 0, yaw: -turn } };
}

/** Hip height of a person standing at ease, in metres. */
export const STANDING_HEIGHT = 0.93;

/** Arms that hang. */
export const HANGING: Posture['angles'] = {
  upperArmL: [3, 10, 0],
  upperArmR: [3, 10, 0],
  forearmL: [15, 0, 0],
  forearmR: [15, 0, 0],
};

export const wave = (t: number, period: number) => Math.sin((2 * Math.PI * t) / period);
