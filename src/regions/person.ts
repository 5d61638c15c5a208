import { LIMB_JOINTS, TORSO } from '../model/blazepose.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { regionFromPoints } from './region.js';

/** Beyond its farthest joint a body has hands, feet and hair. */
const BEYOND_JOINTS = 1.1;

/**
 * The square that a person's next pose is looked for in, from a pose in the picture. MediaPipe takes two extra points of its network for that: the middle
 * of the hips, and one above the head as far away as the body reaches. Here the body's reach is that of its joints, and up is where the shoulders are.
 * @param width of the picture in pixels
 */
export function regionOfPose({ landmarks }: Pose, width: number, height: number): Region {
  const at = (id: number) => [landmarks[id].x * width, landmarks[id].y * height] as const;
  const middle = (a: number, b: number) => [(at(a)[0] + at(b)[0]) / 2, (at(a)[1] + at(b)[1]) / 2] as const;
  const [x, y] = middle(TORSO.leftHip, TORSO.rightHip);
  const [shoulderX, shoulderY] = middle(TORSO.leftShoulder, TORSO.rightShoulder);
  const reach = Math.max(...[0, ...LIMB_JOINTS].map(id => Math.hypot(at(id)[0] - x, at(id)[1] - y))) * BEYOND_JOINTS;
  const torso = Math.max(1e-6, Math.hypot(shoulderX - x, shoulderY - y));
  return regionFromPoints(x, y, x + ((shoulderX - x) / torso) * reach, y + ((shoulderY - y) / torso) * reach);
}
