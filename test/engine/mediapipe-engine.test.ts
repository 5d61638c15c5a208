import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysedSize } from '../../src/decode/decode-command.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { probeVideo } from '../../src/decode/probe.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { WorkerEngine } from '../../src/engine/worker/worker-engine.js';
import type { Picture } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { SAMPLES } from '../support/reference-clips.js';

/** The sample's first pictures, copied from the reader. */
async function samplePictures(count: number): Promise<Picture[]> {
  const binaries = await findFfmpeg();
  await using source = await openSource(join(SAMPLES, 'wave.mp4'));
  const video = await probeVideo(source, binaries.ffprobe);
  const job = {
    source,
    video,
    size: analysedSize(video),
    selection: { every: 1, maxFrames: count },
    ffmpeg: binaries.ffmpeg,
  };
  await using reader = await FrameReader.open(job);
  const pictures: Picture[] = [];
  for await (const frame of reader.frames()) {
    pictures.push({ ...frame.image, data: frame.image.data.slice() });
    frame.release();
  }
  return pictures;
}

const shoulderX = (poses: readonly Pose[], id: number) => poses[0]?.landmarks[id]?.x ?? Number.NaN;

describe('MediaPipe in its own thread', () => {
  let engine: WorkerEngine;
  let pictures: Picture[];

  beforeAll(async () => {
    pictures = await samplePictures(5);
    engine = await WorkerEngine.create('mediapipe', { ...DEFAULT_ENGINE_OPTIONS, model: 'lite' });
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  test('describes itself, with the hash of its model', () => {
    expect(engine.info).toMatchObject({ name: 'mediapipe', version: '1.1.0', model: 'lite' });
    expect(engine.info.modelSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('finds one person with 33 landmarks, left and right as seen from the person', async () => {
    const poses = await engine.detect(pictures[0]!);
    expect(poses).toHaveLength(1);
    expect(poses[0]?.landmarks).toHaveLength(33);
    expect(poses[0]?.worldLandmarks).toHaveLength(33);
    // The figure faces the camera: its left shoulder is on the right of the picture.
    expect(shoulderX(poses, 11)).toBeGreaterThan(shoulderX(poses, 12));
  });

  test('detection keeps no state between calls: the same picture gives the same numbers', async () => {
    const first = await engine.detect(pictures[0]!);
    await engine.detect(pictures[4]!);
    expect(await engine.detect(pictures[0]!)).toEqual(first);
  });

  test('a reset clears the state: a video tracked twice gives the same numbers, whatever its times', async () => {
    const trackAll = async (start: number) => {
      await engine.reset();
      const found: Pose[][] = [];
      for (const [i, picture] of pictures.entries()) found.push(await engine.track(picture, start + i / 30));
      return found;
    };
    const first = await trackAll(10);
    expect(await trackAll(-2)).toEqual(first);
  });

  test('accepts times that repeat or fall', async () => {
    await engine.reset();
    for (const time of [1, 1, 0.5, 0.5, 2]) {
      expect(await engine.track(pictures[0]!, time)).toHaveLength(1);
    }
  });

  test('tracks a video after many single pictures', async () => {
    await engine.reset();
    await engine.track(pictures[0]!, 0);
    // More than the milliseconds of a frame, each of which tasks-vision adds.
    for (let i = 0; i < 36; i++) await engine.detect(pictures[i % 5]!);
    expect(await engine.track(pictures[1]!, 1 / 30)).toHaveLength(1);
    await engine.reset();
    expect(await engine.track(pictures[0]!, 0)).toHaveLength(1);
  });

  test('an empty picture contains no person', async () => {
    expect(await engine.detect({ width: 320, height: 240, data: new Uint8Array(320 * 240 * 4).fill(90) })).toEqual([]);
  });

  test('reports a model that does not exist across the thread', async () => {
    const create = WorkerEngine.create('mediapipe', { ...DEFAULT_ENGINE_OPTIONS, model: '/nowhere/model.task' });
    await expect(create).rejects.toMatchObject({ code: 'MODEL_MISSING', remedy: expect.stringContaining('--model') });
  });

  test('a closed engine ends its thread, and reports that on the next call', async () => {
    const other = await WorkerEngine.create('mediapipe', { ...DEFAULT_ENGINE_OPTIONS, model: 'lite' });
    await other[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await expect(other.detect(pictures[0]!)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });
});
