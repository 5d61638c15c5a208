import { describe, expect, test } from 'vitest';
import { planeLayout, toRgba, toYuv, type YuvMatrix, yuvBytes } from '../../src/model/picture.js';

/** A picture of 2 x 2 pixels of one colour, there and back. */
function thereAndBack(colour: readonly [number, number, number], matrix: YuvMatrix): number[] {
  const [y, cb, cr] = toYuv(colour, matrix);
  return [...toRgba({ width: 2, height: 2, matrix, data: Uint8Array.of(y, y, y, y, cb, cr) }).data.subarray(0, 3)];
}

describe('pictures in planes', () => {
  test.each([
    // ITU-R BT.601-7, table 3, and BT.709-6, section 3.4: 100 % bars.
    ['bt601', [255, 255, 255], [235, 128, 128]],
    ['bt601', [255, 0, 0], [81, 90, 240]],
    ['bt601', [0, 255, 0], [145, 54, 34]],
    ['bt601', [0, 0, 255], [41, 240, 110]],
    ['bt709', [255, 0, 0], [63, 102, 240]],
    ['bt709', [0, 255, 0], [173, 42, 26]],
    ['bt709', [0, 0, 255], [32, 240, 118]],
    ['bt709', [0, 0, 0], [16, 128, 128]],
  ] as const)('%s: %j is %j', (matrix, rgb, yuv) => {
    expect(toYuv(rgb, matrix)).toEqual(yuv);
  });

  test.each(['bt601', 'bt709'] as const)('%s: colours are restored within the rounding of their chroma', matrix => {
    for (const colour of [
      [0, 0, 0],
      [255, 255, 255],
      [200, 50, 50],
      [12, 180, 90],
      [30, 40, 250],
    ] as const) {
      const found = thereAndBack(colour, matrix);
      for (const [k, value] of colour.entries()) expect(Math.abs(found[k]! - value)).toBeLessThanOrEqual(3);
    }
  });

  test('odd sizes have one more chroma sample', () => {
    expect(planeLayout(5, 3)).toEqual({ chromaWidth: 3, chromaHeight: 2, cb: 15, cr: 21, bytes: 27 });
    expect(yuvBytes(1920, 1080)).toBe(1920 * 1080 * 1.5);
  });

  test('pixels are written to the given array, if it fits', () => {
    const image = { width: 2, height: 2, matrix: 'bt709' as const, data: Uint8Array.of(16, 16, 235, 235, 128, 128) };
    const pixels = new Uint8Array(16);
    expect(toRgba(image, pixels).data).toBe(pixels);
    expect([...pixels.subarray(0, 4), ...pixels.subarray(8, 12)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
    expect(toRgba(image, new Uint8Array(3)).data).toHaveLength(16);
  });
});
