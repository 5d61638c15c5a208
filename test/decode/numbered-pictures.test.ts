import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { patternOf } from '../../src/decode/picture-pattern.js';
import type { YuvImage } from '../../src/model/picture.js';
import { parseRate } from '../../src/options/parse-values.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { KINDS, readVideo } from '../support/read-video.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const SCENE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=0.3'];

/** A photo's content: white at the top left, grey at the top right, black below. */
const [WIDTH, HEIGHT] = [64, 48];
const shown = (x: number, y: number) => (y >= 24 ? 0 : x < 32 ? 255 : 128);

/**
 * Displayed position of the stored picture's first row and first column, by EXIF number: CIPA DC-008,
 * "Orientation".
 */
const PLACES = [
  ['top', 'left'],
  ['top', 'right'],
  ['bottom', 'right'],
  ['bottom', 'left'],
  ['left', 'top'],
  ['right', 'top'],
  ['right', 'bottom'],
  ['left', 'bottom'],
] as const;
type Place = (typeof PLACES)[number][number];

/** The coordinate of the displayed picture for a stored row or column number. */
function coordinate(place: Place, index: number): { x?: number; y?: number } {
  if (place === 'top' || place === 'bottom') return { y: place === 'top' ? index : HEIGHT - 1 - index };
  return { x: place === 'left' ? index : WIDTH - 1 - index };
}

function withExif(jpeg: Buffer, orientation: number, isLittle: boolean): Buffer {
  const tiff = Buffer.alloc(26);
  const short = (value: number, place: number) =>
    isLittle ? tiff.writeUInt16LE(value, place) : tiff.writeUInt16BE(value, place);
  const long = (value: number, place: number) =>
    isLittle ? tiff.writeUInt32LE(value, place) : tiff.writeUInt32BE(value, place);
  tiff.write(isLittle ? 'II' : 'MM', 0, 'latin1');
  short(42, 2);
  long(8, 4);
  short(1, 8);
  short(0x0112, 10);
  short(3, 12);
  long(1, 14);
  short(orientation, 18);
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, content.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

/** Two photos of one orientation: `turned-N/p1.jpg`, `p2.jpg`. */
async function photos(orientation: number): Promise<string> {
  const [rows, columns] = PLACES[orientation - 1] ?? PLACES[0];
  const isTurned = rows === 'left' || rows === 'right';
  const [width, height] = isTurned ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
  const pixels = Buffer.alloc(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const { x = 0, y = 0 } = { ...coordinate(rows, row), ...coordinate(columns, column) };
      pixels[row * width + column] = shown(x, y);
    }
  }
  const place = at(`turned-${orientation}`);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'x.pgm'), Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), pixels]));
  await makeWithFfmpeg(
    ['-i', join(place, 'x.pgm'), '-pix_fmt', 'yuvj420p', '-q:v', '2', '-f', 'mjpeg'],
    join(place, 'x'),
  );
  const jpeg = withExif(await readFile(join(place, 'x')), orientation, orientation % 2 === 0);
  for (const name of ['p1.jpg', 'p2.jpg']) await writeFile(join(place, name), jpeg);
  return join(place, 'p%d.jpg');
}

/** Pictures with each of these orientations in one sequence; undefined: an empty file. */
async function mixed(name: string, orientations: readonly (number | undefined)[]): Promise<string> {
  await mkdir(at(name), { recursive: true });
  for (const [i, orientation] of orientations.entries()) {
    const jpeg = orientation && (await readFile((await photos(orientation)).replace('%d', '1')));
    await writeFile(at(name, `m${i + 1}.jpg`), jpeg || '');
  }
  return at(name, 'm%d.jpg');
}

/** Whether a picture shows the photo: white at the top left, grey at the top right, black below. */
function expectPhoto(image: YuvImage): void {
  const corners = [luma(image, 8, 8), luma(image, 56, 8), luma(image, 8, 40), luma(image, 56, 40)];
  for (const [i, wanted] of [235, 126, 16, 16].entries())
    expect(Math.abs((corners[i] ?? -99) - wanted)).toBeLessThanOrEqual(4);
}

