import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AnalyzeContext, analyzeVideo } from '../../src/analyze/analyze-video.js';
import type { AnalyzeOptions } from '../../src/analyze/options.js';
import { BodyscriptError } from '../../src/errors.js';
import { listFrames, probeStreams } from '../support/ffmpeg.js';
import { firstOf, fullTest, IS_FULL } from '../support/full-tests.js';
import { type AnyOptions, analyzeOptions, USUAL_ENGINE, withOptions } from '../support/options.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SAMPLES = new URL('../../samples/', import.meta.url).pathname;
/** The least network: what goes on is the same with each. */
const LITE = { ...USUAL_ENGINE, model: 'lite' };
const overlay = { to: 'auto', crf: 30, minVisibility: 0.5, labels: false };

/** Runs a clip and stops it after a number of frames, several times, then to its end. */
async function runInParts(
  clip: string,
  options: AnalyzeOptions,
  stops: readonly number[],
): Promise<{ resumed: readonly number[] }> {
  const checkpoint = { path: join(options.outputs.outDir, 'checkpoint.bin'), resume: 'any' as const };
  for (const frames of stops) {
    const stop = new AbortController();
    const context: AnalyzeContext = {
      checkpoint,
      signal: stop.signal,
      onProgress: progress => {
        if (progress.frames >= frames) stop.abort(new BodyscriptError('INTERRUPTED', 'enough'));
      },
    };
    await expect(analyzeVideo(join(SAMPLES, clip), options, context)).rejects.toThrow('enough');
  }
  const record = await analyzeVideo(join(SAMPLES, clip), options, { checkpoint });
  expect(await stat(checkpoint.path).catch(() => 'gone')).toBe('gone');
  return { resumed: record.resumedAtFrames };
}

/** After the last of the stops. */
const BEGINNING = { every: 1, maxFrames: 45 } as const;

describe('a run that continues midway', () => {
  const runs: readonly (readonly [name: string, how: string, options: Partial<AnyOptions>])[] = [
    [
      'crossing',
      'two people in smart mode',
      {
        mode: 'smart',
        engine: { ...LITE, people: 2 },
        explain: true,
        quality: true,
        exports: ['trc', 'mot', 'coco', 'parquet'],
      },
    ],
    ['wave', 'in smart mode, looking ahead', { mode: 'smart', lookAhead: 3 }],
    [
      'variable-rate',
      'in track mode, a part of the frames, a part of the time',
      { mode: 'track', selection: { start: 0.4, every: 2, maxFrames: 40 } },
    ],
    ['passer-by', 'one of several people in smart mode', { mode: 'smart' }],
    [
      'crossing',
      'two people in smart mode, looking far ahead',
      { mode: 'smart', lookAhead: 8, explain: true, engine: { ...LITE, people: 2 } },
    ],
    ['with-audio', 'each frame by itself', { mode: 'still' }],
  ];
  test.each(firstOf(runs, 3))(
    '%s, %s: the table is the same, byte for byte, and the overlay has every frame at its time',
    async (name, _, more) => {
      const base = { engineName: 'native', engine: LITE, overlay, selection: BEGINNING, ...more } as const;
      const [calm, parts] = [await temporaryFolder(), await temporaryFolder()];
      const whole = await analyzeVideo(join(SAMPLES, `${name}.mp4`), analyzeOptions(calm, base));
      const { resumed } = await runInParts(
        `${name}.mp4`,
        analyzeOptions(parts, base),
        IS_FULL ? [12, 21, 30, 39] : [12, 30],
      );
      expect(resumed.length).toBeGreaterThan(0);
      expect(await readFile(join(parts, `${name}.csv`), 'utf8')).toBe(
        await readFile(join(calm, `${name}.csv`), 'utf8'),
      );
      for (const file of (await readdir(calm)).filter(other => /\.(trc|mot|json|parquet)$/.test(other))) {
        if (file.endsWith('.run.json')) continue;
        expect([file, await readFile(join(parts, file))]).toEqual([file, await readFile(join(calm, file))]);
      }
      expect((await readdir(parts)).sort()).toEqual((await readdir(calm)).sort());
      const record = JSON.parse(await readFile(join(parts, `${name}.run.json`), 'utf8'));
      expect(record.frames).toEqual(whole.frames);
      expect(record.strategyUse).toEqual(whole.strategyUse);
      expect([record.people, record.budget]).toEqual([whole.people, whole.budget]);
      expect(record.warnings).toEqual(whole.warnings);
      const times = await Promise.all(
        [calm, parts].map(folder => listFrames(join(folder, `${name}.overlay.mp4`), 'v:0')),
      );
      expect(times[1]).toEqual(times[0]);
      expect(times[0]).toHaveLength(whole.frames.decoded);
      const lengths = await Promise.all(
        [calm, parts].map(async folder => (await probeStreams(join(folder, `${name}.overlay.mp4`)))[0]?.duration),
      );
      expect(lengths[1]).toBe(lengths[0]);
    },
  );

  fullTest(
    'any difference starts the run over: another option, a changed table, another checkpoint, a changed video',
    async () => {
      const folder = await temporaryFolder();
      const calm = await temporaryFolder();
      const options = analyzeOptions(folder, {
        engineName: 'native',
        engine: LITE,
        mode: 'track',
        selection: { every: 1, maxFrames: 40 },
      });
      const checkpoint = { path: join(folder, 'checkpoint.bin'), resume: 'any' as const };
      const interrupt = async () => {
        const stop = new AbortController();
        const onProgress = ({ frames }: { frames: number }) =>
          frames >= 30 && stop.abort(new BodyscriptError('INTERRUPTED', 'enough'));
        // Even if a finished run would do.
        const context: AnalyzeContext = { checkpoint, signal: stop.signal, onProgress, analyzeAgain: true };
        await analyzeVideo(join(SAMPLES, 'wave.mp4'), options, context).catch(() => {});
        expect((await stat(checkpoint.path)).size).toBeGreaterThan(1000);
      };
      const resumedAt = async (more: Partial<AnyOptions> = {}) =>
        (await analyzeVideo(join(SAMPLES, 'wave.mp4'), withOptions(options, more), { checkpoint })).resumedAtFrames
          .length;
      await interrupt();
      expect(await resumedAt()).toBe(1);
      await analyzeVideo(join(SAMPLES, 'wave.mp4'), withOptions(options, { outDir: calm }));
      const expected = await readFile(join(calm, 'wave.csv'), 'utf8');
      const changes: [string, () => Promise<unknown>][] = [
        ['a table that is shorter', () => truncate(join(folder, 'wave.csv.partial'), 500)],
        [
          'a table with other rows',
          async () =>
            writeFile(
              join(folder, 'wave.csv.partial'),
              ' '.repeat((await stat(join(folder, 'wave.csv.partial'))).size),
            ),
        ],
        ['a table that is gone', () => rm(join(folder, 'wave.csv.partial'))],
        ['half a checkpoint', () => truncate(checkpoint.path, 700)],
      ];
      for (const [what, change] of changes) {
        await interrupt();
        await change();
        expect([what, await resumedAt()]).toEqual([what, 0]);
        expect(await readFile(join(folder, 'wave.csv'), 'utf8')).toBe(expected);
      }
      await interrupt();
      await appendFile(join(folder, 'wave.csv.partial'), '99,half a ro');
      expect(await resumedAt()).toBe(1);
      expect(await readFile(join(folder, 'wave.csv'), 'utf8')).toBe(expected);
      await interrupt();
      expect(await resumedAt({ minScore: 0.5 })).toBe(0);
    },
  );
});
