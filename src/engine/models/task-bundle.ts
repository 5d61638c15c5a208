import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { withMetadata } from './tflite-metadata.js';

/** The sizes of BlazePose: each about three times slower than the one before, and more accurate. */
export const MODEL_NAMES = ['lite', 'full', 'heavy'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** Normalisation of the published `pose_landmarker_*.task` bundles. */
const DETECTOR_INPUT = { mean: 127.5, std: 127.5 };
const LANDMARKS_INPUT = { mean: 0, std: 255 };

/** The name of the detector's TFLite file in the npm package. */
export const DETECTOR_FILE = 'pose_solution_packed_assets.data';

/** Name of a landmark network's TFLite file in the npm package. */
export const landmarksFile = (name: ModelName) => `pose_landmark_${name}.tflite`;

/** The names of the two networks in a bundle. */
export const DETECTOR_IN_TASK = 'pose_detector.tflite';
export const LANDMARKS_IN_TASK = 'pose_landmarks_detector.tflite';

/** A fixed date (the earliest in a ZIP), so that the same models give the same bytes. */
const BUNDLE_DATE = new Date(1980, 0, 1);

/** Folder of the npm package @mediapipe/pose, which carries Google's TFLite files. */
export function modelPackageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('@mediapipe/pose/package.json'));
}

/**
 * Builds the bundle that tasks-vision loads, a ZIP of stored (not compressed) files: the person detector and the
 * landmark network, each with metadata of its input. Behaves like Google's published `pose_landmarker_NAME.task`.
 */
export async function buildTaskBundle(name: ModelName): Promise<Uint8Array<ArrayBuffer>> {
  const folder = modelPackageFolder();
  const [detector, landmarks] = await Promise.all([
    readFile(join(folder, DETECTOR_FILE)),
    readFile(join(folder, landmarksFile(name))),
  ]);
  const files: Zippable = {
    [DETECTOR_IN_TASK]: withMetadata(detector, 'pose_detector', DETECTOR_INPUT),
    [LANDMARKS_IN_TASK]: withMetadata(landmarks, 'pose_landmarks', LANDMARKS_INPUT),
  };
  return new Uint8Array(zipSync(files, { level: 0, mtime: BUNDLE_DATE }));
}
