import { LANDMARK_COUNT } from '../../../model/blazepose.js';
import type { Landmark, Pose } from '../../../model/pose.js';
import type { Region } from '../../../model/region.js';
import { toPicture } from '../../../regions/region.js';

/** Side of the landmark network's input. */
export const LANDMARKS_SIZE = 256;
/** Numbers for each of the network's 39 points (33 landmarks and six of its own, of which 33 and 34 give the next region): x, y, z, visibility, presence. */
const POINT_NUMBERS = 5;
const WORLD_NUMBERS = 3;
const HEATMAP_SIZE = 64;
const KERNEL = 7;
/** A heatmap whose peak is lower says nothing (`RefineLandmarksFromHeatmapCalculator`). */
const LEAST_PEAK = 0.5;

/** Raw outputs of the landmark network. */
export interface LandmarkTensors {
  /** 39 x (x, y, z in pixels of the input, visibility and presence as logits). */
  readonly points: Float32Array;
  /** Probability that somebody is there. */
  readonly presence: number;
  /** 39 planes of 64 x 64 logits. */
  readonly heatmap: Float32Array;
  /** 39 x (x, y, z) in metres. */
  readonly world: Float32Array;
}

/** Somebody found in a region, and where to look in the next frame. */
export interface FoundPose {
  readonly pose: Pose;
  /** Middle of the hips and a point above it, in pixels: x, y, x, y. The next frame's region comes from them. */
  readonly alignment: readonly [number, number, number, number];
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** Moves a point to the weighted middle of its heatmap around it (`RefineLandmarksFromHeatmapCalculator`). All in parts of the region. */
function refined(heatmap: Float32Array, id: number, x: number, y: number): [x: number, y: number] {
  const column = Math.trunc(x * HEATMAP_SIZE);
  const row = Math.trunc(y * HEATMAP_SIZE);
  if (column < 0 || column >= HEATMAP_SIZE || row < 0 || row >= HEATMAP_SIZE) return [x, y];
  const reach = (KERNEL - 1) / 2;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  let peak = 0;
  for (let r = Math.max(0, row - reach); r < Math.min(HEATMAP_SIZE, row + reach + 1); r++) {
    for (let c = Math.max(0, column - reach); c < Math.min(HEATMAP_SIZE, column + reach + 1); c++) {
      const weight = sigmoid(heatmap[(id * HEATMAP_SIZE + r) * HEATMAP_SIZE + c]);
      sum += weight;
      sumX += c * weight;
      sumY += r * weight;
      if (weight > peak) peak = weight;
    }
  }
  return peak >= LEAST_PEAK && sum > 0 ? [sumX / HEATMAP_SIZE / sum, sumY / HEATMAP_SIZE / sum] : [x, y];
}

/**
 * Puts what the network says of a region into the picture: `TensorsToLandmarksCalculator`, heatmap refinement, `LandmarkProjectionCalculator`,
 * `WorldLandmarkProjectionCalculator`, and the points 33 and 34 that the next frame's region comes from.
 * @param width of the picture in pixels @param height of the picture in pixels
 */
export function decodePose(tensors: LandmarkTensors, region: Region, width: number, height: number): FoundPose {
  const { points, heatmap, world } = tensors;
  const place = (id: number): [x: number, y: number] => {
    const x = points[id * POINT_NUMBERS] / LANDMARKS_SIZE;
    const y = points[id * POINT_NUMBERS + 1] / LANDMARKS_SIZE;
    return toPicture(region, ...refined(heatmap, id, x, y));
  };
  const landmarks = Array.from({ length: LANDMARK_COUNT }, (_, id): Landmark => {
    const [x, y] = place(id);
    const z = points[id * POINT_NUMBERS + 2] / LANDMARKS_SIZE;
    return {
      x: x / width,
      y: y / height,
      z: (z * region.size) / width,
      visibility: sigmoid(points[id * POINT_NUMBERS + 3]),
    };
  });
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  const worldLandmarks = Array.from({ length: LANDMARK_COUNT }, (_, id) => {
    const [x, y, z] = world.subarray(id * WORLD_NUMBERS, id * WORLD_NUMBERS + WORLD_NUMBERS);
    return { x: cos * x - sin * y, y: sin * x + cos * y, z };
  });
  return {
    pose: { landmarks, worldLandmarks, presence: tensors.presence },
    alignment: [...place(LANDMARK_COUNT), ...place(LANDMARK_COUNT + 1)],
  };
}
