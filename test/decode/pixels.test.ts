import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analysedSize } from '../../src/decode/decode-command.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { probeVideo } from '../../src/decode/probe.js';
import type { FrameSelection } from '../../src/decode/selection.js';
import { toRgba } from '../../src/model/picture.js';
import { runningChildren } from '../../src/system/child-process.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { type FfmpegKind, makeWithFfmpeg } from '../support/ffmpeg.js';
import { binariesOf, KINDS } from '../support/read-video.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

interface Options {
  readonly selection?: FrameSelection;
  readonly rotate?: 0 | 90 | 180 | 270;
  readonly maxSize?: number;
  readonly kind?: FfmpegKind['kind'];
}

async function open(path: string, { selection = { every: 1 }, rotate, maxSize, kind }: Options = {}) {
  const binaries = kind === undefined ? await findFfmpeg() : await binariesOf(kind);
  await using source = await openSource(path);
  const video = await probeVideo(source, binaries.ffprobe, { rotate });
  const size = analysedSize(video, maxSize);
  // The decoder has its own handle to the file once it runs.
  return await FrameReader.open({ source, video, size, selection, ffmpeg: binaries.ffmpeg });
}

/** The first picture, as a function of position. */
async function firstPicture(path: string, options?: Options) {
  await using reader = await open(path, options);
  for await (const { image } of reader.frames()) {
    const { data } = toRgba(image);
    const at = (x: number, y: number) => [...data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 3)];
    return { width: image.width, height: image.height, at };
  }
  throw new Error('no picture');
}

function expectColour(got: number[], wanted: readonly number[], tolerance = 4): void {
  for (const [i, value] of wanted.entries()) expect(Math.abs((got[i] ?? -99) - value)).toBeLessThanOrEqual(tolerance);
}

/** A plain picture of one colour, encoded with a given matrix and range, flagged or not. */
async function plain(name: string, size: string, encoding: string, flags: readonly string[]): Promise<string> {
  const colour = `color=c=0xC83232:s=${size}:d=0.2,format=gbrp,scale=${encoding},format=yuv444p`;
  return makeWithFfmpeg(['-f', 'lavfi', '-i', colour, '-c:v', 'libx264', '-qp', '0', ...flags], join(folder, name));
}

const RED = [200, 50, 50];

describe.each(KINDS)('colours, with the ffmpeg of kind "%s"', kind => {
  test.each([
    ['unflagged HD is BT.709', 'hd.mp4', '1280x720', 'out_color_matrix=bt709', []],
    ['unflagged SD is BT.601', 'sd.mp4', '640x480', 'out_color_matrix=bt601', []],
    ['flagged HD in BT.601', 'hd601.mp4', '1280x720', 'out_color_matrix=bt601', ['-colorspace', 'smpte170m']],
    ['flagged SD in BT.709', 'sd709.mp4', '640x480', 'out_color_matrix=bt709', ['-colorspace', 'bt709']],
    ['flagged BT.2020', 'bt2020.mp4', '640x480', 'out_color_matrix=bt2020', ['-colorspace', 'bt2020nc']],
    ['flagged full range', 'full.mp4', '640x480', 'out_color_matrix=bt601:out_range=pc', ['-color_range', 'pc']],
  ])('%s', async (_, name, size, encoding, flags) => {
    const { at } = await firstPicture(await plain(`${kind}-${name}`, size, encoding, flags), { kind });
    expectColour(at(40, 40), RED);
  });
});

describe('rotations', () => {
  test('a rotation of 90 degrees is clockwise: left moves to the top', async () => {
    const path = await makeWithFfmpeg(
      [
        '-f',
        'lavfi',
        '-i',
        'color=c=0x00FF00:s=64x48:d=0.2,format=rgb24,drawbox=0:0:16:48:0xFF0000:t=fill',
        '-c:v',
        'ffv1',
        '-pix_fmt',
        'gbrp',
      ],
      join(folder, 'left-red.mkv'),
    );
    const turned = await firstPicture(path, { rotate: 90 });
    expect([turned.width, turned.height]).toEqual([48, 64]);
    expectColour(turned.at(24, 4), [255, 0, 0]);
    expectColour(turned.at(24, 60), [0, 255, 0]);
    expectColour((await firstPicture(path, { rotate: 270 })).at(24, 60), [255, 0, 0]);
    expectColour((await firstPicture(path, { rotate: 180 })).at(60, 24), [255, 0, 0]);
    expectColour((await firstPicture(path)).at(4, 24), [255, 0, 0]);
  });
});

describe('parts and sizes', () => {
  const makeClip = () =>
    makeWithFfmpeg(
      ['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=3', '-c:v', 'libx264'],
      join(folder, 'three-seconds.mp4'),
    );

  async function stamps(selection: FrameSelection): Promise<[number, number][]> {
    await using reader = await open(await makeClip(), { selection });
    const found: [number, number][] = [];
    for await (const frame of reader.frames()) {
      found.push([frame.frameId, Number(frame.timestamp.toFixed(6))]);
      frame.release();
    }
    return found;
  }

  test('--start and --end keep the numbers and times of the source', async () => {
    expect(await stamps({ start: 1, end: 1.3, every: 1 })).toEqual([
      [10, 1],
      [11, 1.1],
      [12, 1.2],
    ]);
  });

  test('--every and --max-frames', async () => {
    expect(await stamps({ every: 7, maxFrames: 3 })).toEqual([
      [0, 0],
      [7, 0.7],
      [14, 1.4],
    ]);
  });

  test('--max-size limits the longer side and keeps the shape', async () => {
    const { width, height } = await firstPicture(await makeClip(), { maxSize: 64 });
    expect([width, height]).toEqual([64, 48]);
  });

  test('a reader that stops early leaves no ffmpeg', async () => {
    await firstPicture(await makeClip());
    expect(runningChildren().size).toBe(0);
  });

  test('at most two frames are handed out before one is returned', async () => {
    await using reader = await open(await makeClip());
    const frames = reader.frames()[Symbol.asyncIterator]();
    const [first, second] = [await frames.next(), await frames.next()];
    const third = frames.next();
    const early = await Promise.race([
      third.then(() => 'came'),
      new Promise(resolve => setTimeout(resolve, 300, 'waits')),
    ]);
    expect(early).toBe('waits');
    expect(first.value.image.data).not.toBe(second.value.image.data);
    first.value.release();
    first.value.release(); // Twice counts once.
    expect((await third).value.image.data).toBe(first.value.image.data);
  });
});

describe('names that look like something else', () => {
  test.each([
    '-i.mp4',
    'concat:x',
    'http.mp4',
    'a b "c" \'d\'.mp4',
    'new\nline.mp4',
    '🎥 vidéo.mp4',
    '100%d.mp4',
    'pipe:0',
    '%04d.png',
  ])('%j is a file like any other', async name => {
    const format = name.endsWith('.png')
      ? ['-frames:v', '1', '-c:v', 'png', '-f', 'image2', '-update', '1']
      : ['-f', 'mp4'];
    await makeWithFfmpeg(
      ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:d=0.2', ...format],
      `file:${join(folder, 'plain-name')}`,
    );
    const { rename } = await import('node:fs/promises');
    await rename(join(folder, 'plain-name'), join(folder, name));
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await firstPicture(name)).width).toBe(64);
    } finally {
      process.chdir(before);
    }
  });
});
