import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyzeSample, Engines } from '../bench/accuracy/analyze-sample.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { scoreClip } from '../bench/accuracy/score-clip.js';
import { firstOf } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const engines = new Engines();
afterAll(() => engines[Symbol.asyncDispose]());

const FRAMES = 24;

/** The first frames of a sample in a mode of the native engine, with both networks available. */
async function score(name: string, mode: 'smart' | 'track') {
  const truth = await readTruth(join(SAMPLES, `${name}.truth.json`));
  const way = { engine: 'native', model: 'auto', mode, people: 1, maxFrames: FRAMES } as const;
  const { frames } = await analyzeSample(engines, join(SAMPLES, `${name}.mp4`), way, folder);
  return scoreClip({ ...truth, times: truth.times.slice(0, FRAMES), frames: truth.frames.slice(0, FRAMES) }, frames);
}

describe('the smart mode against tracking alone', () => {
  const clips: [name: string, least: number][] = [
    ['very-dark', 24],
    ['small', 22],
    ['fog', 24],
    ['backlight', 24],
    ['dark', 24],
  ];
  test.each(firstOf(clips, 2))('%s: right where tracking is not', async (name, least) => {
    const [smart, track] = [await score(name, 'smart'), await score(name, 'track')];
    expect(smart.right).toBeGreaterThanOrEqual(least);
    expect(smart.right).toBeGreaterThan(track.right);
    // Reported poses are right.
    expect(smart.posed + smart.falsePersons).toBe(smart.right);
  });

  test('an easy clip is at least as close to the truth as with tracking', async () => {
    const [smart, track] = [await score('squat', 'smart'), await score('squat', 'track')];
    expect(smart.right).toBe(FRAMES);
    expect(smart.meanError).toBeLessThanOrEqual(track.meanError);
  });

  test('no person is reported in an empty room, coat stand or not', async () => {
    expect((await score('empty-room', 'smart')).falsePersons).toBe(0);
  });
});
