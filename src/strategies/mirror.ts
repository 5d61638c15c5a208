import { OTHER_SIDE, swapSides } from '../model/body.js';
import { type Pose, SIGNALS } from '../model/pose.js';

/**
 * A mirrored pose: x is reversed, and the person's left is called right. Mirroring twice gives the original pose.
 * @param width of the picture in pixels
 */
export function mirrorPose({ landmarks, worldLandmarks, signals, next, ...rest }: Pose, width: number): Pose {
  return {
    ...rest,
    landmarks: swapSides(landmarks).map(landmark => ({ ...landmark, x: 1 - landmark.x })),
    worldLandmarks: swapSides(worldLandmarks).map(landmark => ({ ...landmark, x: -landmark.x })),
    signals: signals && mirrorSignals(signals),
    next: next && { ...next, x: width - next.x, rotation: -next.rotation },
  };
}

function mirrorSignals(signals: Float32Array): Float32Array {
  const count = SIGNALS.length;
  const mirrored = new Float32Array(signals.length);
  for (const [to, from] of OTHER_SIDE.entries()) {
    mirrored.set(signals.subarray(from * count, (from + 1) * count), to * count);
  }
  return mirrored;
}

/**
 * A pose found in a picture that is stored mirrored, as selfies are: left and right become the person's own again, each
 * at its place in the picture. The picture shows the mirror image of the body, so the body's own x, in metres, is
 * reversed.
 */
export function ownSides({ landmarks, worldLandmarks, signals, ...rest }: Pose): Pose {
  return {
    ...rest,
    landmarks: swapSides(landmarks),
    worldLandmarks: swapSides(worldLandmarks).map(landmark => ({ ...landmark, x: -landmark.x })),
    signals: signals && mirrorSignals(signals),
  };
}
