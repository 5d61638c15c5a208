import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadNativeModels } from '../../../src/engine/native/native-models.js';
import type { NetworkOnDisk } from '../../../src/engine/native/network-file.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../../src/engine/pose-engine.js';
import { WorkerEngine } from '../../../src/engine/worker/worker-engine.js';
import type { YuvImage } from '../../../src/model/picture.js';
import type { Pose } from '../../../src/model/pose.js';
import { decodeAll } from '../../support/decoded-clip.js';
import { SAMPLES } from '../../support/reference-clips.js';

const OPTIONS = { ...DEFAULT_ENGINE_OPTIONS, model: 'lite' };

describe('the native engine', () => {
  let pictures: YuvImage[];
  let engine: WorkerEngine;

  beforeAll(async () => {
    pictures = await decodeAll(join(SAMPLES, 'wave.mp4'), 6);
    engine = await WorkerEngine.create('native', OPTIONS);
  });
  afterAll(async () => engine[Symbol.asyncDispose]());

  async function trackAll(by: WorkerEngine, start: number): Promise<Pose[][]> {
    await by.reset();
    const found: Pose[][] = [];
    for (const [i, picture] of pictures.entries()) found.push(await by.track(picture, start + i / 30));
    return found;
  }

  test('describes itself, with the hash of its model', () => {
    expect(engine.info).toMatchObject({ name: 'native', model: 'lite' });
    expect(engine.info.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(engine.info.modelSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a video tracked twice gives the same numbers, also with two threads', async () => {
    const first = await trackAll(engine, 10);
    expect(first.every(poses => poses.length === 1)).toBe(true);
    expect(await trackAll(engine, 10)).toEqual(first);
    await using other = await WorkerEngine.create('native', { ...OPTIONS, threads: 2 });
    expect(await trackAll(other, 10)).toEqual(first);
  });

  test('detection keeps no state between calls', async () => {
    const first = await engine.detect(pictures[0]!);
    await engine.detect(pictures[5]!);
    expect(await engine.detect(pictures[0]!)).toEqual(first);
  });

  test('an empty picture contains no person', async () => {
    expect(await engine.detect({ width: 320, height: 240, data: new Uint8Array(320 * 240 * 4).fill(90) })).toEqual([]);
  });

  test('reports a model that does not exist across the thread', async () => {
    const create = WorkerEngine.create('native', { ...OPTIONS, model: '/nowhere/model.task' });
    await expect(create).rejects.toMatchObject({ code: 'MODEL_MISSING', remedy: expect.stringContaining('--model') });
  });
});

describe('the converted networks', () => {
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'bodyscript-onnx-'));
    vi.stubEnv('BODYSCRIPT_CACHE', cache);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(cache, { recursive: true, force: true });
  });

  test('are cached, even by two runs at once, and unchanged when read back', async () => {
    const [first, second] = await Promise.all([loadNativeModels('lite'), loadNativeModels('lite')]);
    expect((await readdir(cache)).sort()).toEqual(['pose_detector.onnx', 'pose_landmarks_lite.onnx']);
    const again = await loadNativeModels('lite');
    expect(again.landmarks).toMatchObject({ path: join(cache, 'pose_landmarks_lite.onnx') });
    expect(Buffer.compare(await readFile((again.landmarks as NetworkOnDisk).path), first.landmarks as Uint8Array)).toBe(
      0,
    );
    expect(second.sha256).toBe(first.sha256);
  });

  test('a damaged file in the cache is rebuilt, and an unwritable cache is not needed', async () => {
    await writeFile(join(cache, 'pose_landmarks_lite.onnx'), 'no network');
    const rebuilt = await loadNativeModels('lite');
    expect(rebuilt.landmarks).toBeInstanceOf(Uint8Array);
    vi.stubEnv('BODYSCRIPT_CACHE', join(cache, 'pose_detector.onnx', 'below-a-file'));
    expect((await loadNativeModels('lite')).landmarks).toBeInstanceOf(Uint8Array);
    vi.stubEnv('BODYSCRIPT_CACHE', cache);
    expect((await loadNativeModels('lite')).landmarks).toMatchObject({
      path: join(cache, 'pose_landmarks_lite.onnx'),
    });
  });

  test('rejects a hash other than the expected one', async () => {
    await expect(
      loadNativeModels('lite', { expectedSha256: '0'.repeat(64), machine: { reason: 'a test' }, helpers: false }),
    ).rejects.toMatchObject({ code: 'MODEL_HASH' });
  });
});
