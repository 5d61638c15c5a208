import { MIRRORED_LANDMARK } from '../model/blazepose.js';
import { type Pose, SIGNALS } from '../model/pose.js';

/** A pose as in a mirror: x runs the other way, and the person's left is called right. Twice is the pose itself. @param width of the picture in pixels */
export function mirrorPose({ landmarks, worldLandmarks, signals, next, ...rest }: Pose, width: number): Pose {
  return {
    ...rest,
    landmarks: MIRRORED_LANDMARK.map(id => ({ ...landmarks[id], x: 1 - landmarks[id].x })),
    worldLandmarks: MIRRORED_LANDMARK.map(id => ({ ...worldLandmarks[id], x: -worldLandmarks[id].x })),
    signals: signals && mirrorSignals(signals),
    next: next && { ...next, x: width - next.x, rotation: -next.rotation },
  };
}

function mirrorSignals(signals: Float32Array): Float32Array {
  const count = SIGNALS.length;
  const mirrored = new Float32Array(signals.length);
  for (const [to, from] of MIRRORED_LANDMARK.entries()) {
    mirrored.set(signals.subarray(from * count, (from + 1) * count), to * count);
  }
  return mirrored;
}
