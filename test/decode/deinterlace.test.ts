import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findDeinterlacer, framesToDeinterlace } from '../../src/decode/deinterlace.js';
import type { YuvImage } from '../../src/model/picture.js';
import { listFrames, makeWithFfmpeg, PACKAGED_FFMPEG } from '../support/ffmpeg.js';
import { KINDS, type ReadOptions, readVideo } from '../support/read-video.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FRAMES = 12;
/** Pixels by which the bar moves between two fields, and its start. */
const STEP = 4;
const BEGIN = 10;
const BAR = 24;

/** A white bar of full height that moves to the right: 60 fields per second, two of which make a frame. */
async function interlaced(name: string, output: readonly string[]): Promise<string> {
  const bar = `color=c=white:s=${BAR}x96:r=60:d=${FRAMES / 30}`;
  const moved = `[0][1]overlay=x=${BEGIN}+${STEP}*round(60*t):y=0:shortest=1,tinterlace=interleave_top`;
  const inputs = ['-f', 'lavfi', '-i', `color=c=black:s=192x96:r=60:d=${FRAMES / 30}`, '-f', 'lavfi', '-i', bar];
  return makeWithFfmpeg([...inputs, '-filter_complex', moved, '-c:v', 'libx264', '-qp', '4', ...output], at(name));
}

const FLAGGED = ['-pix_fmt', 'yuv420p', '-flags', '+ilme+ildct', '-x264-params', 'tff=1', '-bf', '0'];

/** The bar's left edge in one row. */
function edge({ data, width }: YuvImage, y: number): number {
  return data.subarray(y * width, (y + 1) * width).findIndex(value => value > 128);
}

/** The bar's left edge in the rows of the first field and in those of the second, in the middle of the picture. */
async function edges(path: string, kind: (typeof KINDS)[number], options: ReadOptions = {}) {
  const found: [number, number][] = [];
  const look = (image: YuvImage) => void found.push([edge(image, 48), edge(image, 49)]);
  return { ...(await readVideo(path, kind, { ...options, look })), edges: found };
}

beforeAll(async () => {
  await interlaced('flagged.mp4', FLAGGED);
  await interlaced('flagged.ts', [...FLAGGED, '-f', 'mpegts']);
  await interlaced('unflagged.mkv', ['-pix_fmt', 'yuv420p']);
});

describe.each(KINDS)('with the ffmpeg of kind "%s"', kind => {
  test.each(['flagged.mp4', 'flagged.ts'])('%s: each frame shows only the moment of its first field', async name => {
    const { video, ids, times, edges: found, warnings } = await edges(at(name), kind);
    expect([video.fieldOrder, video.deinterlaced]).toEqual(['tt', 'flagged']);
    expect(ids).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
    expect(times.map(time => time.toFixed(6))).toEqual((await listFrames(at(name), 'v:0')).map(({ time }) => time));
    for (const [i, [first, second]] of found.entries()) {
      expect(Math.abs(first - (BEGIN + 2 * i * STEP))).toBeLessThanOrEqual(1);
      expect(Math.abs(second - (BEGIN + 2 * i * STEP))).toBeLessThanOrEqual(1);
    }
    expect(warnings).toEqual([]);
  });

  test('off leaves the lines of two moments in a picture', async () => {
    const { video, edges: found } = await edges(at('flagged.mp4'), kind, { probe: { deinterlace: 'off' } });
    expect([video.fieldOrder, video.deinterlaced, found.length]).toEqual(['tt', 'no', FRAMES]);
    for (const [first, second] of found) expect(Math.abs(second - first - STEP)).toBeLessThanOrEqual(1);
  });

  test('unflagged fields are left to --deinterlace on', async () => {
    const auto = await edges(at('unflagged.mkv'), kind);
    expect(auto.video.deinterlaced).toBe('no');
    expect(auto.edges.some(([first, second]) => Math.abs(second - first) >= STEP - 1)).toBe(true);
    const on = await edges(at('unflagged.mkv'), kind, { probe: { deinterlace: 'on' } });
    expect([on.video.deinterlaced, on.times]).toEqual(['all', auto.times]);
    for (const [first, second] of on.edges) expect(Math.abs(second - first)).toBeLessThanOrEqual(1);
  });

  test('a frame is the same whichever others are selected', async () => {
    const hashes = async (selection: ReadOptions['selection']) => {
      const found = new Map<number, string>();
      const look = ({ data }: YuvImage, id: number) => void found.set(id, createHash('md5').update(data).digest('hex'));
      await readVideo(at('flagged.mp4'), kind, { look, ...(selection ? { selection } : {}) });
      return found;
    };
    const all = await hashes(undefined);
    expect(new Set(all.values()).size).toBe(FRAMES);
    for (const selection of [
      { every: 3, start: 0.09 },
      { every: 1, end: 0.19 },
      { every: 1, maxFrames: 5 },
    ]) {
      const some = await hashes(selection);
      expect(some.size).toBeGreaterThanOrEqual(3);
      for (const [id, hash] of some) expect(hash).toBe(all.get(id));
    }
  });

  test('a size that changes midway stops neither the reader nor ffmpeg, and is reported at its frame', async () => {
    const larger = ['-vf', 'scale=384:288:interl=1', '-f', 'mpegts', '-output_ts_offset', '0.4'];
    await makeWithFfmpeg(['-i', at('flagged.ts'), ...larger, '-c:v', 'libx264', ...FLAGGED], at('larger.ts'));
    const parts = await Promise.all(['flagged.ts', 'larger.ts'].map(name => readFile(at(name))));
    await writeFile(at('grows.ts'), Buffer.concat(parts));
    const { ids, size, warnings } = await readVideo(at('grows.ts'), kind);
    expect([ids.length, size]).toEqual([2 * FRAMES, { width: 192, height: 96 }]);
    expect(warnings.join()).toContain(`size changes at frame ${FRAMES}, from 192x96 to 384x288: all`);
  });
});

test('a stream that is not flagged as interlaced is left alone, unless all are to be deinterlaced', () => {
  expect(['tt', 'bb', 'tb', 'bt'].map(order => framesToDeinterlace('auto', order))).toEqual(Array(4).fill('flagged'));
  expect(['progressive', 'unknown', undefined].map(order => framesToDeinterlace('auto', order))).toEqual(
    Array(3).fill('no'),
  );
  expect([framesToDeinterlace('on', undefined), framesToDeinterlace('off', 'tt')]).toEqual(['all', 'no']);
});

test('the better deinterlacer is found, and none in a program that lists none', async () => {
  const binary = { version: '', avcodec: [58, 42] as const, year: 2018, source: 'option' as const };
  expect(await findDeinterlacer({ ...binary, path: PACKAGED_FFMPEG })).toBe('bwdif');
  const list = async (name: string, lines: string) => {
    await writeFile(at(name), `#!/bin/sh\necho '${lines}'\n`, { mode: 0o755 });
    return await findDeinterlacer({ ...binary, path: at(name) });
  };
  expect(await list('lgpl', ' TS. yadif             V->V       Deinterlace the input image.')).toBe('yadif');
  expect(await list('bare', ' ... scale             V->V       Scale the input video size.')).toBeUndefined();
});
