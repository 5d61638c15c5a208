import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadModel } from '../../../src/engine/models/model-store.js';
import { machineKey, mappedFolder } from '../../../src/engine/native/mapped/mapped-files.js';
import { prepareMapped } from '../../../src/engine/native/mapped/prepare-mapped.js';
import { NativeEngine } from '../../../src/engine/native/native-engine.js';
import { loadNativeModels } from '../../../src/engine/native/native-models.js';
import { Networks } from '../../../src/engine/native/networks.js';
import { loadOnnxruntime } from '../../../src/engine/native/onnxruntime.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../../src/engine/pose-engine.js';
import type { RunRecord } from '../../../src/model/run-record.js';
import { runProgram } from '../../../src/system/run-program.js';
import { firstOf, fullTest } from '../../support/full-tests.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { CAN_OBEY_PERMISSIONS, runCli } from '../../support/run-cli.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

vi.mock('../../../src/system/run-program.js', { spy: true });

const folder = await temporaryFolder();
const key = await machineKey((await loadOnnxruntime()).env.versions.node ?? 'unknown');
const ON_CPU = { threads: 1, provider: 'cpu' } as const;
const NAMES = ['detector', 'lite'] as const;
const WAVE = join(SAMPLES, 'wave.mp4');
const prepared = join(folder, 'prepared');
let cache = '';
let count = 0;

/** A network's output for a grey picture. */
async function numbersOf(networks: Networks): Promise<number[]> {
  networks.landmarksInput.fill(0.5);
  return [...(await networks.findLandmarks()).points];
}

const mapped = () => loadNativeModels('lite', { machine: { key }, helpers: false });
const file = (name: string) => join(mappedFolder(key, 'lite'), name);
const timesMade = () => vi.mocked(runProgram).mock.calls.length;

let right: number[];

beforeAll(async () => {
  vi.stubEnv('BODYSCRIPT_CACHE', prepared);
  expect(await prepareMapped(key, NAMES)).toMatchObject({ networks: expect.any(Map) });
  vi.stubEnv('BODYSCRIPT_CACHE', join(folder, 'portable'));
  await using networks = await Networks.create(await loadNativeModels('lite'), ON_CPU);
  right = await numbersOf(networks);
  vi.unstubAllEnvs();
});

beforeEach(() => {
  cache = join(folder, `cache-${count++}`);
  vi.stubEnv('BODYSCRIPT_CACHE', cache);
  vi.mocked(runProgram).mockClear();
  return () => vi.unstubAllEnvs();
});

