import type { LandmarkName } from '../model/blazepose.js';
import { length, minus, type Vector } from './vector.js';

type Facing = 'left' | 'right';

/** How a person stands in space. */
export interface Body {
  /** Towards the person's left, through hips and shoulders. */
  readonly left: Vector;
  /**
   * Where an upright person with these hips and shoulders faces in the picture; undefined for a person seen from the
   * front or the back.
   */
  readonly facing: Facing | undefined;
}

/**
 * The line through hips and shoulders must point this much along the camera's axis for a person to be seen from the
 * side (cosine of 45 degrees).
 */
const SIDE_ON = Math.SQRT1_2;

/** @param of landmarks in space, x right, y up, z towards the camera */
export function bodyOf(of: (name: LandmarkName) => Vector): Body {
  const hips = minus(of('left_hip'), of('right_hip'));
  const shoulders = minus(of('left_shoulder'), of('right_shoulder'));
  const left: Vector = [hips[0] + shoulders[0], hips[1] + shoulders[1], hips[2] + shoulders[2]];
  // A person whose left points away from the camera shows the right side, and faces right: also when bent or lying.
  const share = left[2] / length(left);
  return { left, facing: share < -SIDE_ON ? 'right' : share > SIDE_ON ? 'left' : undefined };
}
