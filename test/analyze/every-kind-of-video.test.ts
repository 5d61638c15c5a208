import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { expectPlayed } from '../support/awkward/truth.js';
import { CLIPS, makeClip } from '../support/clips.js';
import { framesOf, readCsv } from '../support/csv.js';
import { FakeEngine } from '../support/fake-engine.js';
import { FFMPEG_KINDS, listFrames, probeStreams } from '../support/ffmpeg.js';
import { inTurn } from '../support/full-tests.js';
import { analyzeOptions } from '../support/options.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: false };
const KINDS = FFMPEG_KINDS.filter(({ available }) => available);
const paths = new Map<string, string>();

beforeAll(async () => {
  for (const clip of CLIPS) paths.set(clip.name, await makeClip(folder, clip));
});

describe.each(KINDS)('with the ffmpeg of kind "$kind"', ({ kind, source, environment }) => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  // Each video with one kind of ffmpeg in turn; with all of them if time allows.
  const turn = KINDS.findIndex(other => other.kind === kind);
  test.each(inTurn(CLIPS, turn, KINDS.length))(
    '$name: 33 rows for each frame that ffprobe lists, at its time; as long an overlay',
    async clip => {
      const path = paths.get(clip.name)!;
      const engine = new FakeEngine();
      const record = await analyzeVideo(path, analyzeOptions(join(folder, kind, clip.name), { overlay: OVERLAY }), {
        engine,
      });
      const frames = framesOf(await readCsv(record.outputs[0]!));
      const listed = await listFrames(path, clip.stream ?? 'v:0', clip.probeOptions);
      expect(record.ffmpeg.source).toBe(source);
      expect(listed.length).toBeGreaterThan(3);
      expect(frames.map(frame => frame.timestamp)).toEqual(listed.map(frame => frame.time));
      expect(frames.map(frame => frame.frameId)).toEqual(listed.map((_, index) => index));
      expect(new Set(frames.map(frame => frame.rows))).toEqual(new Set([33]));
      const [film] = await probeStreams(record.outputs[1]!);
      expectPlayed(
        Number(film?.duration),
        listed.map(frame => Number(frame.time)),
      );
      expect(new Set(engine.sizes)).toEqual(new Set([clip.displayed ?? '64x48']));
      expect(record.frames).toMatchObject({
        decoded: listed.length,
        detected: 1,
        tracked: listed.length - 1,
        missing: 0,
        filled: 0,
      });
    },
  );
});