const luma = ({ data, width }: YuvImage, x: number, y: number) => data[y * width + x] ?? -1;

beforeAll(async () => {
  await makeWithFfmpeg(
    [...SCENE, '-c:v', 'libx265', '-x265-params', 'log-level=error:no-vui-timing-info=1:bframes=0', '-f', 'hevc'],
    at('raw.h265'),
  );
  await makeWithFfmpeg(SCENE, at('n%02d.png'));
});

describe.each(KINDS)('with the ffmpeg of kind "%s"', kind => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('photos of EXIF orientation %d are shown upright', async number => {
    const pattern = await photos(number);
    for (const path of [pattern, pattern.replace('%d', '1')]) {
      const { size, ids, video } = await readVideo(path, kind, { look: expectPhoto });
      expect([size, ids.length, video.turns]).toEqual([
        { width: WIDTH, height: HEIGHT },
        path === pattern ? 2 : 1,
        undefined,
      ]);
    }
  });

  test.each([
    [[1, 2, 3, 4, 5, 6, 7, 8], 7],
    [[6, 6, 1, 8, 6, 3, 3], 4],
  ])('photos of EXIF orientations %j in one sequence are each upright', async (orientations, others) => {
    const pattern = await mixed(`mixed-${orientations.join('')}`, orientations);
    const { size, ids, times, warnings } = await readVideo(pattern, kind, { sequenceFps: 10, look: expectPhoto });
    expect(size).toEqual({ width: WIDTH, height: HEIGHT });
    expect(ids).toEqual(orientations.map((_, i) => i));
    expect(times).toEqual(orientations.map((_, i) => i / 10));
    const frame = orientations.findIndex(number => number !== orientations[0]);
    expect(warnings).toEqual([
      `${others} frames have another rotation than the first frame, from frame ${frame} on: each is turned upright and fitted into 64x48`,
    ]);
    const some = await readVideo(pattern, kind, {
      sequenceFps: 10,
      selection: { every: 2, start: 0.2 },
      look: expectPhoto,
    });
    expect(some.ids).toEqual(ids.filter(id => id >= 2 && id % 2 === 0));
  });

  test('a photo taller than the first is fitted in, upright', async () => {
    const pattern = await mixed('taller', [1, 1]);
    const jpeg = await readFile((await photos(1)).replace('%d', '1'));
    // The first EXIF data count: rotated to the right.
    await writeFile(at('taller', 'm2.jpg'), withExif(jpeg, 6, false));
    const look = (image: YuvImage, id: number) => {
      if (id === 0) return expectPhoto(image);
      // 48x64 in 64x48 is 36x48 in the middle; the top left moves to the top right.
      expect([luma(image, 4, 24), luma(image, 60, 24)].every(value => value <= 20)).toBe(true);
      expect([luma(image, 42, 10), luma(image, 42, 38)].map(value => Math.round(value / 10))).toEqual([24, 13]);
    };
    const { size, ids } = await readVideo(pattern, kind, { look });
    expect([size, ids]).toEqual([{ width: WIDTH, height: HEIGHT }, [0, 1]]);
  });

  test('with --rotate all are rotated alike', async () => {
    const pattern = await mixed('alike', [6, 5]);
    const { size, video } = await readVideo(pattern, kind, { probe: { rotate: 0 } });
    expect([size, video.turns]).toEqual([{ width: HEIGHT, height: WIDTH }, undefined]);
  });

  test.each([['without a byte'], ['that is no picture']])(
    'a first picture %s leaves the others upright',
    async what => {
      const pattern = await mixed(`first ${what}`, [undefined, 6, 6, 6]);
      if (what === 'that is no picture') await writeFile(pattern.replace('%d', '1'), 'no picture'.repeat(99));
      const look = (image: YuvImage, id: number) => (id === 0 ? undefined : expectPhoto(image));
      const all = await readVideo(pattern, kind, { sequenceFps: 10, look });
      expect([all.size, all.ids]).toEqual([{ width: WIDTH, height: HEIGHT }, [0, 1, 2, 3]]);
      expect(all.warnings.join()).toContain('black frames: m1.jpg (frame 0)');
      const part = await readVideo(pattern, kind, { sequenceFps: 10, selection: { every: 1, start: 0.1, end: 0.3 } });
      expect([part.ids, part.times]).toEqual([
        [1, 2],
        [0.1, 0.2],
      ]);
    },
  );

  test("--rotate replaces the photo's own orientation", async () => {
    const { size } = await readVideo(await photos(6), kind, { probe: { rotate: 0 } });
    expect(size).toEqual({ width: HEIGHT, height: WIDTH });
  });

  test('a fractional rate is kept exactly', async () => {
    const { video, times } = await readVideo(at('n%02d.png'), kind, { sequenceFps: parseRate('30000/1001') });
    expect(video.timeBase).toEqual({ num: 1001, den: 30_000 });
    expect(times).toEqual(Array.from({ length: 9 }, (_, i) => (i * 1001) / 30_000));
  });

  test('a raw stream without times has the requested rate', async () => {
    const { times } = await readVideo(at('raw.h265'), kind, { sequenceFps: 50 });
    expect(times).toHaveLength(9);
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(i / 50, 6);
    expect((await readVideo(at('raw.h265'), kind)).times[1]).toBeCloseTo(1 / 25, 6);
  });
});

