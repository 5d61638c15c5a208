import { LANDMARK_COUNT } from '../../../model/blazepose.js';
import { type Landmark, type Pose, SIGNALS } from '../../../model/pose.js';
import type { Region } from '../../../model/region.js';
import { regionFromPoints, toPicture } from '../../../regions/region.js';

/** Side of the landmark network's input. */
export const LANDMARKS_SIZE = 256;
/**
 * Numbers for each of the network's 39 points (33 landmarks and six of its own, of which 33 and 34 give the next
 * region): x, y, z, visibility, presence.
 */
const POINT_NUMBERS = 5;
const WORLD_NUMBERS = 3;
const HEATMAP_SIZE = 64;
const KERNEL = 7;
/** A heatmap with a lower peak is ignored (`RefineLandmarksFromHeatmapCalculator`). */
const LEAST_PEAK = 0.5;

/** Raw outputs of the landmark network. */
export interface LandmarkTensors {
  /** 39 x (x, y, z in pixels of the input, visibility and presence as logits). */
  readonly points: Float32Array;
  /** Probability that a person is present. */
  readonly presence: number;
  /** 39 planes of 64 x 64 logits. */
  readonly heatmap: Float32Array;
  /** 39 x (x, y, z) in metres. */
  readonly world: Float32Array;
}

/** A person found in a region, with the region to search in the next frame. */
export type FoundPose = Pose & { readonly next: Region };

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** A point of the network, in fractions of the region, with its heatmap's result. */
interface Refined {
  readonly x: number;
  readonly y: number;
  readonly peak: number;
  readonly offset: number;
  readonly spread: number;
}

/**
 * Moves a point to the weighted centre of its heatmap around it (`RefineLandmarksFromHeatmapCalculator`). All in
 * fractions of the region.
 */
function refined(heatmap: Float32Array, id: number, x: number, y: number): Refined {
  const column = Math.trunc(x * HEATMAP_SIZE);
  const row = Math.trunc(y * HEATMAP_SIZE);
  const offset = distanceToHighest(heatmap, id, x, y);
  if (column < 0 || column >= HEATMAP_SIZE || row < 0 || row >= HEATMAP_SIZE)
    return { x, y, peak: 0, offset, spread: 0 };
  const reach = (KERNEL - 1) / 2;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  let squares = 0;
  let peak = 0;
  for (let r = Math.max(0, row - reach); r < Math.min(HEATMAP_SIZE, row + reach + 1); r++) {
    for (let c = Math.max(0, column - reach); c < Math.min(HEATMAP_SIZE, column + reach + 1); c++) {
      const weight = sigmoid(heatmap[(id * HEATMAP_SIZE + r) * HEATMAP_SIZE + c]!);
      sum += weight;
      sumX += c * weight;
      sumY += r * weight;
      squares += (c * c + r * r) * weight;
      if (weight > peak) peak = weight;
    }
  }
  if (sum <= 0) return { x, y, peak, offset, spread: 0 };
  const variance = squares / sum - (sumX / sum) ** 2 - (sumY / sum) ** 2;
  const spread = Math.sqrt(Math.max(0, variance)) / HEATMAP_SIZE;
  if (peak < LEAST_PEAK) return { x, y, peak, offset, spread };
  return { x: sumX / HEATMAP_SIZE / sum, y: sumY / HEATMAP_SIZE / sum, peak, offset, spread };
}

/** The offset from a point to the centre of the highest cell of its heatmap. */
function distanceToHighest(heatmap: Float32Array, id: number, x: number, y: number): number {
  const start = id * HEATMAP_SIZE * HEATMAP_SIZE;
  let highest = start;
  let most = heatmap[start]!;
  for (let i = start + 1; i < start + HEATMAP_SIZE * HEATMAP_SIZE; i++) {
    const value = heatmap[i]!;
    if (value > most) {
      most = value;
      highest = i;
    }
  }
  const row = Math.floor((highest - start) / HEATMAP_SIZE);
  const column = (highest - start) % HEATMAP_SIZE;
  return Math.hypot((column + 0.5) / HEATMAP_SIZE - x, (row + 0.5) / HEATMAP_SIZE - y);
}

/**
 * Maps the network's output for a region into the picture: `TensorsToLandmarksCalculator`, heatmap refinement,
 * `LandmarkProjectionCalculator`, `WorldLandmarkProjectionCalculator`, and the points 33 and 34 that determine the next
 * frame's region.
 * @param width of the picture in pixels @param height of the picture in pixels
 */
export function decodePose(tensors: LandmarkTensors, region: Region, width: number, height: number): FoundPose {
  const { points, heatmap, world } = tensors;
  const number = (id: number, k: number) => points[id * POINT_NUMBERS + k]!;
  const find = (id: number) => refined(heatmap, id, number(id, 0) / LANDMARKS_SIZE, number(id, 1) / LANDMARKS_SIZE);
  const signals = new Float32Array(LANDMARK_COUNT * SIGNALS.length);
  const landmarks = Array.from({ length: LANDMARK_COUNT }, (_, id): Landmark => {
    const found = find(id);
    const [x, y] = toPicture(region, found.x, found.y);
    const z = number(id, 2) / LANDMARKS_SIZE;
    const signal = id * SIGNALS.length;
    signals[signal] = sigmoid(number(id, 4));
    signals[signal + 1] = found.peak;
    signals[signal + 2] = found.offset;
    signals[signal + 3] = found.spread;
    return { x: x / width, y: y / height, z: (z * region.size) / width, visibility: sigmoid(number(id, 3)) };
  });
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  const worldLandmarks = Array.from({ length: LANDMARK_COUNT }, (_, id) => {
    const [x, y] = [world[id * WORLD_NUMBERS], world[id * WORLD_NUMBERS + 1]];
    return { x: cos * x! - sin * y!, y: sin * x! + cos * y!, z: world[id * WORLD_NUMBERS + 2]! };
  });
  const place = (id: number): [x: number, y: number] => {
    const { x, y } = find(id);
    return toPicture(region, x, y);
  };
  const next = regionFromPoints(...place(LANDMARK_COUNT), ...place(LANDMARK_COUNT + 1));
  return { landmarks, worldLandmarks, presence: tensors.presence, signals, next };
}
