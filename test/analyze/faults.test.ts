import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AnalyzeContext, analyzeVideo } from '../../src/analyze/analyze-video.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { BodyscriptError } from '../../src/errors.js';
import { EXPORT_FORMATS } from '../../src/formats/export-formats.js';
import { OUTPUTS } from '../../src/outputs/catalogue.js';
import { PlainAnalyzer } from '../../src/tracking/plain-analyzer.js';
import { FakeEngine, standingPose } from '../support/fake-engine.js';
import { IS_FULL } from '../support/full-tests.js';
import { openDescriptors, runningChildren } from '../support/open-descriptors.js';
import { type AnyOptions, analyzeOptions, USUAL_ENGINE, withOptions } from '../support/options.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The call that fails, counted from 1; 0: none. */
const fault = vi.hoisted(() => ({ open: 0, spawn: 0, opens: 0, spawns: 0, below: '' }));

vi.mock('node:fs/promises', async importOriginal => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const open: typeof original.open = async (path, ...rest) => {
    if (String(path).startsWith(fault.below) && ++fault.opens === fault.open) {
      throw Object.assign(new Error('injected'), { code: 'EIO', path: String(path), syscall: 'open' });
    }
    return original.open(path, ...rest);
  };
  return { ...original, open };
});

vi.mock('node:child_process', async importOriginal => {
  const original = await importOriginal<typeof import('node:child_process')>();
  const spawn = (...args: Parameters<typeof original.spawn>) => {
    if (++fault.spawns === fault.spawn)
      throw Object.assign(new Error('injected'), { code: 'EAGAIN', syscall: 'spawn' });
    return original.spawn(...args);
  };
  return { ...original, spawn };
});

const folder = await temporaryFolder();
const clip = join(SAMPLES, 'small.mp4');
const FRAMES = 2;
/** Each file is the one that fails in `npm run test:full`; in `npm test`, every fifth. */
const STEP = IS_FULL ? 1 : 9;
let runs = 0;

/** Every output that there is. */
const optionsFor = (outDir: string) =>
  analyzeOptions(outDir, {
    selection: { every: 1, maxFrames: FRAMES },
    ndjson: 'auto',
    angles: true,
    explain: true,
    quality: true,
    plots: true,
    contactSheet: true,
    thumbnail: true,
    preview: 1,
    overlay: { to: 'auto', crf: 30, minVisibility: 0.5, labels: false },
    engine: { ...USUAL_ENGINE, people: 2 },
    exports: EXPORT_FORMATS,
  });

/** Finds another person from the second frame on, whose rows begin with those of the frame before. */
function engine(): FakeEngine {
  const fake = new FakeEngine();
  fake.answer = call => (call === 0 ? [standingPose()] : [standingPose(0.2), standingPose(0.8)]);
  return fake;
}

afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(fault, { open: 0, spawn: 0, opens: 0, spawns: 0, below: '' });
});

/** Runs with an injected failure. @returns the run's error, and the existing final names */
async function failing(
  context: AnalyzeContext = {},
  replaced: Partial<AnyOptions> = {},
): Promise<{ error: unknown; published: string[] }> {
  const outDir = join(folder, String(runs++));
  Object.assign(fault, { opens: 0, spawns: 0, below: outDir });
  const before = openDescriptors(folder, clip);
  const error = await analyzeVideo(clip, withOptions(optionsFor(outDir), replaced), {
    engine: engine(),
    ...context,
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(runningChildren()).toEqual([]);
  // A destroyed stream closes a moment later.
  await vi.waitFor(() => expect(openDescriptors(folder, clip)).toEqual(before));
  const names = await readdir(outDir).catch(() => []);
  return { error, published: names.filter(name => !name.endsWith('.partial')) };
}

/** The injected error, alone, among others, or converted to one of the program's. */
function isExpected(error: unknown): boolean {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.every(one => one instanceof BodyscriptError || (one as Error).message.includes('injected'));
}

describe.skipIf(process.platform !== 'linux')('a run in which an opening fails leaves no resource open', () => {
  const injected = () => new RangeError('injected');

  test('like a run without failures', async () => {
    const { error, published } = await failing();
    expect(error).toBeUndefined();
    expect(published.length).toBeGreaterThan(OUTPUTS.length);
  });

  test.each(OUTPUTS.map(kind => ({ kind, name: kind.name })))('if it is the output $name', async ({ kind }) => {
    vi.spyOn(kind, 'open').mockRejectedValue(injected());
    expect(await failing()).toEqual({ error: injected(), published: [] });
  });

  test.each<[string, () => void]>([
    ['the frame reader', () => vi.spyOn(FrameReader, 'open').mockRejectedValue(injected())],
    [
      'the analyzer',
      () =>
        vi.spyOn(PlainAnalyzer.prototype, 'notes').mockImplementation(() => {
          throw injected();
        }),
    ],
  ])('where it is %s', async (_, inject) => {
    inject();
    expect(await failing()).toEqual({ error: injected(), published: [] });
  });

  test('if it is the engine', async () => {
    expect(await failing({ engine: () => Promise.reject(injected()) })).toEqual({ error: injected(), published: [] });
  });

  test('if it is any file below the output folder, one after another', async () => {
    // The slow ones open their files like the others; their programs fail below.
    const quicker = { overlay: undefined, preview: undefined, plots: false };
    const failed: number[] = [];
    for (let call = 1; call === 1 || fault.opens >= call - STEP; call += STEP) {
      fault.open = call;
      const { error } = await failing({}, quicker);
      if (error !== undefined) {
        expect([call, error, isExpected(error)]).toEqual([call, error, true]);
        failed.push(call);
      }
    }
    // At least the growing files, the exports' own, and the published ones.
    expect(failed.length).toBeGreaterThan((2 * OUTPUTS.length) / STEP);
  }, 300_000);

  test('if it is any child program, one after another', async () => {
    const failed: number[] = [];
    for (let call = 1; call === 1 || fault.spawns >= call - 1; call++) {
      fault.spawn = call;
      const { error, published } = await failing();
      if (error === undefined) continue;
      expect([call, error, isExpected(error)]).toEqual([call, error, true]);
      expect(published).toEqual([]);
      failed.push(call);
    }
    expect(failed.length).toBeGreaterThan(3);
  }, 300_000);
});
