import type { TablePerson } from '../model/table-frame.js';
import { ANGLE_NAMES, type Angle, anglesOf } from '../signal/angles.js';
import { poseOf } from './pose-of.js';

/** The angles of joints; those of segments rotate with the body. */
export const JOINT_ANGLES: readonly string[] = ANGLE_NAMES.filter(name => !name.endsWith('_segment'));

const known = new WeakMap<TablePerson, readonly Angle[]>();

/**
 * The angles of a person of a table, computed once for all consumers.
 * @param display size of the picture in pixels, the same for the whole table
 */
export function personAngles(
  person: TablePerson,
  display: { readonly width: number; readonly height: number },
): readonly Angle[] {
  const before = known.get(person);
  if (before) return before;
  const angles = anglesOf(poseOf(person), display);
  known.set(person, angles);
  return angles;
}