describe('mapped networks', () => {
  test('are made once, by a separate process, and reused', async () => {
    const first = await prepareMapped(key, NAMES);
    expect([...(first.networks?.keys() ?? [])]).toEqual(NAMES);
    expect(timesMade()).toBe(1);
    const made = await stat(file('manifest.json'));
    const second = await prepareMapped(key, NAMES);
    expect([...(second.networks?.keys() ?? [])]).toEqual(NAMES);
    expect(timesMade()).toBe(1);
    expect((await stat(file('manifest.json'))).ino).toBe(made.ino);
    expect((await readdir(join(mappedFolder(key, 'lite'), '..'))).sort()).toEqual([...NAMES]);
    expect((await readdir(mappedFolder(key, 'lite'))).sort()).toEqual(['graph.onnx', 'graph.weights', 'manifest.json']);
  });

  test('give the same numbers as portable ones, to the bit: detector, landmarks, refining network and the person finder', async () => {
    const said = async (models: Awaited<ReturnType<typeof mapped>>) => {
      await using networks = await Networks.create(models, ON_CPU);
      networks.detectorInput.forEach((_, i, input) => {
        input[i] = Math.sin(i);
      });
      networks.landmarksInput.forEach((_, i, input) => {
        input[i] = Math.sin(i) ** 2;
      });
      const finder = await networks.finderInput();
      finder.forEach((_, i) => {
        finder[i] = Math.sin(i);
      });
      const { boxes, scores } = await networks.detect();
      const usual = (await networks.findLandmarks()).points.slice();
      await networks.prepareRefiner();
      const { points, world, heatmap } = await networks.findLandmarks(true);
      const found = await networks.findPeople();
      return [boxes, scores, usual, points, world, heatmap, ...found.scores, ...found.distances].map(values => [
        ...values,
      ]);
    };
    const models = await loadNativeModels('auto', { machine: { key }, helpers: true });
    expect(models.place).toEqual({ weights: 'mapped' });
    expect(models.landmarks).toMatchObject({ isMapped: true });
    expect(timesMade()).toBe(1);
    expect(await said(models)).toEqual(await said(await loadNativeModels('auto')));
  });

  test('are made by two simultaneous processes, and both use them', async () => {
    const both = await Promise.all([prepareMapped(key, NAMES), prepareMapped(key, NAMES)]);
    for (const { networks, failure } of both) expect([networks?.size, failure]).toEqual([2, undefined]);
    expect((await readdir(join(mappedFolder(key, 'lite'), '..'))).sort()).toEqual([...NAMES]);
  });

  const other = `${'0'.repeat(63)}1`;
  const edit = (name: string, change: (bytes: Buffer) => Buffer) => async () =>
    writeFile(file(name), change(await readFile(file(name))));
  const flip = (bytes: Buffer) => {
    bytes[bytes.length >> 1]! ^= 1;
    return bytes;
  };
  const tell = (field: string, value: unknown) =>
    edit('manifest.json', bytes => Buffer.from(JSON.stringify({ ...JSON.parse(`${bytes}`), [field]: value })));

  const damages: readonly (readonly [what: string, damage: () => Promise<unknown>])[] = [
    ['a changed graph', edit('graph.onnx', flip)],
    ['changed weights', edit('graph.weights', flip)],
    ['weights that are cut off', edit('graph.weights', bytes => bytes.subarray(0, bytes.length >> 1))],
    ['no weights', () => rm(file('graph.weights'))],
    ['no manifest, as of one that is half made', () => rm(file('manifest.json'))],
    ['a manifest of another network', tell('source', other)],
    ['a manifest with a hash of nothing', tell('graph', 7)],
    ['a manifest that is no JSON', edit('manifest.json', () => Buffer.from('{'))],
    ['a manifest that is null', edit('manifest.json', () => Buffer.from('null'))],
    ['an empty manifest', edit('manifest.json', () => Buffer.alloc(0))],
    ['a manifest of 1 MB', edit('manifest.json', () => Buffer.alloc(2 ** 20, ' '))],
    ['an empty folder', async () => [await rm(file(''), { recursive: true }), await mkdir(file(''))]],
    [
      'what fits another machine',
      () => rename(join(mappedFolder(key, 'lite'), '..'), join(mappedFolder('0123456789abcdef', 'lite'), '..')),
    ],
  ];
  test.each(firstOf(damages, 5))('are rebuilt if the cache has %s', async (_, damage) => {
    await cp(prepared, cache, { recursive: true, mode: 0 });
    await damage();
    const models = await mapped();
    expect(timesMade()).toBe(1);
    expect(models.place).toEqual({ weights: 'mapped' });
    await using networks = await Networks.create(models, ON_CPU);
    expect(await numbersOf(networks)).toEqual(right);
    await mapped();
    expect(timesMade()).toBe(1);
  });

  test('are rejected if a file replaces their folder, and the remedy is to remove the cache', async () => {
    await mkdir(join(mappedFolder(key, 'lite'), '..'), { recursive: true, mode: 0o700 });
    await writeFile(mappedFolder(key, 'lite'), 'x');
    await chmod(mappedFolder(key, 'lite'), 0o600);
    await expect(mapped()).rejects.toMatchObject({
      code: 'CACHE_UNSAFE',
      message: expect.stringContaining('is not a folder'),
      remedy: expect.stringContaining('Remove the cache'),
    });
  });

  test('leftovers of a killed maker are removed after an hour, and not before', async () => {
    const at = join(mappedFolder(key, 'lite'), '..');
    for (const name of ['old', 'new']) await mkdir(join(at, `heavy.${name}.tmp`), { recursive: true });
    await writeFile(join(at, 'heavy.old.tmp', 'graph.onnx'), 'x');
    await utimes(join(at, 'heavy.old.tmp'), Date.now() / 1000 - 4000, Date.now() / 1000 - 4000);
    await prepareMapped(key, ['lite']);
    expect((await readdir(at)).sort()).toEqual(['heavy.new.tmp', 'lite']);
  });

  /** Equal to the true one, except for some weights. */
  const tampered = async () => {
    const bytes = await readFile(file('graph.weights'));
    const middle = (bytes.length >> 1) & ~4095;
    for (let at = middle; at < middle + 40_000; at += 4) bytes.writeFloatLE(0.5, at);
    return bytes;
  };

  test.each<[string, () => Promise<unknown>]>([
    [
      'a swap of the weights',
      async () => {
        await writeFile(file('evil'), await tampered());
        await rename(file('evil'), file('graph.weights'));
      },
    ],
    [
      'a write into the weights, their old time set again',
      async () => {
        await writeFile(file('graph.weights'), await tampered());
        await utimes(file('graph.weights'), 0, 0);
      },
    ],
    [
      'a swap of the graph',
      async () => {
        await cp(join(mappedFolder(key, 'detector'), 'graph.onnx'), file('evil'));
        await rename(file('evil'), file('graph.onnx'));
      },
    ],
    ['the removal of all', () => rm(file(''), { recursive: true })],
  ])('changed between hash and loading by %s are not used: the right ones are', async (_, change) => {
    await cp(prepared, cache, { recursive: true });
    const models = await mapped();
    await change();
    await using networks = await Networks.create(models, ON_CPU);
    expect(await numbersOf(networks)).toEqual(right);
  });

  test('would fail this test if they were tampered with', async () => {
    await cp(prepared, cache, { recursive: true });
    const models = await mapped();
    await writeFile(file('graph.weights'), await tampered());
    const { landmarks } = models;
    if (landmarks instanceof Uint8Array) throw new TypeError('not on disk');
    const trusting = { ...models, landmarks: { ...landmarks, isUnchanged: async () => true } };
    await using networks = await Networks.create(trusting, ON_CPU);
    expect(await numbersOf(networks)).not.toEqual(right);
  });
});

