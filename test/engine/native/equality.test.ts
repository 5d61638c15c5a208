import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFAULT_ENGINE_OPTIONS, type PoseEngine } from '../../../src/engine/pose-engine.js';
import type { EngineName } from '../../../src/engine/worker/protocol.js';
import { WorkerEngine } from '../../../src/engine/worker/worker-engine.js';
import { LANDMARK_COUNT } from '../../../src/model/blazepose.js';
import type { Pose } from '../../../src/model/pose.js';
import { decodeAll } from '../../support/decoded-clip.js';
import { firstOf } from '../../support/full-tests.js';
import { SAMPLES } from '../../support/reference-clips.js';

const EVERY = 10;
/** Pixels at 640x480, and millimetres. */
const MEAN_PX = 0.05;
const WORST_PX = 4;
const MEAN_MM = 0.2;

const engines = new Map<string, PoseEngine>();
afterAll(async () => {
  for (const engine of engines.values()) await engine[Symbol.asyncDispose]();
});

async function engineOf(name: EngineName, people: number): Promise<PoseEngine> {
  const key = `${name} ${people}`;
  const engine = engines.get(key) ?? (await WorkerEngine.create(name, { ...DEFAULT_ENGINE_OPTIONS, people }));
  engines.set(key, engine);
  return engine;
}

/**
 * Frames of a video that both engines follow; after that they diverge, since each frame's square depends on the one
 * before.
 */
const FOLLOWED_FRAMES = 4;
const FOLLOWED_WORST_PX = 0.5;
const SECONDS_A_FRAME = 1 / 30;

/** Results of both engines on every n-th frame of a sample. */
async function bothOn(sample: string, people: number): Promise<[Pose[], Pose[]][]> {
  const [a, b] = [await engineOf('mediapipe', people), await engineOf('native', people)];
  const found: [Pose[], Pose[]][] = [];
  for (const picture of await decodeAll(join(SAMPLES, `${sample}.mp4`), 20, EVERY)) {
    found.push([await a.detect(picture), await b.detect(picture)]);
  }
  return found;
}

describe('the native engine against mediapipe, each frame alone', () => {
  const samples: readonly (readonly [sample: string, people: number, width: number, height: number])[] = [
    ['wave', 1, 640, 480],
    ['portrait', 1, 480, 640],
    ['crossing', 2, 640, 480],
    ['cartwheel', 1, 640, 480],
    ['dark', 1, 640, 480],
    ['empty-room', 1, 640, 480],
  ];
  test.each(firstOf(samples, 3))('%s: the same frames, the same landmarks', async (sample, people, width, height) => {
    const found = await bothOn(sample, people);
    expect(found.map(([, native]) => native.length)).toEqual(found.map(([mediapipe]) => mediapipe.length));
    const pixels: number[] = [];
    const millimetres: number[] = [];
    for (const [mediapipe, native] of found) {
      for (const [person, pose] of mediapipe.entries()) {
        for (const [id, a] of pose.landmarks.entries()) {
          const b = native[person]!.landmarks[id]!;
          pixels.push(Math.hypot((a.x - b.x) * width, (a.y - b.y) * height));
          expect(Math.abs(a.visibility - b.visibility)).toBeLessThan(0.02);
          const [wa, wb] = [pose.worldLandmarks[id], native[person]!.worldLandmarks[id]];
          millimetres.push(Math.hypot(wa!.x - wb!.x, wa!.y - wb!.y, wa!.z - wb!.z) * 1000);
        }
      }
    }
    if (sample === 'empty-room') return;
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(pixels)).toBeLessThan(MEAN_PX);
    expect(Math.max(...pixels)).toBeLessThan(WORST_PX);
    expect(mean(millimetres)).toBeLessThan(MEAN_MM);
  });
});

describe('the native engine against mediapipe, from frame to frame', () => {
  test.each([
    ['wave', 640, 480],
    ['squat', 640, 480],
    ['cartwheel', 640, 480],
  ] as const)('%s: the same squares and the same smoothing, so the same landmarks', async (sample, width, height) => {
    const [a, b] = [await engineOf('mediapipe', 1), await engineOf('native', 1)];
    await Promise.all([a.reset(), b.reset()]);
    const frames = await decodeAll(join(SAMPLES, `${sample}.mp4`), FOLLOWED_FRAMES);
    const pixels: number[] = [];
    for (const [i, picture] of frames.entries()) {
      const [mediapipe] = await a.track(picture, i * SECONDS_A_FRAME);
      const [native] = await b.track(picture, i * SECONDS_A_FRAME);
      for (const [id, mark] of mediapipe!.landmarks.entries()) {
        const other = native!.landmarks[id]!;
        pixels.push(Math.hypot((mark.x - other.x) * width, (mark.y - other.y) * height));
      }
    }
    expect(pixels).toHaveLength(FOLLOWED_FRAMES * LANDMARK_COUNT);
    expect(pixels.reduce((sum, value) => sum + value, 0) / pixels.length).toBeLessThan(MEAN_PX);
    expect(Math.max(...pixels)).toBeLessThan(FOLLOWED_WORST_PX);
  });
});
