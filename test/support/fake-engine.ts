import { setTimeout as delay } from 'node:timers/promises';
import type { EngineInfo, PoseEngine } from '../../src/engine/pose-engine.js';
import type { Picture } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';

/** A plausible upright person around a point of the picture. */
export function standingPose(x = 0.5, y = 0.5, visibility = 0.9, confidence?: number): Pose {
  const landmarks = Array.from({ length: 33 }, (_, id) => ({
    x: x + (id % 2 === 0 ? -0.05 : 0.05),
    y: y - 0.3 + (id / 32) * 0.6,
    z: 0,
    visibility,
    ...(confidence !== undefined && { confidence }),
  }));
  return { landmarks, worldLandmarks: landmarks.map(point => ({ x: point.x - x, y: point.y - y, z: 0 })) };
}

/** Stands in for a pose engine: the real ones have tests of their own. Records its calls. */
export class FakeEngine implements PoseEngine {
  readonly info: EngineInfo = { name: 'fake', version: '0', model: 'none', modelSha256: '0', provider: 'cpu' } as const;
  readonly timestamps: number[] = [];
  readonly sizes: string[] = [];
  resets = 0;
  /** People to find, by the number of the call. */
  answer: (call: number) => Pose[] = () => [standingPose()];
  delayMs = 0;

  async detect(image: Picture): Promise<Pose[]> {
    this.sizes.push(`${image.width}x${image.height}`);
    if (this.delayMs > 0) await delay(this.delayMs);
    return this.answer(this.sizes.length - 1);
  }

  async track(image: Picture, timestamp: number): Promise<Pose[]> {
    this.timestamps.push(timestamp);
    return this.detect(image);
  }

  async findPeople(): Promise<undefined> {
    return undefined;
  }

  async reset(): Promise<void> {
    this.resets++;
  }

  async save(): Promise<unknown> {
    return { calls: 0 };
  }

  async restore(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
