import type { Pose } from '../model/pose.js';
import type { TablePerson } from './landmark-frame.js';

const known = (value: number | undefined): number => value ?? Number.NaN;

/** A person of a table as a pose; NaN for what is not told. A landmark without a place is not visible, one without a visibility is. */
export function poseOf({ landmarks }: Pick<TablePerson, 'landmarks'>): Pose {
  return {
    landmarks: landmarks.map(({ x, y, z, visibility, confidence }) => ({
      x: known(x),
      y: known(y),
      z: known(z),
      visibility: x === undefined ? 0 : (visibility ?? 1),
      confidence: x === undefined ? undefined : confidence,
    })),
    worldLandmarks: landmarks.map(({ worldX, worldY, worldZ }) => ({
      x: known(worldX),
      y: known(worldY),
      z: known(worldZ),
    })),
  };
}
