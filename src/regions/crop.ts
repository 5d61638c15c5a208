import type { Picture, RgbaImage } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { toPicture } from './region.js';
import { sampleRegion } from './sampling.js';

/** Side of a crop in pixels: small people are enlarged to what the person detector sees well, large ones keep their detail. */
const LEAST_SIDE = 320;
const MOST_SIDE = 640;

/** A region as an upright picture of its own; black where it reaches out of the picture. */
export function cropRegion(image: Picture, region: Region): RgbaImage {
  const side = Math.round(Math.min(MOST_SIDE, Math.max(LEAST_SIDE, region.size)));
  const plane = side * side;
  const planes = new Float32Array(3 * plane);
  sampleRegion(image, region, side, 'black', { scale: 1, offset: 0 }, planes);
  const data = new Uint8Array(4 * plane);
  for (let i = 0; i < plane; i++) {
    data[4 * i] = planes[i];
    data[4 * i + 1] = planes[i + plane];
    data[4 * i + 2] = planes[i + 2 * plane];
    data[4 * i + 3] = 255;
  }
  return { width: side, height: side, data };
}

/** Puts a pose that was found in a crop back into the picture, and its metres back into the camera's axes. */
export function fromCrop(pose: Pose, region: Region, { width, height }: Picture): Pose {
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  return {
    ...pose,
    landmarks: pose.landmarks.map(({ x, y, z, visibility }) => {
      const [px, py] = toPicture(region, x, y);
      return { x: px / width, y: py / height, z: (z * region.size) / width, visibility };
    }),
    worldLandmarks: pose.worldLandmarks.map(({ x, y, z }) => ({ x: cos * x - sin * y, y: sin * x + cos * y, z })),
  };
}