describe.each(KINDS)('unreadable pictures, with the ffmpeg of kind "%s"', kind => {
  /** Eight pictures: the fourth is empty, and the sixth and the last are not pictures. */
  const pattern = at('broken', 'b%d.png');
  beforeAll(async () => {
    await mkdir(at('broken'), { recursive: true });
    await makeWithFfmpeg([...SCENE, '-frames:v', '8'], pattern);
    await writeFile(at('broken', 'b4.png'), '');
    for (const name of ['b6.png', 'b8.png']) await writeFile(at('broken', name), 'no picture at all'.repeat(9));
  });

  test('become black frames, named in a warning, and numbers and times continue', async () => {
    const black: number[] = [];
    const look = ({ data, width, height }: YuvImage, id: number) => {
      if (data.every((value, i) => value === (i < width * height ? 16 : 128))) black.push(id);
    };
    const { ids, times, decoded, warnings } = await readVideo(pattern, kind, { sequenceFps: 10, look });
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(times).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect([black, decoded]).toEqual([[3, 5, 7], 8]);
    expect(warnings).toContain(
      'empty or damaged pictures are analysed as black frames: b4.png (frame 3), b6.png (frame 5), b8.png (frame 7)',
    );
    expect((await readdir(tmpdir())).filter(name => name.startsWith('bodyscript-pictures-'))).toEqual([]);
  });

  test.each([
    [{ every: 3 }, [0, 3, 6]],
    [{ every: 1, start: 0.25, end: 0.55 }, [3, 4, 5]],
    [{ every: 1, maxFrames: 4 }, [0, 1, 2, 3]],
    [{ every: 1, maxFrames: 6, fromFrame: 3 }, [3, 4, 5, 6, 7]],
  ])('are counted with %j', async (selection, wanted) => {
    const { ids } = await readVideo(pattern, kind, { sequenceFps: 10, selection });
    expect(ids).toEqual(wanted);
  });
});

test.each([
  ['walk/f_0001.png', 'walk/f_%04d.png'],
  ['f1.jpg', 'f%d.jpg'],
  ['f10.JPEG', 'f%d.JPEG'],
  ['take2/00017.tiff', 'take2/%05d.tiff'],
  ['photo.jpg', undefined],
  ['notes1.txt', undefined],
  ['50%1.png', undefined],
])('the pattern of %s is %s', (path, pattern) => expect(patternOf(path)).toBe(pattern));

test('a rate is a number or a fraction above 0', () => {
  expect([parseRate('25'), parseRate('29.97'), parseRate('30000/1001')]).toEqual([25, 29.97, 30_000 / 1001]);
  for (const text of ['', '0', '-1', '1/0', '0/1', '30/', 'x', '1/2/3'])
    expect(() => parseRate(text)).toThrow(RangeError);
});
