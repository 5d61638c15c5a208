import type { Region } from '../model/region.js';

/** Half a turn in either direction. */
function normalizedAngle(radians: number): number {
  return radians - 2 * Math.PI * Math.floor((radians + Math.PI) / (2 * Math.PI));
}

/** Side of the square over the distance of its two points: twice the distance, with the margin used in training. */
const SIZE_PER_DISTANCE = 2 * 1.25;

/**
 * The square centred on a point at the middle of the hips, with a second point straight above (MediaPipe's
 * `AlignmentPointsRectsCalculator` with keypoints 0 and 1 and a target angle of 90 degrees, then
 * `RectTransformationCalculator` with a scale of 1.25). Pixels.
 */
export function regionFromPoints(centerX: number, centerY: number, upX: number, upY: number): Region {
  const distance = Math.hypot(upX - centerX, upY - centerY);
  const rotation = normalizedAngle(Math.PI / 2 - Math.atan2(centerY - upY, upX - centerX));
  return { x: centerX, y: centerY, size: distance * SIZE_PER_DISTANCE, rotation };
}

/**
 * The square that holds a whole picture (MediaPipe's letterbox: `ImageToTensorCalculator` with `keep_aspect_ratio`).
 */
export function wholePicture(width: number, height: number): Region {
  return { x: width / 2, y: height / 2, size: Math.max(width, height), rotation: 0 };
}

/** A point of a region, 0-1 along its sides, in pixels of the picture (`LandmarkProjectionCalculator`). */
export function toPicture(region: Region, x: number, y: number): [x: number, y: number] {
  const cos = Math.cos(region.rotation) * region.size;
  const sin = Math.sin(region.rotation) * region.size;
  return [region.x + cos * (x - 0.5) - sin * (y - 0.5), region.y + sin * (x - 0.5) + cos * (y - 0.5)];
}

/** Overlap of two squares, ignoring their rotation, 0-1 (`AssociationNormRectCalculator`). */
export function overlap(a: Region, b: Region): number {
  const across = Math.min(a.x + a.size / 2, b.x + b.size / 2) - Math.max(a.x - a.size / 2, b.x - b.size / 2);
  const down = Math.min(a.y + a.size / 2, b.y + b.size / 2) - Math.max(a.y - a.size / 2, b.y - b.size / 2);
  if (across <= 0 || down <= 0) return 0;
  return (across * down) / (a.size * a.size + b.size * b.size - across * down);
}
