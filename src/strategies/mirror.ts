import { MIRRORED_LANDMARK } from '../model/blazepose.js';
import type { Pose } from '../model/pose.js';

/** A pose as in a mirror: x runs the other way, and the person's left is called right. Twice is the pose itself. */
export function mirrorPose({ landmarks, worldLandmarks, ...rest }: Pose): Pose {
  return {
    ...rest,
    landmarks: MIRRORED_LANDMARK.map(id => ({ ...landmarks[id], x: 1 - landmarks[id].x })),
    worldLandmarks: MIRRORED_LANDMARK.map(id => ({ ...worldLandmarks[id], x: -worldLandmarks[id].x })),
  };
}
