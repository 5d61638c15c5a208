import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { optionsHash } from '../../src/analyze/options-hash.js';
import { fontSizeOf } from '../../src/draw/lettering.js';
import { drawSkeleton } from '../../src/draw/skeleton.js';
import { filmSize, shrinkage } from '../../src/encode/film-size.js';
import { toRgba, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import { clipNamed, makeClip } from '../support/clips.js';
import { FakeEngine } from '../support/fake-engine.js';
import { listFrames, makeWithFfmpeg, probeStreams } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { analyzeOptions } from '../support/options.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

async function overlayOf(path: string, out: string, longest: number | undefined) {
  const options = analyzeOptions(join(folder, out), {
    overlay: { to: 'auto', crf: 23, minVisibility: 0.5, labels: true, longest },
  });
  const { outputs } = await analyzeVideo(path, options, { engine: new FakeEngine() });
  const overlay = outputs.find(output => output.endsWith('.mp4')) ?? '';
  const [video] = await probeStreams(overlay);
  return { overlay, size: [video?.width, video?.height] };
}

describe('the size of the film', () => {
  test('its longer side is the requested one, the other one follows, both are even', () => {
    expect(filmSize({ width: 1088, height: 1920 }, 640)).toEqual({ width: 362, height: 640 });
    expect(filmSize({ width: 1920, height: 1080 }, 641)).toEqual({ width: 642, height: 360 });
    expect(filmSize({ width: 4000, height: 20 }, 16)).toEqual({ width: 16, height: 2 });
  });

  test('no picture is enlarged, and one that fits is unchanged, even with odd sides', () => {
    expect(filmSize({ width: 63, height: 47 }, 640)).toEqual({ width: 63, height: 47 });
    expect(filmSize({ width: 63, height: 47 }, undefined)).toEqual({ width: 63, height: 47 });
    expect(shrinkage({ width: 63, height: 47 }, 640)).toBe(1);
  });
});

describe('--overlay-size', () => {
  test.each(firstOf(['variable rate in MP4', 'constant rate, B-frames', 'odd width and height'], 1))(
    '%s: a smaller overlay has the same frames at the same times',
    async name => {
      const clip = await makeClip(folder, clipNamed(name));
      const whole = await overlayOf(clip, `whole/${name}`, undefined);
      const small = await overlayOf(clip, `small/${name}`, 32);
      expect(Math.max(...(small.size as number[]))).toBe(32);
      expect(await listFrames(small.overlay, 'v:0')).toEqual(await listFrames(whole.overlay, 'v:0'));
    },
  );

  test('a size above that of the pictures has no effect', async () => {
    const clip = await makeClip(folder, clipNamed('constant rate, B-frames'));
    const { size } = await overlayOf(clip, 'large', 4000);
    expect(size).toEqual([64, 48]);
  });

  test('it is in the run record, and a run with another size is another run', async () => {
    const sized = (longest: number | undefined) =>
      optionsHash(
        analyzeOptions('x', { overlay: { to: 'auto', crf: 23, minVisibility: 0.5, labels: false, longest } }),
      );
    expect(sized(320)).not.toBe(sized(640));
    const before = analyzeOptions('x', { overlay: { to: 'auto', crf: 23, minVisibility: 0.5, labels: false } });
    expect(sized(undefined)).toBe(optionsHash(before));
  });

  test('the command line accepts it, for analyze and for render, and rejects invalid sizes', async () => {
    const clip = await makeWithFfmpeg(
      ['-i', join(SAMPLES, 'wave.mp4'), '-frames:v', '4', '-c:v', 'libx264'],
      join(folder, 'clip.mp4'),
    );
    const analysed = await runCli(['analyze', clip, '-o', folder, '--overlay-size', '100', '-q']);
    expect([analysed.code, analysed.stderr]).toEqual([0, '']);
    const rendered = await runCli([
      'render',
      join(folder, 'clip.csv'),
      clip,
      '--overlay-size',
      '80',
      '--angle-labels',
      'knee',
    ]);
    expect(rendered.code).toBe(0);
    for (const [file, longest] of [
      ['clip.overlay.mp4', 100],
      ['clip.render.mp4', 80],
    ] as const) {
      const [video] = await probeStreams(join(folder, file));
      expect(Math.max(Number(video?.width), Number(video?.height))).toBe(longest);
      expect(await listFrames(join(folder, file), 'v:0')).toHaveLength(4);
    }
    const refused = await runCli(['analyze', clip, '-o', folder, '--overlay-size', '4']);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('--overlay-size must be a whole number'),
    ]);
  });
});

describe('drawings in pictures that will be scaled down', () => {
  const picture = (): YuvImage => ({
    width: 400,
    height: 400,
    matrix: 'bt709',
    data: new Uint8Array(yuvBytes(400, 400)).fill(102, 0, 160_000).fill(128, 160_000),
  });
  const arm: Pose = {
    landmarks: Array.from({ length: 33 }, (_, id) => ({
      x: 0.5,
      y: id === 11 ? 0.1 : 0.9,
      z: 0,
      visibility: id === 11 || id === 13 ? 1 : 0,
    })),
    worldLandmarks: [],
  };
  const widthDrawn = (shrink: number) => {
    const image = picture();
    drawSkeleton(image, arm, { minVisibility: 0.5, shrink });
    const { data } = toRgba(image);
    const row = data.subarray(200 * 400 * 4, 201 * 400 * 4);
    return Array.from({ length: 400 }, (_, x) => row[x * 4]).filter(red => red !== row[0]).length;
  };

  test('lines are wider by the factor by which the picture will be smaller, so that they stay visible', () => {
    expect(widthDrawn(10)).toBeGreaterThan(6 * widthDrawn(1));
    expect(widthDrawn(1)).toBeGreaterThan(1);
  });

  test('letters are large enough to be read', () => {
    expect(fontSizeOf(1920, 1080, 6)).toBeGreaterThanOrEqual(66);
    expect(fontSizeOf(1920, 1080)).toBe(Math.round(1080 / 34));
  });
});
