import { LANDMARK_IDS, LIMB_JOINTS } from '../model/body.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { middleOfHips, middleOfShoulders, torsoLength } from '../model/torso.js';
import { regionFromPoints } from './region.js';

/** Beyond its farthest joint a body has hands, feet and hair. */
const BEYOND_JOINTS = 1.1;

/**
 * The square that a person's next pose is looked for in, from a pose in the picture. MediaPipe takes two extra points
 * of its network for that: the middle of the hips, and one above the head as far away as the body reaches. Here the
 * body's reach is that of its joints, and up is where the shoulders are.
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
