import type { Picture, RgbaImage } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { toPicture } from './region.js';
import type { Border } from './sampled-values.js';
import { sampleRegion } from './sampling.js';

/**
 * Sides in pixels of a picture in which to search for people: small ones are enlarged to what the detector handles
 * well, large ones keep their detail.
 */
const LEAST_SEARCH_SIDE = 320;
const MOST_SEARCH_SIDE = 640;

/** Side in pixels of the picture that shows a region of this size for a search. */
export function searchSide(size: number): number {
  return Math.round(Math.min(MOST_SEARCH_SIDE, Math.max(LEAST_SEARCH_SIDE, size)));
}

/** How to crop a region to a picture. */
export interface CropOptions {
  /** Of the picture, in pixels. */
  readonly side: number;
  readonly border: Border;
  readonly mirrored?: boolean;
  /** Averages four samples for each pixel: this avoids aliasing. */
  readonly averaged?: boolean;
}

/** A region as an upright picture of its own, in shared memory: another thread reads it without a copy. */
export function cropRegion(
  image: Picture,
  region: Region,
  { side, border, mirrored = false, averaged = false }: CropOptions,
): RgbaImage {
  const plane = side * side;
  // Samples lie at the left edges of their cells: a mirror would shift them by one.
  const area = mirrored ? shifted(region, 1 / side, 0) : region;
  const planes = averaged ? sampleMeans(image, area, side, border) : new Float32Array(3 * plane);
  if (!averaged) sampleRegion(image, area, side, border, { scale: 1, offset: 0 }, planes);
  const data = new Uint8Array(new SharedArrayBuffer(4 * plane));
  const step = mirrored ? -4 : 4;
  for (let y = 0, from = 0; y < side; y++) {
    let to = 4 * (y * side + (mirrored ? side - 1 : 0));
    for (let x = 0; x < side; x++, from++, to += step) {
      data[to] = planes[from]!;
      data[to + 1] = planes[from + plane]!;
      data[to + 2] = planes[from + 2 * plane]!;
      data[to + 3] = 255;
    }
  }
  return { width: side, height: side, data };
}

/** Means of two by two samples, centred where the single sample would lie. */
function sampleMeans(image: Picture, region: Region, side: number, border: Border): Float32Array {
  const fine = 2 * side;
  const samples = new Float32Array(3 * fine * fine);
  // The centre of four samples from the corner on is half a sample further.
  const back = -1 / (2 * fine);
  sampleRegion(image, shifted(region, back, back), fine, border, { scale: 1, offset: 0 }, samples);
  const means = new Float32Array(3 * side * side);
  for (let plane = 0, i = 0; plane < 3; plane++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++, i++) {
        const at = plane * fine * fine + 2 * y * fine + 2 * x;
        const sum = samples[at]! + samples[at + 1]! + samples[at + fine]! + samples[at + fine + 1]!;
        means[i] = Math.round(sum / 4);
      }
    }
  }
  return means;
}

/** The square moved along its own axes by fractions of its side. */
function shifted(region: Region, along: number, down: number): Region {
  const [x, y] = toPicture(region, 0.5 + along, 0.5 + down);
  return { ...region, x, y };
}

/**
 * Maps a pose found in a crop back to the picture, and its metres to the camera's axes.
 * @param side of the crop in pixels
 */
export function fromCrop(pose: Pose, region: Region, side: number, { width, height }: Picture): Pose {
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  return {
    ...pose,
    landmarks: pose.landmarks.map(landmark => {
      const [px, py] = toPicture(region, landmark.x, landmark.y);
      return { ...landmark, x: px / width, y: py / height, z: (landmark.z * region.size) / width };
    }),
    worldLandmarks: pose.worldLandmarks.map(({ x, y, z }) => ({ x: cos * x - sin * y, y: sin * x + cos * y, z })),
    next: pose.next && regionFromCrop(pose.next, region, side),
  };
}

function regionFromCrop(inner: Region, region: Region, side: number): Region {
  const [x, y] = toPicture(region, inner.x / side, inner.y / side);
  return { x, y, size: (inner.size * region.size) / side, rotation: inner.rotation + region.rotation };
}
