import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { type ClipRecipe, clipNamed, makeClip } from '../support/clips.js';
import { framesOf, readCsv } from '../support/csv.js';
import { FakeEngine } from '../support/fake-engine.js';
import { FFMPEG_KINDS, listFrames, makeWithFfmpeg, probeStreams } from '../support/ffmpeg.js';
import { inTurn } from '../support/full-tests.js';
import { type AnyOptions, analyzeOptions } from '../support/options.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
/** Each video with one kind of ffmpeg in turn; with all of them if time allows. */
const KINDS = FFMPEG_KINDS.filter(({ available }) => available).map((kind, turn) => ({ ...kind, turn }));
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: true };

async function overlayOf(path: string, out: string, replaced: Partial<AnyOptions> = {}) {
  const options = analyzeOptions(join(folder, out), { overlay: OVERLAY, ...replaced });
  const record = await analyzeVideo(path, options, { engine: new FakeEngine() });
  const [csv = '', overlay = ''] = record.outputs;
  const times = framesOf(await readCsv(csv)).map(frame => Number(frame.timestamp));
  const drawn = (await listFrames(overlay, 'v:0')).map(frame => Number(frame.time));
  return { overlay, times, drawn, record };
}

describe.each(KINDS)('the overlay with the ffmpeg of kind "$kind"', ({ kind, turn, environment }) => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  const kept: ClipRecipe[] = [
    'constant rate, B-frames',
    'a rate of 29.97',
    'variable rate in MP4',
    'variable rate in Matroska',
    'a gap of two seconds',
    'turned by 90 degrees',
    'wide pixels',
    'odd width and height',
    'GIF',
    'an image sequence',
    'with sound',
    'a late start, MPEG-TS',
  ].map(clipNamed);

  test.each(inTurn(kept, turn, KINDS.length))("$name: the source's times from 0 on, the displayed size", async clip => {
    const { overlay, times, drawn } = await overlayOf(await makeClip(folder, clip), `${kind}/${clip.name}`);
    const [video] = await probeStreams(overlay);
    const [width = 0, height = 0] = (clip.displayed ?? '64x48').split('x').map(Number);
    expect([video?.width, video?.height]).toEqual([width + (width % 2), height + (height % 2)]);
    expect(video).toMatchObject({
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      color_space: 'smpte170m',
      color_range: 'tv',
    });
    expect(drawn[0]).toBe(0);
    expect(drawn).toHaveLength(times.length);
    const begins = times[0] ?? 0;
    for (const [i, time] of times.entries()) expect(Math.abs((drawn[i] ?? 0) + begins - time)).toBeLessThan(2e-6);
  });

  test('times before zero are moved up together, and the run record says where they begin', async () => {
    const path = await makeClip(folder, clipNamed('a negative start, ASF'));
    const { times, drawn, record } = await overlayOf(path, `${kind}/negative`);
    expect(times[0]).toBe(-0.4);
    for (const [i, time] of times.entries()) expect(Math.abs((drawn[i] ?? 0) - time - 0.4)).toBeLessThan(2e-6);
    expect(record.input.firstTimestamp).toBe(-0.4);
  });

  test('two frames with the same time are one tick apart', async () => {
    const { times, drawn } = await overlayOf(
      await makeClip(folder, clipNamed('duplicated times')),
      `${kind}/duplicated`,
    );
    expect(drawn).toHaveLength(times.length);
    for (const [i, time] of times.entries()) expect(Math.abs((drawn[i] ?? 0) - time)).toBeLessThan(0.05);
    expect(drawn.every((time, i) => i === 0 || time > drawn[i - 1]!)).toBe(true);
  });

  test('audio that MP4 supports is copied, other audio becomes AAC, several streams stay', async () => {
    const aac = await overlayOf(await makeClip(folder, clipNamed('with sound')), `${kind}/aac`);
    expect((await probeStreams(aac.overlay)).map(stream => stream.codec_name)).toEqual(['h264', 'aac']);
    const path = await makeWithFfmpeg(
      [
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=64x48:r=30:d=1',
        '-f',
        'lavfi',
        '-i',
        'sine=d=1',
        '-f',
        'lavfi',
        '-i',
        'sine=f=200:d=1',
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-c:v',
        'libx264',
        '-c:a:0',
        'libvorbis',
        '-c:a:1',
        'libmp3lame',
      ],
      join(folder, 'two-sounds.mkv'),
    );
    const mixed = await overlayOf(path, `${kind}/mixed`);
    expect((await probeStreams(mixed.overlay)).map(stream => stream.codec_name)).toEqual(['h264', 'aac', 'mp3']);
    const durations = (await probeStreams(mixed.overlay)).map(stream => Number(stream.duration));
    for (const duration of durations) expect(Math.abs(duration - 1)).toBeLessThan(0.1);
  });

  test('a part of the video has the audio of that part', async () => {
    const path = await makeWithFfmpeg(
      [
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=64x48:r=30:d=4',
        '-f',
        'lavfi',
        '-i',
        'sine=d=4',
        '-c:v',
        'libx264',
        '-c:a',
        'aac',
      ],
      join(folder, 'four-seconds.mp4'),
    );
    const { overlay, times, drawn } = await overlayOf(path, `${kind}/part`, {
      selection: { every: 1, start: 1, end: 2 },
    });
    expect(times).toHaveLength(30);
    expect(drawn[0]).toBe(0);
    const sound = (await probeStreams(overlay)).find(stream => stream.codec_type === 'audio');
    expect(Math.abs(Number(sound?.start_time))).toBeLessThan(0.05);
    expect(Math.abs(Number(sound?.duration) - 1)).toBeLessThan(0.1);
  });
});
