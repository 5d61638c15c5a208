import { PEOPLE } from '../figure/people.js';
import { lowestContact, type Posture, poseSkeleton } from '../figure/skeleton.js';
import { gesture, smoothstep } from '../math/curves.js';
import { turnZ } from '../math/vector.js';
import { HANGING, type Motion } from './motion.js';

/** Seconds. */
const DURATION = 4;
const STEP = 1 / 480;

function postureAt(t: number, x: number): Posture {
  const turn = smoothstep(0.7, 3.1, t);
  const armsUp = gesture([0.1, 0.7], [3.1, 3.8], t);
  const straddle = gesture([0.4, 1], [2.7, 3.3], t);
  return {
    pelvis: [x, 0.94, 0],
    facing: turnZ(-360 * turn),
    onFloor: true,
    angles: {
      ...HANGING,
      upperArmL: [3, 10 + 155 * armsUp, 0],
      upperArmR: [3, 10 + 155 * armsUp, 0],
      forearmL: [15 - 10 * armsUp, 0, 0],
      forearmR: [15 - 10 * armsUp, 0, 0],
      thighL: [0, 4 + 34 * straddle, 8],
      thighR: [0, 4 + 34 * straddle, 8],
      shinL: [4 * armsUp, 0, 0],
      shinR: [4 * armsUp, 0, 0],
      footL: [-25 * straddle * smoothstep(0.1, 0.3, turn) * smoothstep(0.9, 0.7, turn), 0, 0],
      footR: [-25 * straddle * smoothstep(0.1, 0.3, turn) * smoothstep(0.9, 0.7, turn), 0, 0],
    },
  };
}

/**
 * How far the hips have moved at each time step: the hand or foot that carries the body is fixed, and the body rolls
 * over it.
 */
function rolledPath(): Float64Array {
  const { build } = PEOPLE.adam;
  const path = new Float64Array(Math.ceil(DURATION / STEP) + 2);
  for (let i = 1; i < path.length; i++) {
    const before = poseSkeleton(postureAt((i - 1) * STEP, path[i - 1]!), build);
    const after = poseSkeleton(postureAt(i * STEP, path[i - 1]!), build);
    const carried = lowestContact(before, build.height);
    const moved = lowestContact(after, build.height);
    // A new support starts at its present position; it does not pull the body.
    const slip = moved[0] - carried[0];
    path[i] = path[i - 1]! - (Math.abs(slip) < 0.05 ? slip : 0);
  }
  return path;
}

let path: Float64Array | undefined;

/** Position of the hips along x at a given time, in metres from the start. */
export function cartwheelTravel(t: number): number {
  path ??= rolledPath();
  const at = Math.min(Math.max(t / STEP, 0), path.length - 1.001);
  const i = Math.floor(at);
  return path[i]! + (path[i + 1]! - path[i]!) * (at - i);
}

/** A cartwheel to the figure's left, within 4 s. */
export const cartwheel: Motion = t => postureAt(t, cartwheelTravel(t));
