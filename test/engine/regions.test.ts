import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { ENGINE_NAMES } from '../../src/engine/worker/protocol.js';
import { WorkerEngine } from '../../src/engine/worker/worker-engine.js';
import { regionFromPoints } from '../../src/regions/region.js';
import { jointErrors, torsoLength } from '../bench/accuracy/metrics.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { decodeAll } from '../support/decoded-clip.js';
import { SAMPLES } from '../support/reference-clips.js';

/** A frame of a sample, and the region around its true person. */
async function frameOf(sample: string, index: number) {
  const truth = await readTruth(join(SAMPLES, `${sample}.truth.json`));
  const [person] = truth.frames[index]!;
  const middle = (a: number, b: number) => [0, 1].map(k => (person!.image[a]![k]! + person!.image[b]![k]!) / 2);
  const [hipX, hipY] = middle(23, 24);
  const [shoulderX, shoulderY] = middle(11, 12);
  // As the detector was trained: the second point is twice as far as the shoulders.
  const region = regionFromPoints(hipX!, hipY!, hipX! + 2 * (shoulderX! - hipX!), hipY! + 2 * (shoulderY! - hipY!));
  const image = (await decodeAll(join(SAMPLES, `${sample}.mp4`), 2, index)).at(-1);
  if (!image) throw new RangeError('no frame');
  return { image, region, person, torso: torsoLength(person!.camera, truth.focal) };
}

describe.each(ENGINE_NAMES)('searching a region only, %s', name => {
  let engine: WorkerEngine;
  beforeAll(async () => {
    engine = await WorkerEngine.create(name, DEFAULT_ENGINE_OPTIONS);
  });
  afterAll(async () => engine[Symbol.asyncDispose]());

  test.each(['wave', 'small', 'upside-down'])(
    '%s: finds the person there, also one too small for the whole picture',
    async sample => {
      const { image, region, person, torso } = await frameOf(sample, 40);
      const poses = await engine.detect(image, { region });
      expect(poses).toHaveLength(1);
      const found = poses[0]!.landmarks.map(({ x, y }) => [x * image.width, y * image.height] as const);
      const errors = jointErrors(found, person!.image);
      expect(errors.reduce((a, b) => a + b) / errors.length / torso).toBeLessThan(0.15);
      // Metres have the camera's axes: the head of the upside-down one points down.
      const head = poses[0]!.worldLandmarks[0]!.y;
      expect(Math.sign(head)).toBe(sample === 'upside-down' ? 1 : -1);
    },
  );

  test('finds no person in a region without one', async () => {
    const { image } = await frameOf('wave', 40);
    expect(await engine.detect(image, { region: { x: 385, y: 60, size: 60, rotation: 0 } })).toEqual([]);
  });
});
