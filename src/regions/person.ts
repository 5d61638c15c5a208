import { LANDMARK_IDS, LIMB_JOINTS } from '../model/body.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { middleOfHips, middleOfShoulders, torsoLength } from '../model/torso.js';
import { regionFromPoints } from './region.js';

/** A body extends beyond its farthest joint: hands, feet, hair. */
const BEYOND_JOINTS = 1.1;

/**
 * The square in which to search for a person's next pose, derived from a pose in the picture. MediaPipe uses two extra
 * points of its network for that: the midpoint of the hips, and one above the head at the body's reach. Here the reach
 * is that of the joints, and up is the direction of the shoulders.
 * @param width of the picture in pixels
 */
export function regionOfPose({ landmarks }: Pose, width: number, height: number): Region {
  const at = (id: number) => ({ x: landmarks[id]!.x * width, y: landmarks[id]!.y * height });
  const { x, y } = middleOfHips(at);
  const shoulders = middleOfShoulders(at);
  const joints = [LANDMARK_IDS.nose, ...LIMB_JOINTS].map(at);
  const reach = Math.max(...joints.map(joint => Math.hypot(joint.x - x, joint.y - y))) * BEYOND_JOINTS;
  const torso = Math.max(1e-6, torsoLength(at));
  return regionFromPoints(x, y, x + ((shoulders.x - x) / torso) * reach, y + ((shoulders.y - y) / torso) * reach);
}
