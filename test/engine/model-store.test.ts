import { chmod, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { loadModel } from '../../src/engine/models/model-store.js';
import { buildTaskBundle } from '../../src/engine/models/task-bundle.js';
import { loadNativeModels } from '../../src/engine/native/native-models.js';
import { sha256 } from '../../src/system/file-hash.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
let cache = '';
let count = 0;

beforeEach(() => {
  cache = join(folder, `cache-${count++}`);
  vi.stubEnv('BODYSCRIPT_CACHE', cache);
  return () => vi.unstubAllEnvs();
});

describe('the model store', () => {
  test('builds a bundle once and then takes it from the cache', async () => {
    const built = await loadModel('lite');
    expect(await readdir(cache)).toEqual(['pose_landmarker_lite.task']);
    expect(sha256(await readFile(join(cache, 'pose_landmarker_lite.task')))).toBe(built.sha256);
    const cached = await loadModel('lite');
    expect(cached.sha256).toBe(built.sha256);
    expect(Buffer.compare(cached.bytes, built.bytes)).toBe(0);
  });

  test('two simultaneous runs both succeed, and leave one complete file', async () => {
    const models = await Promise.all([loadModel('lite'), loadModel('lite'), loadModel('lite')]);
    expect(new Set(models.map(model => model.sha256)).size).toBe(1);
    expect(await readdir(cache)).toEqual(['pose_landmarker_lite.task']);
  });

  test('rebuilds a damaged file in the cache', async () => {
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, 'pose_landmarker_lite.task'), 'half a file');
    const model = await loadModel('lite');
    expect(sha256(await readFile(join(cache, 'pose_landmarker_lite.task')))).toBe(model.sha256);
  });

  test('works without a writable cache', async () => {
    await writeFile(join(folder, 'a-file'), '');
    vi.stubEnv('BODYSCRIPT_CACHE', join(folder, 'a-file', 'cache'));
    expect((await loadModel('lite')).bytes.length).toBeGreaterThan(5_000_000);
    await mkdir(join(folder, 'locked'));
    await chmod(join(folder, 'locked'), 0o555);
    vi.stubEnv('BODYSCRIPT_CACHE', join(folder, 'locked'));
    expect((await loadModel('lite')).bytes.length).toBeGreaterThan(5_000_000);
  });

  test('uses a file unchanged, after checking its hash if requested', async () => {
    const path = join(folder, 'own.task');
    const bytes = await buildTaskBundle('lite');
    await writeFile(path, bytes);
    expect(await loadModel(path, sha256(bytes).toUpperCase())).toMatchObject({ name: path, sha256: sha256(bytes) });
    await expect(loadModel(path, '0'.repeat(64))).rejects.toMatchObject({ code: 'MODEL_HASH' });
  });

  test('rejects a file that is not a bundle, or too large, unread; and one that unpacks to gigabytes, unpacked', async () => {
    for (const path of [folder, '/dev/zero']) {
      await expect(loadModel(path)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    }
    const sparse = join(folder, 'sparse.task');
    await writeFile(sparse, 'PK');
    await truncate(sparse, 3e9);
    await expect(loadModel(sparse)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    const bomb = join(folder, 'bomb.task');
    await writeFile(bomb, zipSync({ 'pose_detector.tflite': new Uint8Array(129 * 1024 * 1024) }, { level: 1 }));
    await expect(loadNativeModels(bomb)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('no pose_detector.tflite of up to 128 MB'),
    });
  });

  test('a bundle is a ZIP of two stored TFLite models with metadata', async () => {
    const files = unzipSync(await buildTaskBundle('lite'));
    expect(Object.keys(files)).toEqual(['pose_detector.tflite', 'pose_landmarks_detector.tflite']);
    for (const model of Object.values(files)) {
      const text = Buffer.from(model.subarray(0, 20_000)).toString('latin1');
      expect(text.slice(4, 8)).toBe('TFL3');
      expect(text).toContain('TFLITE_METADATA');
      expect(text).toContain('M001');
    }
  });
});
