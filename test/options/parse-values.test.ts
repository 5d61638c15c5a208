import { describe, expect, test } from 'vitest';
import { parseSize, parseTime } from '../../src/options/parse-values.js';

describe('values of options', () => {
  test.each([
    ['12.5', 12.5],
    ['0', 0],
    ['1:02.5', 62.5],
    ['01:00:00.250', 3600.25],
    ['-0.4', -0.4],
    ['-00:01', -1],
  ])('a time %s is %d seconds', (text, seconds) => expect(parseTime('--start', text)).toBe(seconds));

  test.each(['', 'soon', '1:60', '1:2:3:4', '1e999'])('%j is no time', text => {
    expect(() => parseTime('--start', text)).toThrow(`--start must be seconds or hh:mm:ss.mmm, got "${text}"`);
  });

  test.each([
    ['512M', 512 * 2 ** 20],
    ['1.5G', 1.5 * 2 ** 30],
    ['800MB', 800 * 2 ** 20],
    ['2GiB', 2 ** 31],
    ['1000', 1000],
    ['4k', 4096],
  ])('a size %s is %d bytes', (text, bytes) => expect(parseSize('--max-memory', text)).toBe(bytes));

  test.each(['', '0', '-1M', '12X', 'M'])('%j is no size', text => {
    expect(() => parseSize('--max-memory', text)).toThrow('--max-memory must be a size, e.g. 512M or 2G');
  });
});
