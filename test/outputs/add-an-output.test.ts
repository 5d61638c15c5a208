import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { BodyscriptError } from '../../src/errors.js';
import { FakeEngine } from '../support/fake-engine.js';
import { analyzeOptions } from '../support/options.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

vi.mock('../../src/outputs/catalogue.js', async importOriginal => {
  const { OUTPUTS } = await importOriginal<typeof import('../../src/outputs/catalogue.js')>();
  const { COUNTS } = await import('../support/demo-output.js');
  return { OUTPUTS: [...OUTPUTS, COUNTS] }; // The one line.
});

const folder = await temporaryFolder();
const clip = join(SAMPLES, 'small.mp4');
const FRAMES = 12;

const optionsFor = (name: string) =>
  analyzeOptions(join(folder, name), { selection: { every: 1, maxFrames: FRAMES }, quality: true });

/** Stops a run after a number of frames, on a machine of any speed. */
function stoppedAfter(frames: number) {
  const stop = new AbortController();
  const onProgress = (progress: { frames: number }) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    if (progress.frames >= frames) stop.abort(new BodyscriptError('INTERRUPTED', 'enough'));
  };
  return { signal: stop.signal, onProgress };
}

describe('an output that was added with one file and one line', () => {
  test('is written, published under its name, and named and timed in the run record', async () => {
    const record = await analyzeVideo(clip, optionsFor('whole'), { engine: new FakeEngine() });
    const path = join(folder, 'whole', 'small.counts.txt');
    expect(record.outputs).toEqual([
      join(folder, 'whole', 'small.csv'),
      path,
      join(folder, 'whole', 'small.quality.json'),
      join(folder, 'whole', 'small.run.json'),
    ]);
    expect(record.seconds.byStage).toHaveProperty('counts');
    expect(await readFile(path, 'utf8')).toBe(Array.from({ length: FRAMES }, (_, i) => `${i} 1\n`).join(''));
  });

  test("is claimed: another program's file with its name is not replaced, and no file is written", async () => {
    const options = optionsFor('taken');
    await mkdir(options.outputs.outDir);
    const path = join(folder, 'taken', 'small.counts.txt');
    await writeFile(path, 'mine\n');
    const run = analyzeVideo(clip, options, { engine: new FakeEngine() });
    await expect(run).rejects.toMatchObject({ code: 'OUTPUT_TAKEN', message: expect.stringContaining(path) });
    expect(await readFile(path, 'utf8')).toBe('mine\n');
    expect(await readdir(join(folder, 'taken'))).toEqual(['small.counts.txt']);
  });

  test('stays as *.partial if the run fails, and the caller is informed', async () => {
    const kept: string[] = [];
    const context = { engine: new FakeEngine(), onKept: (paths: readonly string[]) => kept.push(...paths) };
    const failed = join(folder, 'failed');
    await expect(analyzeVideo(clip, optionsFor('failed'), { ...context, ...stoppedAfter(4) })).rejects.toThrow(
      'enough',
    );
    expect(kept).toContain(join(failed, 'small.counts.txt.partial'));
    expect((await readdir(failed)).sort()).toEqual([
      'small.counts.txt.partial',
      'small.csv.partial',
      'small.run.json.partial',
    ]);
  });

  test('is continued after a stop, to the same bytes', async () => {
    const checkpoint = { path: join(folder, 'checkpoint.bin'), resume: 'any' as const };
    const run = (more: object) =>
      analyzeVideo(clip, optionsFor('parts'), { engine: new FakeEngine(), checkpoint, ...more });
    await expect(run(stoppedAfter(8))).rejects.toThrow('enough');
    const record = await run({});
    expect(record.resumedAtFrames).toHaveLength(1);
    for (const name of ['small.counts.txt', 'small.csv', 'small.quality.json']) {
      expect(await readFile(join(folder, 'parts', name), 'utf8')).toBe(
        await readFile(join(folder, 'whole', name), 'utf8'),
      );
    }
  });
});
