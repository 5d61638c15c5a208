import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzeVideo, readLandmarks } from '../../src/index.js';
import { runningChildren } from '../../src/system/child-process.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const WAVE = join(SAMPLES, 'wave.mp4');
const quick = { mode: 'track', engine: 'native', model: 'lite' } as const;

describe('analyzeVideo', () => {
  test('gives each frame in order, and the record at the end', async () => {
    const frames = analyzeVideo(WAVE, { ...quick, maxFrames: 4 });
    const ids: number[] = [];
    for (let next = await frames.next(); ; next = await frames.next()) {
      if (next.done) {
        expect(next.value).toMatchObject({ status: 'done', frames: { decoded: 4 }, outputs: [] });
        break;
      }
      ids.push(next.value.frameId);
    }
    expect(ids).toEqual([0, 1, 2, 3]);
  });

  test('its outputs can be read back, with the same numbers', async () => {
    const csv = join(folder, 'walk.csv');
    const results = [];
    for await (const result of analyzeVideo(WAVE, { ...quick, maxFrames: 3, csv })) results.push(result);
    const read = [];
    for await (const frame of readLandmarks(csv)) read.push(frame);
    expect(read.map(({ frameId }) => frameId)).toEqual([0, 1, 2]);
    expect(read[2]?.people[0]?.landmarks[15]?.x).toBeCloseTo(results[2]?.people[0]?.pose.landmarks[15]?.x ?? 0, 6);
    expect(await readdir(folder)).toEqual(['walk.csv']);
  });

  test('leaving the loop stops the decoder and leaves a partial file', async () => {
    const csv = join(folder, 'left.csv');
    for await (const { frameId } of analyzeVideo(WAVE, { ...quick, csv })) if (frameId === 2) break;
    expect(runningChildren().size).toBe(0);
    expect(existsSync(csv)).toBe(false);
    expect(existsSync(`${csv}.partial`)).toBe(true);
  });

  test('an abort signal stops it with its reason; a slow reader slows it down', async () => {
    const stop = new AbortController();
    let frames = 0;
    const reading = async () => {
      for await (const { frameId } of analyzeVideo(WAVE, { ...quick, signal: stop.signal })) {
        frames = frameId + 1;
        if (frameId === 2) {
          await new Promise(resolve => setTimeout(resolve, 300));
          expect(frames).toBe(3);
          stop.abort(new Error('enough'));
        }
      }
    };
    await expect(reading()).rejects.toThrow('enough');
    expect(runningChildren().size).toBe(0);
  });

  test.each([
    ['nowhere.mp4', {}, 'INPUT_MISSING'],
    [WAVE, { mode: 'best' as 'smart' }, 'USAGE'],
    [WAVE, { start: 2, end: 1 }, 'USAGE'],
  ])('%s with %j: an error of code %s', async (path, options, code) => {
    await expect(analyzeVideo(path, options).next()).rejects.toMatchObject({ code });
  });
});
