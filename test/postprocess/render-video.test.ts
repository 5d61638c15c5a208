import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { probeVideo } from '../../src/decode/probe.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { listFrames, makeWithFfmpeg, probeStreams, SYSTEM_FFMPEG } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FRAMES = 8;

/** Mean luma of the frame at an index. */
async function meanLuma(path: string, index: number): Promise<number> {
  await using source = await openSource(path);
  const { ffmpeg, ffprobe } = await findFfmpeg();
  const video = await probeVideo(source, ffprobe, { rotate: undefined, streamIndex: undefined });
  const size = { width: video.displayWidth, height: video.displayHeight };
  await using reader = await FrameReader.open({
    source,
    video,
    size,
    selection: { every: 1, fromFrame: index, maxFrames: 1 },
    ffmpeg,
  });
  for await (const { image } of reader.frames()) {
    const luma = image.data.subarray(0, image.width * image.height);
    return luma.reduce((sum, value) => sum + value, 0) / luma.length;
  }
  return Number.NaN;
}

beforeAll(async () => {
  await makeWithFfmpeg(
    ['-i', join(SAMPLES, 'with-audio.mp4'), '-t', String(FRAMES / 30), '-c:v', 'libx264', '-c:a', 'copy'],
    at('clip.mp4'),
  );
  expect(
    (await runCli(['analyze', at('clip.mp4'), '-o', folder, '--no-overlay', '-q', '--max-frames', '5'])).code,
  ).toBe(0);
});

describe('bodyscript render', () => {
  test('draws a table into its video, all frames at their times and with audio, with or without rows', async () => {
    const { code, stderr } = await runCli(['render', at('clip.csv'), at('clip.mp4')]);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${FRAMES} frames, 5 of them in the table`)]);
    expect(await listFrames(at('clip.render.mp4'), 'v:0')).toEqual(await listFrames(at('clip.mp4'), 'v:0'));
    expect((await probeStreams(at('clip.render.mp4'))).map(stream => stream.codec_type).sort()).toEqual([
      'audio',
      'video',
    ]);
  });

  test('on black there are only skeletons', async () => {
    expect(
      (await runCli(['render', at('clip.csv'), at('clip.mp4'), '--black', '-o', at('black.mp4'), '-q'])).code,
    ).toBe(0);
    const [drawn, bare] = [await meanLuma(at('black.mp4'), 2), await meanLuma(at('black.mp4'), 7)];
    expect(bare).toBeLessThan(17);
    expect(drawn).toBeGreaterThan(bare + 0.5);
    expect(drawn).toBeLessThan(40);
    const sure = ['--black', '--min-confidence', '1', '-o', at('sure.mp4'), '-q'];
    expect((await runCli(['render', at('clip.csv'), at('clip.mp4'), ...sure])).code).toBe(0);
    expect(await meanLuma(at('sure.mp4'), 2)).toBeLessThan(drawn - 0.3);
  });

  test('side by side: the original picture on the left, the drawing on the right, at twice the width', async () => {
    const args = ['render', at('clip.csv'), at('clip.mp4'), '--side-by-side', '--black', '-o', at('both.mp4'), '-q'];
    expect((await runCli(args)).code).toBe(0);
    const [video] = (await probeStreams(at('both.mp4'))).filter(stream => stream.codec_type === 'video');
    const [source] = (await probeStreams(at('clip.mp4'))).filter(stream => stream.codec_type === 'video');
    expect([video?.width, video?.height]).toEqual([2 * (source?.width as number), source?.height]);
    expect(await listFrames(at('both.mp4'), 'v:0')).toEqual(await listFrames(at('clip.mp4'), 'v:0'));
    const [both, picture] = [await meanLuma(at('both.mp4'), 2), await meanLuma(at('clip.mp4'), 2)];
    expect(Math.abs(both - (picture + 17.5) / 2)).toBeLessThan(2);
  });

  test('an odd width, trails, angles and a colour; a misspelling is a usage error', async () => {
    const render = (...more: string[]) =>
      runCli(['render', at('clip.csv'), at('clip.mp4'), '-o', at('odd.mp4'), '-q', '--black', ...more]);
    const odd = ['--max-size', '321', '--side-by-side'];
    expect((await render(...odd, '--trails', '1s', '--angle-labels', 'knee', '--colors', '#00ff00')).code).toBe(0);
    const [video] = (await probeStreams(at('odd.mp4'))).filter(stream => stream.codec_type === 'video');
    expect(video?.width).toBe(2 * 322);
    for (const wrong of [
      ['--colors', 'red'],
      ['--angle-labels', 'toe'],
      ['--trail-joints', 'tail'],
      ['--trails', '0'],
      ['--min-confidence', '2'],
    ]) {
      expect([wrong, (await render(...wrong)).code]).toEqual([wrong, 2]);
    }
  });

  test('a table of another video is rejected, and no film is left', async () => {
    await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-r', '20', '-frames:v', '8'], at('other.mp4'));
    const render = (...flags: string[]) =>
      runCli(['render', at('clip.csv'), at('other.mp4'), '-o', at('wrong.mp4'), ...flags]);
    const byHash = await render();
    expect([byHash.code, byHash.stderr]).toEqual([1, expect.stringContaining('its run record names ')]);
    expect(byHash.stderr).toContain('--any-video');
    const byTimes = await render('--any-video');
    expect([byTimes.code, byTimes.stderr]).toEqual([1, expect.stringContaining('was made from another video')]);
    expect(existsSync(at('wrong.mp4'))).toBe(false);
  });

  // A named one must be newer than the package's.
  test.skipIf(process.platform === 'win32' || SYSTEM_FFMPEG === undefined).each([
    ['decoder', 'rawvideo', 'STALLED'],
    ['encoder', 'libx264', 'STALLED'],
  ])(
    'without its %s, which hangs, it ends after --stall, and no film is left',
    async (role, mark, code) => {
      const { ffmpeg, ffprobe } = await findFfmpeg();
      const hanging = at(`ffmpeg-without-${role}`);
      const text = `#!/bin/sh\ncase "$*" in *${mark}*) exec sleep 60;; esac\nexec "${ffmpeg.path}" "$@"\n`;
      await writeFile(hanging, text, { mode: 0o755 });
      const args = ['render', at('clip.csv'), at('clip.mp4'), '-o', at(`${role}.mp4`), '--stall', '1', '--log-json'];
      const result = await runCli([...args, '--ffmpeg', hanging, '--ffprobe', ffprobe.path]);
      expect(JSON.parse(result.stderr)).toMatchObject({
        code,
        message: expect.stringContaining('no new frame for 1 s'),
      });
      expect(result.code).toBe(1);
      expect(existsSync(at(`${role}.mp4`))).toBe(false);
    },
    20_000,
  );
});