describe('weights are copied, and the record and doctor say why', () => {
  test('if other users could replace the cache: nothing is made in vain', async () => {
    vi.stubEnv('BODYSCRIPT_CACHE', join(cache, 'inner'));
    await mkdir(join(cache, 'inner'), { recursive: true });
    await chmod(cache, 0o777);
    const models = await mapped();
    expect(models.place).toEqual({
      weights: 'copied',
      reason: 'other users can change the folder of the cache',
    });
    expect(timesMade()).toBe(0);
    await using networks = await Networks.create(models, ON_CPU);
    expect(await numbersOf(networks)).toEqual(right);
  });

  test.skipIf(!CAN_OBEY_PERMISSIONS)('if the cache cannot be written', async () => {
    await mkdir(cache, { mode: 0o500 });
    const out = join(folder, 'out-unwritable');
    const args = [
      'analyze',
      WAVE,
      '--engine',
      'native',
      '--model',
      'lite',
      '-o',
      out,
      '--max-frames',
      '2',
      '--no-overlay',
    ];
    const run = await runCli(args, { obeyPermissions: true });
    expect(run).toMatchObject({ code: 0 });
    const { engine } = JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8')) as RunRecord;
    expect(engine).toMatchObject({
      weights: 'copied',
      weightsCopiedBecause: expect.stringMatching(/EACCES|permission/i),
    });
    await chmod(cache, 0o700);
  });

  test('on another provider', async () => {
    await using engine = await NativeEngine.create({ ...DEFAULT_ENGINE_OPTIONS, model: 'lite', provider: 'auto' });
    expect(engine.info).toMatchObject({ weights: 'copied', reason: expect.stringContaining('--provider auto') });
  });

  test('of a .task file', async () => {
    const path = join(folder, 'own.task');
    await writeFile(path, (await loadModel('lite')).bytes);
    await using engine = await NativeEngine.create({ ...DEFAULT_ENGINE_OPTIONS, model: path });
    expect(engine.info).toMatchObject({ weights: 'copied', reason: expect.stringContaining('.task file') });
  });

  fullTest('and are mapped otherwise, as both say', async () => {
    await cp(prepared, cache, { recursive: true });
    const out = join(folder, 'out-mapped');
    const args = ['analyze', WAVE, '--engine', 'native', '--model', 'lite', '--mode', 'track', '-o', out];
    expect(await runCli([...args, '--max-frames', '2', '--no-overlay'])).toMatchObject({ code: 0 });
    const { engine } = JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8')) as RunRecord;
    expect(engine).toMatchObject({ weights: 'mapped', weightsCopiedBecause: null });
    const { stdout } = await runCli(['doctor', '-o', join(folder, 'out-doctor')]);
    expect(stdout).toMatch(/native engine\s.*weights mapped\)/);
  });
});
