import type { Pose } from '../model/pose.js';

/** How good a pose is, 0-1: the mean visibility of its landmarks. */
export function scorePose(pose: Pose): number {
  if (pose.landmarks.length === 0) return 0;
  return pose.landmarks.reduce((sum, landmark) => sum + landmark.visibility, 0) / pose.landmarks.length;
}
