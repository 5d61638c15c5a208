import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SizeChanges } from '../../src/decode/size-changes.js';
import type { YuvImage } from '../../src/model/picture.js';
import { listFrames, makeWithFfmpeg } from '../support/ffmpeg.js';
import { KINDS, readVideo } from '../support/read-video.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FRAMES = 10;

/** Ten frames of a white square on grey as MPEG-TS, starting at a number of tenths of a second. */
async function piece(name: string, size: string, side: number, tenths: number, pixels = 'yuv420p'): Promise<string> {
  const square = `drawbox=x=(iw-${side})/2:y=(ih-${side})/2:w=${side}:h=${side}:color=white:t=fill`;
  const scene = `color=c=gray:s=${size}:r=30:d=${FRAMES / 30},${square},format=${pixels}`;
  const codec = ['-c:v', 'libx264', '-qp', '10', '-bf', '0', '-pix_fmt', pixels, '-f', 'mpegts'];
  const offset = ['-output_ts_offset', String(tenths / 10)];
  return makeWithFfmpeg(['-f', 'lavfi', '-i', scene, ...codec, ...offset], at(name));
}

async function join3(name: string, pieces: readonly Promise<string>[]): Promise<void> {
  const parts = await Promise.all(pieces.map(async path => readFile(await path)));
  await writeFile(at(name), Buffer.concat(parts));
}

const luma = ({ data, width }: YuvImage, x: number, y: number) => data[y * width + x] ?? -1;
const isWhite = (value: number) => value > 200;

/** Sides of the white square in a picture. */
function square(image: YuvImage): { width: number; height: number } {
  const [middleX, middleY] = [image.width / 2, image.height / 2];
  const across = Array.from({ length: image.width }, (_, x) => luma(image, x, middleY)).filter(isWhite);
  const down = Array.from({ length: image.height }, (_, y) => luma(image, middleX, y)).filter(isWhite);
  return { width: across.length, height: down.length };
}

beforeAll(async () => {
  // Landscape, the same rotated upright, and landscape of half the size: the square is a third, a third and half of the
  // height.
  await join3('sizes.ts', [
    piece('a.ts', '192x96', 32, 0),
    piece('b.ts', '96x192', 64, 4),
    piece('c.ts', '96x48', 24, 8),
  ]);
  await join3('formats.ts', [piece('d.ts', '192x96', 32, 0), piece('e.ts', '192x96', 32, 4, 'yuv422p')]);
  await makeWithFfmpeg(['-i', at('a.ts'), '-c:v', 'png'], at('pictures.mov'));
  await makeWithFfmpeg(['-i', at('a.ts'), '-frames:v', '2'], at('p%d.png'));
  await makeWithFfmpeg(['-i', at('b.ts'), '-frames:v', '2', '-start_number', '3'], at('p%d.png'));
});

