import { describe, expect, test } from 'vitest';
import { orientationFilters, orientationOf, parseDisplayMatrix } from '../../src/decode/orientation.js';

const ONE = 65_536;
/** The point where a matrix shows (x, y), with y down; libavutil/display.h. */
const rows = (a: number, b: number, c: number, d: number) => [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 2 ** 30];

describe('display matrices', () => {
  test.each([
    ['upright', rows(1, 0, 0, 1), 0, false, []],
    ['a phone held upright (rotation -90)', rows(0, 1, -1, 0), 90, false, ['transpose=clock']],
    ['upside down', rows(-1, 0, 0, -1), 180, false, ['hflip', 'vflip']],
    ['a phone held the other way', rows(0, -1, 1, 0), 270, false, ['transpose=cclock']],
    ['mirrored', rows(-1, 0, 0, 1), 0, true, ['hflip']],
    ['mirrored upside down', rows(1, 0, 0, -1), 180, true, ['hflip', 'vflip', 'hflip']],
    ['transposed', rows(0, 1, 1, 0), 90, true, ['transpose=clock', 'hflip']],
  ] as const)('%s', (_, matrix, clockwise, mirrored, filters) => {
    const orientation = orientationOf(matrix);
    expect(orientation).toEqual({ clockwise, mirrored });
    expect(orientationFilters(orientation)).toEqual(filters);
  });

  test('are read as printed by ffprobe', () => {
    const text =
      '\n00000000:            0       65536           0\n00000001:       -65536           0           0\n00000002:            0           0  1073741824\n';
    expect(parseDisplayMatrix(text)).toEqual([0, ONE, 0, -ONE, 0, 0, 0, 0, 2 ** 30]);
    expect(parseDisplayMatrix('garbage')).toBeUndefined();
  });
});
