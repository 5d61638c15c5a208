import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { TIME_CLIPS } from '../support/awkward/clock-clips.js';
import { CONTAINER_CLIPS } from '../support/awkward/container-clips.js';
import { ORDER_CLIPS } from '../support/awkward/order-clips.js';
import { PICTURE_CLIPS } from '../support/awkward/picture-clips.js';
import { canMake, makeAwkward } from '../support/awkward/recipe.js';
import { expectPlayed, expectTimes } from '../support/awkward/truth.js';
import { framesOf, readCsv } from '../support/csv.js';
import { FakeEngine } from '../support/fake-engine.js';
import { FFMPEG_KINDS, listFrames, probeStreams } from '../support/ffmpeg.js';
import { inTurn } from '../support/full-tests.js';
import { analyzeOptions } from '../support/options.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: false };
const ALL = [...ORDER_CLIPS, ...TIME_CLIPS, ...CONTAINER_CLIPS, ...PICTURE_CLIPS].filter(canMake);
const KINDS = FFMPEG_KINDS.filter(({ available }) => available);

/** Each stream with one kind of ffmpeg in turn; with all of them if time allows. */
const clipsOf = (turn: number) => inTurn(ALL, turn, KINDS.length);

describe.each(KINDS)('with the ffmpeg of kind "$kind"', ({ kind, environment }) => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  const clips = clipsOf(KINDS.findIndex(other => other.kind === kind));

  test.concurrent.each(clips)(
    '$name: as many frames as ffprobe lists, at its times, in table and overlay',
    async clip => {
      const path = await makeAwkward(join(folder, kind), clip);
      const options = analyzeOptions(join(folder, kind, 'out', clip.file), { overlay: OVERLAY });
      const run = analyzeVideo(path, options, { engine: new FakeEngine() });
      if (clip.notBy === kind) return expect(run).rejects.toThrow(/no frame could be decoded/);
      const { outputs, frames, input, warnings } = await run;
      const [csv = '', overlay = ''] = outputs;
      const times = framesOf(await readCsv(csv)).map(frame => Number(frame.timestamp));
      expectTimes(times, await listFrames(path, clip.stream ?? 'v:0'), clip.unclockedRate);
      expect(frames).toMatchObject({ decoded: times.length, missing: 0 });
      expect(warnings.filter(warning => /changes at frame/.test(warning))).toEqual([]);
      const [film] = await probeStreams(overlay);
      expect(Number(film?.nb_frames)).toBe(times.length);
      const { averageRate } = input.video;
      expectPlayed(Number(film?.duration), times, averageRate ? averageRate.den / averageRate.num : 0);
      return undefined;
    },
  );
});
