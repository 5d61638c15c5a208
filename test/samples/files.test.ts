import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ClipKind, Film } from '../../samples/render/clip.js';
import { CLIPS, FILMS } from '../../samples/render/clips.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { listFrames, probeStreams } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';

const KILOBYTE = 1000;

/** Clips of these kinds are shorter, and have fewer pixels. */
const SHORT_KINDS: readonly ClipKind[] = ['partial', 'several'];

describe('the sample clips', () => {
  test.each(CLIPS)(
    '$name: small, long enough, truth for each frame at its time',
    async ({ name, kind, film, timescale }) => {
      const path = join(SAMPLES, `${name}.mp4`);
      const { scale = 1 }: Film = FILMS[film as keyof typeof FILMS];
      expect((await stat(path)).size).toBeLessThan((scale < 1 ? 250 : 400) * KILOBYTE);
      const truth = await readTruth(join(SAMPLES, `${name}.truth.json`));
      const frames = await listFrames(path, 'v:0');
      expect(frames).toHaveLength(truth.times.length);
      for (const [i, { time }] of frames.entries()) expect(Number(time)).toBeCloseTo(truth.times[i]!, 4);
      expect([truth.width, truth.height].sort()).toEqual([480 * scale, 640 * scale]);
      const seconds = truth.times.at(-1)! + (timescale ? 0 : 1 / 30);
      expect(seconds).toBeGreaterThanOrEqual(scale < 1 ? 1.59 : 2.99);
      if (SHORT_KINDS.includes(kind)) expect(scale).toBeLessThan(1);
      for (const people of truth.frames) expect(people).toHaveLength(truth.people);
    },
  );

  test('all are in the list, and the folder contains no other files', async () => {
    const readme = await readFile(join(SAMPLES, 'README.md'), 'utf8');
    for (const { name } of CLIPS) expect(readme).toContain(`\`${name}.mp4\``);
    const expected = CLIPS.flatMap(({ name }) => [`${name}.mp4`, `${name}.truth.json`]);
    const files = ['README.md', 'contact-sheet.jpg', 'overlay.jpg', 'frame-hashes.json', 'gait-events.json'];
    expect((await readdir(SAMPLES)).sort()).toEqual([...expected, ...files, 'examples', 'golden', 'render'].sort());
  });

  test('the folder is under 9 MB', async () => {
    const sizes = await Promise.all((await readdir(SAMPLES)).map(async name => (await stat(join(SAMPLES, name))).size));
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(9000 * KILOBYTE);
  });

  test('the clips for containers have the properties that they claim', async () => {
    const [portrait] = await probeStreams(join(SAMPLES, 'portrait.mp4'));
    expect(portrait).toMatchObject({ width: 640, height: 480 });
    expect(JSON.stringify(portrait)).toMatch(/"rotation":-90/);
    expect((await probeStreams(join(SAMPLES, 'with-audio.mp4'))).map(stream => stream.codec_type)).toEqual([
      'video',
      'audio',
    ]);
  });
});
