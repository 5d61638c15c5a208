import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyzeSample, Engines } from '../bench/accuracy/analyze-sample.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { scoreClip } from '../bench/accuracy/score-clip.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const engines = new Engines();
afterAll(() => engines[Symbol.asyncDispose]());

const way = { engine: 'mediapipe', mode: 'still', model: 'full' } as const;

/** Plain detection on every sixth frame: counts correct poses, swaps and false people, but not time. */
async function score(name: string) {
  const truth = await readTruth(join(SAMPLES, `${name}.truth.json`));
  const people = Math.max(1, truth.people);
  const { frames } = await analyzeSample(engines, join(SAMPLES, `${name}.mp4`), { ...way, people, every: 6 }, folder);
  const kept = truth.times.map((_, i) => i).filter(i => i % 6 === 0);
  const part = { ...truth, times: kept.map(i => truth.times[i]!), frames: kept.map(i => truth.frames[i]!) };
  return scoreClip(part, frames);
}

describe('plain detection', () => {
  test.each(['wave', 'sit', 'portrait', 'variable-rate'])(
    '%s: every pose is right, no left and right swapped',
    async name => {
      const { right, wanted, swaps, falsePersons } = await score(name);
      expect({ right, swaps, falsePersons }).toEqual({ right: wanted, swaps: 0, falsePersons: 0 });
    },
  );
});
