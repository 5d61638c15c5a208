import { chmod, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { loadModel } from '../../../src/engine/models/model-store.js';
import { loadNativeModels } from '../../../src/engine/native/native-models.js';
import type { NetworkOnDisk } from '../../../src/engine/native/network-file.js';
import { Networks } from '../../../src/engine/native/networks.js';
import { PERSON_FINDER_FILE, personFinderFile } from '../../../src/engine/native/person-finder.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
let cache = '';
let count = 0;

beforeEach(() => {
  cache = join(folder, `cache-${count++}`);
  vi.stubEnv('BODYSCRIPT_CACHE', cache);
  return () => vi.unstubAllEnvs();
});

const landmarks = () => join(cache, 'pose_landmarks_lite.onnx');
const ON_CPU = { threads: 1, provider: 'cpu' } as const;

/** A network equal to the true one, except for some weights: it loads, and gives other numbers. */
async function tampered(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2 / 4) * 4;
  for (let at = middle; at < middle + 4000; at += 4) bytes.writeFloatLE(0.5, at);
  return bytes;
}

async function numbersOf(networks: Networks): Promise<number[]> {
  networks.landmarksInput.fill(0.5);
  return [...(await networks.findLandmarks()).points];
}

describe('a network that changes between its hash and its loading', () => {
  let right: number[];

  beforeEach(async () => {
    await using networks = await Networks.create(await loadNativeModels('lite'), ON_CPU);
    right = await numbersOf(networks);
  });

  test('is not used after a swap of the file: the right one is', async () => {
    const models = await loadNativeModels('lite');
    await writeFile(`${landmarks()}.evil`, await tampered(landmarks()));
    await rename(`${landmarks()}.evil`, landmarks());
    await using networks = await Networks.create(models, ON_CPU);
    expect(await numbersOf(networks)).toEqual(right);
  });

  test('is not used after a write into it that keeps its old time', async () => {
    const models = await loadNativeModels('lite');
    await writeFile(landmarks(), await tampered(landmarks()));
    await utimes(landmarks(), 0, 0);
    await using networks = await Networks.create(models, ON_CPU);
    expect(await numbersOf(networks)).toEqual(right);
  });

  test('does no harm either if it is swapped for another kind of file, or removed', async () => {
    for (const content of ['no network', undefined]) {
      const models = await loadNativeModels('lite');
      await rename(landmarks(), `${landmarks()}.away`);
      if (content !== undefined) await writeFile(landmarks(), content);
      await using networks = await Networks.create(models, ON_CPU);
      expect(await numbersOf(networks)).toEqual(right);
      await rename(`${landmarks()}.away`, landmarks());
    }
  });

  test('would fail this test', async () => {
    await using networks = await Networks.create(
      { ...(await loadNativeModels('lite')), landmarks: await tampered(landmarks()) },
      ON_CPU,
    );
    expect(await numbersOf(networks)).not.toEqual(right);
  });

  test('is read into memory and hashed there if a folder above the cache is open to all', async () => {
    vi.stubEnv('BODYSCRIPT_CACHE', join(cache, 'inner'));
    await loadNativeModels('lite');
    expect((await loadNativeModels('lite')).landmarks).toHaveProperty('path');
    await chmod(cache, 0o777);
    expect((await loadNativeModels('lite')).landmarks).toBeInstanceOf(Uint8Array);
  });

  test('is an error if it is the person finder, which cannot be rebuilt', async () => {
    const path = join(folder, 'person_finder.onnx');
    const bytes = await readFile(PERSON_FINDER_FILE);
    await writeFile(path, bytes);
    const finder = (await personFinderFile(path)) as NetworkOnDisk;
    await writeFile(path, 'another');
    expect(await finder.isUnchanged()).toBe(false);
    await expect(finder.bytes()).rejects.toMatchObject({ code: 'MODEL_HASH' });
    await writeFile(path, bytes);
    expect(Buffer.compare(await finder.bytes(), bytes)).toBe(0);
  });
});

describe.skipIf(process.platform === 'win32')('a cache that every user may write', () => {
  const UNSAFE = { code: 'CACHE_UNSAFE', remedy: expect.stringContaining('chmod -R go-w') };
  const WAVE = join(SAMPLES, 'wave.mp4');

  beforeEach(async () => {
    await mkdir(cache);
    await chmod(cache, 0o777);
  });

  test('is rejected by both engines, even while it is empty', async () => {
    await expect(loadNativeModels('lite')).rejects.toMatchObject(UNSAFE);
    await expect(loadModel('lite')).rejects.toMatchObject(UNSAFE);
  });

  test.each(['native', 'mediapipe', 'auto'])(
    'ends a run with --engine %s: exit code 1, and how to fix it',
    async engine => {
      const out = join(folder, `out-${engine}`);
      const run = await runCli(['analyze', WAVE, '--engine', engine, '-o', out, '--max-frames', '2', '--no-overlay']);
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(`${cache}: is writable by every user of this machine`);
      expect(run.stderr).toContain(`chmod -R go-w '${cache}'`);
      expect(run.stderr).not.toMatch(/^\s+at /m);
    },
  );

  test('is a problem in the output of doctor', async () => {
    const { code, stdout } = await runCli(['doctor', '-o', join(folder, 'out-doctor')]);
    expect(stdout).toMatch(/^problem\s+model cache\s+.*is writable by every user/m);
    expect(stdout).toMatch(/Fix: Run chmod -R go-w/);
    expect(stdout).not.toContain('npm install');
    expect(code).toBe(1);
  });
});