describe.each(KINDS)('with the ffmpeg of kind "%s"', kind => {
  test('a stream that changes its size continues in the first, with the times listed by ffprobe', async () => {
    const squares: ReturnType<typeof square>[] = [];
    const margins: number[] = [];
    const { ids, times, size, decoded, warnings } = await readVideo(at('sizes.ts'), kind, {
      look: image => {
        squares.push(square(image));
        margins.push(luma(image, 20, 48));
      },
    });
    const listed = await listFrames(at('sizes.ts'), 'v:0');
    expect(ids).toEqual(Array.from({ length: 3 * FRAMES }, (_, i) => i));
    expect(times.map(time => time.toFixed(6))).toEqual(listed.map(({ time }) => time));
    expect([size, decoded]).toEqual([{ width: 192, height: 96 }, 3 * FRAMES]);
    for (const [i, side] of [32, 32, 48].entries()) {
      const { width, height } = squares[i * FRAMES + 5] ?? { width: 0, height: 0 };
      expect(Math.abs(width - side)).toBeLessThanOrEqual(2);
      expect(Math.abs(height - side)).toBeLessThanOrEqual(2);
      const [margin = -1] = margins.slice(i * FRAMES + 5);
      if (i === 1) expect(margin).toBe(16);
      else expect(margin).toBeGreaterThan(100);
    }
    expect(warnings).toEqual([
      'the frame size changes at frame 10, from 192x96 to 96x192, and once later: all frames are fitted into 192x96, and results are in its pixels',
    ]);
  });

  test('skipped frames are counted through the change', async () => {
    const all = await readVideo(at('sizes.ts'), kind);
    const some = await readVideo(at('sizes.ts'), kind, { selection: { every: 7, start: 0.2 } });
    const since = (id: number) => (all.times[id] ?? 0) - (all.times[0] ?? 0);
    const wanted = all.ids.filter(id => id % 7 === 0 && since(id) >= 0.2);
    expect(wanted.length).toBeGreaterThanOrEqual(4);
    expect(some.ids).toEqual(wanted);
    expect(some.times).toEqual(wanted.map(id => all.times[id]));
  });

  test('without margins the picture is stretched, and no frame is lost', async () => {
    const { size, ids } = await readVideo(at('sizes.ts'), kind, { maxSize: 65 });
    expect([size.width % 2, ids.length]).toEqual([1, 3 * FRAMES]);
  });

  test('a stream that changes its pixel format continues', async () => {
    const { ids, warnings } = await readVideo(at('formats.ts'), kind, {
      look: image => expect(Math.abs(square(image).width - 32)).toBeLessThanOrEqual(2),
    });
    expect(ids).toHaveLength(2 * FRAMES);
    expect(warnings).toEqual([
      'the pixel format or pixel aspect ratio changes at frame 10: all frames are converted to the first',
    ]);
  });

  test('numbered pictures of two sizes are fitted into the first', async () => {
    const sides: number[] = [];
    const { ids, size, warnings } = await readVideo(at('p%d.png'), kind, {
      look: image => {
        sides.push(square(image).width, square(image).height);
      },
    });
    expect([ids, size]).toEqual([[0, 1, 2, 3], { width: 192, height: 96 }]);
    for (const side of sides) expect(Math.abs(side - 32)).toBeLessThanOrEqual(2);
    expect(warnings.join()).toMatch(/size changes at frame 2, from 192x96 to 96x192: all/);
  });

  test('a video without changes brings no warning', async () => {
    expect((await readVideo(at('a.ts'), kind)).warnings).toEqual([]);
    // The first picture states more about its colours than the container.
    expect((await readVideo(at('pictures.mov'), kind)).warnings).toEqual([]);
  });
});

describe("the filter's output", () => {
  const KEY = 1_000_000_000_000;
  const line = (width: number, height: number) => `[Eval @ 0x1] [error] ${KEY + width * 65536 + height}.000000`;

  test('is recognised by its key, and nothing else is', () => {
    const changes = new SizeChanges({ width: 64, height: 48 }, 0, KEY);
    expect(changes.read(line(64, 48), -1)).toBe(true);
    expect(changes.read('[error] 4194352.000000', 3)).toBe(false);
    expect(changes.read('[error] nan', 3)).toBe(false);
    expect(changes.read('[h264 @ 0x1] [error] error while decoding MB 3 4', 3)).toBe(false);
    expect(changes.warnings({ width: 64, height: 48 })).toEqual([]);
  });

  test('counts as one change, however often a frame prints it', () => {
    const changes = new SizeChanges({ width: 64, height: 48 }, 0, KEY);
    for (const frameId of [-1, -1]) changes.read(line(64, 48), frameId);
    for (const frameId of [5, 5]) changes.read(line(32, 24), frameId);
    expect(changes.warnings({ width: 64, height: 48 })).toEqual([
      'the frame size changes at frame 5, from 64x48 to 32x24: all frames are fitted into 64x48, and results are in its pixels',
    ]);
  });
});
