import { getEventListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { InterruptedError } from '../../src/errors.js';
import { runningChildren } from '../../src/system/child-process.js';
import { isOfMachine } from '../../src/system/ffmpeg-binaries.js';
import { clipNamed, makeClip } from '../support/clips.js';
import { framesOf, readCsv } from '../support/csv.js';
import { FakeEngine, standingPose } from '../support/fake-engine.js';
import { IS_FULL } from '../support/full-tests.js';
import { analyzeOptions, USUAL_ENGINE } from '../support/options.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: false };
let clip = '';
let count = 0;
const freshOut = () => join(folder, `out-${count++}`);

beforeAll(async () => {
  clip = await makeClip(folder, clipNamed('with sound'));
});

/** Descriptors of this process, if the system lists them. */
const openDescriptors = async () => (existsSync('/proc/self/fd') ? (await readdir('/proc/self/fd')).length : 0);

describe('one video', () => {
  test('leaves table, overlay and record under their final names, and nothing else', async () => {
    const out = freshOut();
    const record = await analyzeVideo(clip, analyzeOptions(out, { overlay: OVERLAY }), { engine: new FakeEngine() });
    expect((await readdir(out)).sort()).toEqual(['sound.csv', 'sound.overlay.mp4', 'sound.run.json']);
    expect(record).toEqual(JSON.parse(await readFile(join(out, 'sound.run.json'), 'utf8')));
    expect(record).toMatchObject({ status: 'done', exitCode: 0, strategyUse: { original: 15 } });
    expect(record.warnings.filter(warning => !isOfMachine(warning))).toEqual([]);
    expect(record.input.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(record.peakMemory.rssByProcess)).toContain('node');
    expect(Object.keys(record.seconds.byStage).sort()).toEqual(['csv', 'decode', 'draw', 'encode', 'inference']);
  });

  test('frames without people are missing, with their rows; the counts add up', async () => {
    const engine = new FakeEngine();
    engine.answer = call => (call % 3 === 0 ? [] : [standingPose()]);
    const record = await analyzeVideo(clip, analyzeOptions(freshOut()), { engine });
    expect(record.frames).toEqual({ decoded: 15, detected: 5, tracked: 5, missing: 5, filled: 0, passedOver: 0 });
    const rows = await readCsv(record.outputs[0]!);
    expect(framesOf(rows).every(frame => frame.rows === 33)).toBe(true);
    expect(rows.filter(row => row.status === 'missing' && row.x === '' && row.person_id === '')).toHaveLength(5 * 33);
  });

  test('several people have 33 rows each, in the order of their ids', async () => {
    const engine = new FakeEngine();
    engine.answer = call =>
      call % 2 === 0 ? [standingPose(0.2), standingPose(0.8)] : [standingPose(0.8), standingPose(0.2)];
    const options = analyzeOptions(freshOut(), { engine: { ...USUAL_ENGINE, people: 2 } });
    const record = await analyzeVideo(clip, options, { engine });
    const rows = await readCsv(record.outputs[0]!);
    expect(framesOf(rows).every(frame => frame.rows === 66)).toBe(true);
    const noses = rows.filter(row => row.landmark_id === '0');
    expect(noses.every(row => (row.person_id === '0') === Number(row.x) < 0.5)).toBe(true);
  });

  test('the engine gets the times of the file, and is reset between two videos', async () => {
    const engine = new FakeEngine();
    await analyzeVideo(clip, analyzeOptions(freshOut()), { engine });
    await analyzeVideo(clip, analyzeOptions(freshOut()), { engine });
    expect(engine.resets).toBe(2);
    expect(engine.timestamps.slice(0, 3).map(time => time.toFixed(4))).toEqual(['0.0000', '0.0333', '0.0667']);
  });

  test('a second run of the same video replaces its results; the bytes are the same', async () => {
    const out = freshOut();
    const run = () => analyzeVideo(clip, analyzeOptions(out, { overlay: OVERLAY }), { engine: new FakeEngine() });
    await run();
    const read = async () => [await readFile(join(out, 'sound.csv')), await readFile(join(out, 'sound.overlay.mp4'))];
    const first = await read();
    await run();
    expect(await read()).toEqual(first);
  });

  test('skipped frames are counted separately', async () => {
    const record = await analyzeVideo(clip, analyzeOptions(freshOut(), { selection: { every: 4 } }), {
      engine: new FakeEngine(),
    });
    expect(record.frames).toMatchObject({ decoded: 4, passedOver: 11 });
  });

  test('the video itself is never an output', async () => {
    const { copyFile } = await import('node:fs/promises');
    const trap = join(folder, 'x.overlay.mp4');
    await copyFile(clip, trap);
    await copyFile(clip, join(folder, 'x.mp4'));
    const run = analyzeVideo(join(folder, 'x.mp4'), analyzeOptions(folder, { overlay: OVERLAY }), {
      engine: new FakeEngine(),
    });
    await expect(run).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
  });
});

describe('a run that stops early', () => {
  test('an aborted run leaves no ffmpeg process, no descriptor and no listener, and its files as *.partial', async () => {
    const before = await openDescriptors();
    const controller = new AbortController();
    const engine = new FakeEngine();
    engine.answer = call => {
      if (call === 4) controller.abort(new InterruptedError('SIGINT'));
      return [standingPose()];
    };
    const out = freshOut();
    let kept: readonly string[] = [];
    const run = analyzeVideo(clip, analyzeOptions(out, { overlay: OVERLAY }), {
      engine,
      signal: controller.signal,
      onKept: paths => {
        kept = paths;
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    expect(runningChildren().size).toBe(0);
    // The event loop closes the file being hashed, a moment later.
    await expect.poll(openDescriptors, { timeout: 2000 }).toBeLessThanOrEqual(before);
    expect((await readdir(out)).sort()).toEqual([
      'sound.csv.partial',
      'sound.overlay.mp4.partial',
      'sound.run.json.partial',
    ]);
    expect(kept).toHaveLength(3);
    expect((await readFile(join(out, 'sound.csv.partial'), 'utf8')).trimEnd().split('\n')).toHaveLength(1 + 4 * 33);
  });

  test.each([
    ['stopped', new InterruptedError('SIGTERM'), []],
    ['failed', new Error('the network burst'), ['sound.run.json.partial']],
  ])('a run that %s before its first frame leaves no empty files', async (_, error, left) => {
    const controller = new AbortController();
    const engine = new FakeEngine();
    engine.answer = () => {
      controller.abort(error);
      throw error;
    };
    const out = freshOut();
    const kept: string[] = [];
    const run = analyzeVideo(clip, analyzeOptions(out, { overlay: OVERLAY }), {
      engine,
      signal: controller.signal,
      onKept: paths => void kept.push(...paths),
    });
    await expect(run).rejects.toThrow(error.message);
    expect(await readdir(out)).toEqual(left);
    expect(kept).toEqual(left.map(name => join(out, name)));
  });

  test('a run that is stopped before it opens its files leaves those of an earlier one alone', async () => {
    const out = freshOut();
    const stop = async (lend: (abort: () => never) => FakeEngine): Promise<string[]> => {
      const controller = new AbortController();
      const kept: string[] = [];
      const abort = () => {
        controller.abort(new InterruptedError('SIGTERM'));
        throw controller.signal.reason;
      };
      const run = analyzeVideo(clip, analyzeOptions(out, { overlay: OVERLAY }), {
        engine: async () => lend(abort),
        signal: controller.signal,
        onKept: paths => void kept.push(...paths),
      });
      await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
      return kept;
    };
    const first = await stop(abort => {
      const engine = new FakeEngine();
      engine.answer = call => (call === 4 ? abort() : [standingPose()]);
      return engine;
    });
    const table = await readFile(join(out, 'sound.csv.partial'), 'utf8');
    expect(await stop(abort => abort())).toEqual(first);
    expect(await readFile(join(out, 'sound.csv.partial'), 'utf8')).toBe(table);
  });

  test('an engine that fails stops the run with its error', async () => {
    const engine = new FakeEngine();
    engine.answer = call => {
      if (call === 3) throw new Error('the network burst');
      return [];
    };
    await expect(analyzeVideo(clip, analyzeOptions(freshOut(), { overlay: OVERLAY }), { engine })).rejects.toThrow(
      'the network burst',
    );
    expect(runningChildren().size).toBe(0);
  });

  test('a run that outgrows --max-memory stops with exit code 5 and two remedies', async () => {
    const engine = new FakeEngine();
    engine.delayMs = 150; // Longer, memory is not sampled: between two samples it grows by 8 % at most.
    const hoard: Buffer[] = [];
    engine.answer = () => {
      hoard.push(Buffer.alloc(30 * 2 ** 20, 1));
      return [standingPose()];
    };
    const warnings: string[] = [];
    const rss = process.memoryUsage().rss;
    const options = analyzeOptions(freshOut(), { maxMemory: rss + 250 * 2 ** 20, maxSize: 32 });
    const run = analyzeVideo(clip, options, { engine, onWarning: message => warnings.push(message) });
    await expect(run).rejects.toMatchObject({
      code: 'NOT_ENOUGH_MEMORY',
      exitCode: 5,
      message: expect.stringMatching(/stopped at \d+ MB of memory, 9\d % of the limit of \d+ MB \(--max-memory\)/),
      remedy: expect.stringMatching(/--max-size.*--model lite/),
    });
    expect(warnings.join()).toMatch(/memory use is \d+ MB of \d+ MB/);
    expect(hoard.length).toBeLessThan(15);
  });

  test('a signal aborted beforehand stops the run before it starts', async () => {
    const out = freshOut();
    const signal = AbortSignal.abort(new InterruptedError('SIGTERM'));
    await expect(analyzeVideo(clip, analyzeOptions(out), { engine: new FakeEngine(), signal })).rejects.toMatchObject({
      exitCode: 143,
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe('many videos in sequence', () => {
  test('many leave no child, descriptor or listener', async () => {
    const engine = new FakeEngine();
    const controller = new AbortController();
    const run = () =>
      analyzeVideo(clip, analyzeOptions(freshOut(), { overlay: OVERLAY }), { engine, signal: controller.signal });
    await run();
    const descriptors = await openDescriptors();
    const listeners = process.eventNames().map(name => process.listenerCount(name));
    for (let i = 0; i < (IS_FULL ? 30 : 6); i++) await run();
    expect(runningChildren().size).toBe(0);
    expect(await openDescriptors()).toBeLessThanOrEqual(descriptors);
    expect(process.eventNames().map(name => process.listenerCount(name))).toEqual(listeners);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
