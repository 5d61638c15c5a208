import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { framesAhead } from '../../src/analyze/needs.js';
import { readCsv } from '../support/csv.js';
import { listFrames } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { type AnyOptions, analyzeOptions } from '../support/options.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WAVE = join(SAMPLES, 'wave.mp4');
const smart = { mode: 'smart', engineName: 'native' } as const;

async function framesOf(table: string): Promise<string[]> {
  return (await readCsv(table)).map(row => `${row.frame_id} ${row.timestamp} ${row.landmark_id}`);
}

describe('look-ahead', () => {
  const runs = [
    ['every third frame of a part', { selection: { every: 3, start: 0.5, maxFrames: 12 } }],
    ['fewer frames than are looked ahead', { selection: { every: 1, maxFrames: 2 } }],
    ['all frames', {}],
  ] as const;
  test.each(firstOf(runs, 2))('%s: every row and picture is there, once, in order, at its time', async (_, more) => {
    const folders = [await temporaryFolder(), await temporaryFolder()] as const;
    const overlay = { to: 'auto', crf: 30, minVisibility: 0.5, labels: false };
    const reported: number[] = [];
    const run = (outDir: string, lookAhead: number) =>
      analyzeVideo(WAVE, analyzeOptions(outDir, { ...smart, ...more, overlay, lookAhead }), {
        onResult: async ({ frameId }) => void reported.push(frameId),
      });
    const [at, ahead] = [await run(folders[0], 0), await run(folders[1], 3)];
    expect([at.lookAhead, ahead.lookAhead]).toEqual([0, 3]);
    expect(ahead.frames.decoded).toBe(at.frames.decoded);
    expect(reported.slice(reported.length / 2)).toEqual(reported.slice(0, reported.length / 2));
    const tables = folders.map(folder => join(folder, 'wave.csv'));
    expect(await framesOf(tables[1]!)).toEqual(await framesOf(tables[0]!));
    const times = await Promise.all(folders.map(folder => listFrames(join(folder, 'wave.overlay.mp4'), 'v:0')));
    expect(times[1]).toEqual(times[0]);
  });

  test('frames analysed before the damage in a video are kept', async () => {
    const folder = await temporaryFolder();
    const bytes = await readFile(WAVE);
    // The middle of the pictures is gone, but not the index.
    const start = Math.floor(bytes.length * 0.5);
    bytes.fill(0, start, Math.floor(bytes.length * 0.9));
    const damaged = join(folder, 'damaged.mp4');
    await writeFile(damaged, bytes);
    const rows = async (lookAhead: number) => {
      const outDir = join(folder, String(lookAhead));
      const options = analyzeOptions(outDir, { ...smart, lookAhead });
      const table = await analyzeVideo(damaged, options).then(
        () => 'damaged.csv',
        () => 'damaged.csv.partial',
      );
      return framesOf(join(outDir, table));
    };
    expect(await rows(3)).toEqual(await rows(0));
  });

  test('fewer frames wait if their pictures are too large, and none in modes that do not judge', () => {
    const ahead = (width: number, height: number, more: Partial<AnyOptions> = {}) =>
      framesAhead({ width, height }, analyzeOptions('', { ...smart, lookAhead: 8, ...more }).analysis);
    expect([ahead(640, 480), ahead(3840, 2160), ahead(7680, 4320)]).toEqual([8, 5, 1]);
    expect(ahead(640, 480, { mode: 'track' })).toBe(0);
  });
});
