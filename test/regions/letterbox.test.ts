import { describe, expect, test } from 'vitest';
import { toRgba, type YuvImage, yuvBytes } from '../../src/model/picture.js';
import { type ColourPlane, letterbox } from '../../src/regions/letterbox.js';

const PLANES: readonly ColourPlane[] = [
  { colour: 'red', scale: 1, offset: 0 },
  { colour: 'green', scale: 1, offset: 0 },
  { colour: 'blue', scale: 1, offset: 0 },
];

/** A picture whose red is the column, green the row, blue 7. */
function ramp(width: number, height: number) {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width), 7, 255], i * 4);
  return { width, height, data };
}

describe('a picture in a square', () => {
  test('keeps its proportions, with black above and below', () => {
    const out = new Float32Array(3 * 8 * 8);
    const seen = letterbox(ramp(8, 4), { left: 0, top: 0, right: 8, bottom: 4 }, 8, PLANES, out);
    expect(seen).toEqual({ left: 0, top: -2, right: 8, bottom: 6 });
    const row = (plane: number, y: number) => [...out.subarray(plane * 64 + y * 8, plane * 64 + y * 8 + 8)];
    expect(row(2, 1)).toEqual(new Array(8).fill(0));
    expect(row(2, 6)).toEqual(new Array(8).fill(0));
    expect(row(0, 2)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([2, 3, 4, 5].map(y => row(1, y)[0])).toEqual([0, 1, 2, 3]);
  });

  test('leaves no pixel out when reduced', () => {
    const light = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
    // One white line of 64: sampling would skip or double it; its light is spread over the nearby samples.
    for (let line = 8; line < 56; line += 5) {
      const image = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 4) };
      for (let x = 0; x < 64; x++) image.data.fill(255, (line * 64 + x) * 4, (line * 64 + x) * 4 + 3);
      const out = new Float32Array(3 * 8 * 8);
      letterbox(image, { left: 0, top: 0, right: 64, bottom: 64 }, 8, PLANES, out);
      const column = Array.from({ length: 8 }, (_, y) => out[y * 8 + 3]!);
      // The weights of a pixel add up to nearly the same everywhere, and samples are rounded.
      expect(Math.abs(light(column) - 255 / 8)).toBeLessThan(3);
    }
  });

  test('may show a part, enlarged', () => {
    const out = new Float32Array(3 * 8 * 8);
    const part = { left: 10, top: 20, right: 14, bottom: 24 };
    expect(letterbox(ramp(64, 64), part, 8, PLANES, out)).toEqual(part);
    const columns = [...out.subarray(0, 8)];
    // Between the centres of pixels, at 10.5 + k; rounded.
    expect(columns).toEqual([10, 10, 11, 11, 12, 12, 13, 13]);
  });

  test('is the same from planes as from RGBA, except for rounding', () => {
    const [width, height] = [61, 35];
    const data = Uint8Array.from({ length: yuvBytes(width, height) }, (_, i) => 90 + (i % 40));
    const image: YuvImage = { width, height, data, matrix: 'bt709' };
    const [a, b] = [new Float32Array(3 * 12 * 12), new Float32Array(3 * 12 * 12)];
    const part = { left: 3, top: 1, right: 60, bottom: 34 };
    letterbox(image, part, 12, PLANES, a);
    letterbox(toRgba(image), part, 12, PLANES, b);
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))).toBeLessThan(12);
    expect(new Set(a).size).toBeGreaterThan(4);
  });

  test('planes have the requested order, scale and offset, also where it is black', () => {
    const out = new Float32Array(2 * 4 * 4);
    const planes = [
      { colour: 'blue', scale: 2, offset: -1 },
      { colour: 'red', scale: 1, offset: 0.5 },
    ] as const;
    letterbox(ramp(2, 4), { left: 0, top: 0, right: 2, bottom: 4 }, 4, planes, out);
    expect([...out.subarray(0, 4)]).toEqual([-1, 13, 13, -1]);
    expect([...out.subarray(16, 20)]).toEqual([0.5, 0.5, 1.5, 0.5]);
  });
});
