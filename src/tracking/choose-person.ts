import type { Pose } from '../model/pose.js';
import { regionOfPose } from '../regions/person.js';

/** Which person to follow if only one is requested and several are present. */
export type PersonChoice = 'first' | 'largest' | 'center' | { readonly x: number; readonly y: number };

/**
 * The person to follow: the detector's most certain one (`first`), the largest, the one nearest to the picture's
 * centre, or the one nearest to a point in pixels of the picture.
 */
export function choosePerson(
  poses: readonly Pose[],
  choice: PersonChoice,
  width: number,
  height: number,
): Pose | undefined {
  if (choice === 'first') return poses[0];
  const target = choice === 'center' ? { x: width / 2, y: height / 2 } : choice;
  const worth = (pose: Pose) => {
    const { x, y, size } = regionOfPose(pose, width, height);
    return target === 'largest' ? size : -Math.hypot(x - target.x, y - target.y);
  };
  return poses.reduce<Pose | undefined>((best, pose) => (best && worth(best) >= worth(pose) ? best : pose), undefined);
}
