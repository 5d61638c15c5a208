import { expect, test } from 'vitest';
import { loadCanvas } from '../../src/draw/load-canvas.js';
import { PairCanvas, sizeBeside } from '../../src/draw/pair-canvas.js';
import { recolour } from '../../src/draw/recolour.js';
import { planeLayout, toRgba, toYuv, type YuvImage, type YuvMatrix, yuvBytes } from '../../src/model/picture.js';

/** A picture of one colour. */
function plain(width: number, height: number, colour: readonly [number, number, number], matrix: YuvMatrix): YuvImage {
  const data = new Uint8Array(yuvBytes(width, height));
  const [luma, blue, red] = toYuv(colour, matrix);
  const { cb, cr } = planeLayout(width, height);
  data.fill(luma, 0, cb).fill(blue, cb, cr).fill(red, cr);
  return { width, height, data, matrix };
}

function colourAt(image: YuvImage, x: number, y: number): number[] {
  const { data } = toRgba(image);
  return [...data.subarray(4 * (y * image.width + x), 4 * (y * image.width + x) + 3)];
}

const near = (colour: readonly number[]) => colour.map(value => expect.closeTo(value, -0.7));

test('a picture is scaled to a height; a strip is at most four times as wide as high', () => {
  expect(sizeBeside({ width: 640, height: 480 }, 360)).toEqual({ width: 480, height: 360 });
  expect(sizeBeside({ width: 480, height: 640 }, 360)).toEqual({ width: 270, height: 360 });
  expect(sizeBeside({ width: 10_000, height: 10 }, 360)).toEqual({ width: 1440, height: 1 });
  expect(sizeBeside({ width: 1, height: 5000 }, 360)).toEqual({ width: 1, height: 360 });
});

test.each<[YuvMatrix, YuvMatrix]>([
  ['bt601', 'bt709'],
  ['bt709', 'bt601'],
])('colours of %s look the same in %s', (from, to) => {
  for (const colour of [
    [200, 60, 40],
    [30, 180, 70],
    [40, 60, 190],
    [128, 128, 128],
  ] as const) {
    const picture = plain(3, 3, colour, from);
    const changed = recolour(picture, to);
    expect(changed.matrix).toBe(to);
    for (const [x, y] of [
      [0, 0],
      [2, 2],
    ] as const)
      expect(colourAt(changed, x, y)).toEqual(near(colour));
  }
});

test('each half keeps its picture, even of odd widths and another matrix; dimming one leaves the other', () => {
  const sizes = [
    { width: 101, height: 64 },
    { width: 256, height: 40 },
  ] as const;
  const canvas = new PairCanvas(sizes, 'bt709', 1, loadCanvas('a test'));
  expect([canvas.image.width, canvas.image.height]).toEqual([102 + 256, 64]);
  canvas.put(0, plain(101, 64, [200, 60, 40], 'bt709'), ['a']);
  canvas.put(1, plain(256, 40, [40, 60, 190], 'bt601'), []);
  expect(colourAt(canvas.image, 50, 10)).toEqual(near([200, 60, 40]));
  expect(colourAt(canvas.image, 230, 30)).toEqual(near([40, 60, 190]));
  expect(colourAt(canvas.image, 230, 3)).toEqual(near([0, 0, 0])); // Above the lower picture.
  expect(colourAt(canvas.image, 230, 60)).toEqual(near([0, 0, 0]));
  canvas.dim(0, ['a  ended']);
  const [red = 0, green = 0, blue = 0] = colourAt(canvas.image, 50, 10);
  expect(red).toBeLessThan(80);
  expect([green, blue]).toEqual(near([red, red]));
  expect(colourAt(canvas.image, 230, 30)).toEqual(near([40, 60, 190]));
});

test('a text that is too long shows its end, on its own half only', () => {
  const sizes = [
    { width: 60, height: 60 },
    { width: 60, height: 60 },
  ] as const;
  const write = (line: string) => {
    const canvas = new PairCanvas(sizes, 'bt601', 1, loadCanvas('a test'));
    canvas.put(0, plain(60, 60, [0, 0, 0], 'bt601'), [line]);
    return canvas.image;
  };
  const long = write(`${'x'.repeat(100)}day-2`);
  expect(long.data).toEqual(write(`${'y'.repeat(50)}day-2`).data);
  expect(long.data).not.toEqual(write(`${'y'.repeat(50)}day-3`).data);
  for (let y = 0; y < 60; y++) for (let x = 60; x < 120; x++) expect(long.data[y * 120 + x]).toBe(16);
});
