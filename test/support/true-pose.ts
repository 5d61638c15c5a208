import { join } from 'node:path';
import type { Pose } from '../../src/model/pose.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { SAMPLES } from './reference-clips.js';

/** A sample's true pose as an engine would tell it: a body that a judge believes. */
export async function truePose(sample: string, frame: number): Promise<Pose & { width: number; height: number }> {
  const { frames, width, height } = await readTruth(join(SAMPLES, `${sample}.truth.json`));
  const [{ image, camera }] = frames[frame];
  const middle = [0, 1, 2].map(k => (camera[23][k] + camera[24][k]) / 2);
  return {
    width,
    height,
    presence: 1,
    landmarks: image.map(([x, y]) => ({ x: x / width, y: y / height, z: 0, visibility: 0.98 })),
    worldLandmarks: camera.map(([x, y, z]) => ({ x: x - middle[0], y: y - middle[1], z: z - middle[2] })),
  };
}
