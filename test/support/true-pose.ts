import { join } from 'node:path';
import { LANDMARK_COUNT } from '../../src/model/blazepose.js';
import type { PersonBox } from '../../src/model/person-box.js';
import { type Pose, SIGNALS, type Signal } from '../../src/model/pose.js';
import { isInPicture } from '../../src/tracking/seen.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { SAMPLES } from './reference-clips.js';

/** A pose with the size of its picture, in pixels. */
export type PlacedPose = Pose & { readonly width: number; readonly height: number };

/** A sample's true pose as an engine's result: a body that a judge accepts. */
export async function truePose(sample: string, frame: number): Promise<PlacedPose> {
  const { frames, width, height } = await readTruth(join(SAMPLES, `${sample}.truth.json`));
  const { image, camera } = frames[frame]![0]!;
  const middle = [0, 1, 2].map(k => (camera[23]![k]! + camera[24]![k]!) / 2);
  return {
    width,
    height,
    presence: 1,
    landmarks: image.map(([x, y]) => ({ x: x / width, y: y / height, z: 0, visibility: 0.98 })),
    worldLandmarks: camera.map(([x, y, z]) => ({ x: x - middle[0]!, y: y - middle[1]!, z: z - middle[2]! })),
  };
}

/** The part of a picture to keep, as fractions of it. */
export interface Window {
  readonly left?: number;
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
}

/** The same body in a picture that shows less of it: the cut-off part lies beyond the edges. */
export function cropped(pose: PlacedPose, { left = 0, top = 0, right = 1, bottom = 1 }: Window): PlacedPose {
  const [across, down] = [right - left, bottom - top];
  return {
    ...pose,
    width: pose.width * across,
    height: pose.height * down,
    landmarks: pose.landmarks.map(landmark => ({
      ...landmark,
      x: (landmark.x - left) / across,
      y: (landmark.y - top) / down,
    })),
  };
}

/** Nonsensical guesses, in the picture and in metres, for everything beyond the edges. */
export function absurdBeyond(pose: PlacedPose): PlacedPose {
  return {
    ...pose,
    landmarks: pose.landmarks.map((landmark, id) =>
      isInPicture(landmark) ? landmark : { ...landmark, x: (id * 0.37) % 1, y: 1.2 + ((id * 0.61) % 2) },
    ),
    worldLandmarks: pose.worldLandmarks.map((place, id) =>
      isInPicture(pose.landmarks[id]!) ? place : { x: (id * 0.37) % 2, y: (id * 0.61) % 2, z: (id * 0.13) % 2 },
    ),
  };
}

/** From a network that is certain of each landmark. */
const SURE: Readonly<Record<Signal, number>> = { presence: 0.98, peak: 0.8, offset: 0.01, spread: 0.02 };

/** The same pose from an engine that reports the network's signals. */
export function withSignals<P extends Pose>(pose: P, signals: Partial<Record<Signal, number>> = {}): P {
  const numbers = SIGNALS.map(name => signals[name] ?? SURE[name]);
  return {
    ...pose,
    signals: Float32Array.from({ length: LANDMARK_COUNT * SIGNALS.length }, (_, i) => numbers[i % SIGNALS.length]!),
  };
}

/** The same pose elsewhere, by fractions of the picture. */
export function moved<P extends Pose>(pose: P, x: number, y = 0): P {
  return { ...pose, landmarks: pose.landmarks.map(mark => ({ ...mark, x: mark.x + x, y: mark.y + y })) };
}

/** The same body smaller, with the left top corner of its picture elsewhere, by fractions of the picture. */
export function scaled<P extends Pose>(pose: P, factor: number, left: number, top: number): P {
  return {
    ...pose,
    landmarks: pose.landmarks.map(mark => ({ ...mark, x: left + factor * mark.x, y: top + factor * mark.y })),
  };
}

/** The box around the visible part of a pose, in pixels, as a person finder reports it. */
export function boxOf({ landmarks, width, height }: PlacedPose): PersonBox {
  const seen = landmarks.filter(isInPicture);
  const [x, y] = [seen.map(mark => mark.x * width), seen.map(mark => mark.y * height)];
  return { left: Math.min(...x), top: Math.min(...y), right: Math.max(...x), bottom: Math.max(...y), score: 0.9 };
}
