import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { inTurn } from '../support/full-tests.js';
import { KINDS, readVideo } from '../support/read-video.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const WARNING = /frames look interlaced, although the video is not marked/;
const CLIPS = readdirSync(SAMPLES).filter(name => name.endsWith('.mp4'));

/** A moving person as fields: twice the pictures, two of which make a frame. */
async function fields(name: string, output: readonly string[]): Promise<string> {
  const filter = 'scale=640:480,minterpolate=fps=60:mi_mode=blend,tinterlace=interleave_top';
  const args = ['-i', join(SAMPLES, 'cartwheel.mp4'), '-t', '2', '-vf', filter, '-r', '30', '-c:v', 'libx264'];
  return makeWithFfmpeg([...args, '-preset', 'ultrafast', '-crf', '20', ...output], at(name));
}

beforeAll(async () => {
  await fields('unflagged.mp4', []);
  await fields('flagged.mp4', ['-flags', '+ilme+ildct', '-x264-params', 'tff=1']);
});

describe.each(KINDS)('with the ffmpeg of kind "%s"', kind => {
  test('fields in an unflagged video bring a warning, which --deinterlace on removes', async () => {
    const { video, warnings } = await readVideo(at('unflagged.mp4'), kind);
    expect([video.deinterlaced, warnings]).toEqual(['no', [expect.stringMatching(WARNING)]]);
    expect(warnings[0]).toContain('--deinterlace on');
    const on = await readVideo(at('unflagged.mp4'), kind, { probe: { deinterlace: 'on' } });
    expect(on.warnings).toEqual([]);
  });

  test('fields in a flagged video bring none, deinterlaced or with --deinterlace off', async () => {
    for (const deinterlace of ['auto', 'off'] as const)
      expect((await readVideo(at('flagged.mp4'), kind, { probe: { deinterlace } })).warnings).toEqual([]);
  });
});

test('pictures that are scaled down have lost their lines, and bring none', async () => {
  expect((await readVideo(at('unflagged.mp4'), KINDS[0]!, { maxSize: 320 })).warnings).toEqual([]);
});

test('no sample clip brings a warning', async () => {
  expect(CLIPS.length).toBeGreaterThanOrEqual(37);
  for (const name of inTurn(CLIPS, 0, 5)) {
    const { warnings } = await readVideo(join(SAMPLES, name), KINDS.at(-1)!);
    expect([name, warnings.filter(text => WARNING.test(text))]).toEqual([name, []]);
  }
});
