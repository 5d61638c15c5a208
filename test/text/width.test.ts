import { describe, expect, test } from 'vitest';
import { counted, timesOf } from '../../src/text/counted.js';
import { hanging, padded, shortened, widthOf } from '../../src/text/width.js';

describe('columns of a terminal', () => {
  test.each([
    ['walk.mp4', 8],
    ['', 0],
    ['歩行', 4],
    ['한국어', 6],
    ['ｶﾅ', 2],
    ['ＡＢ', 4],
    ['🏃', 2],
    ['👩‍🔬', 2],
    ['❤️', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['Ünïcödé', 7],
    ['𠮷野', 4],
  ])('%j takes %i', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  test('a text that is too long loses its middle, and keeps its end', () => {
    expect(shortened('patient-017-take-02.mp4', 15)).toBe('patient…-02.mp4');
    expect(shortened('walk.mp4', 8)).toBe('walk.mp4');
    expect(shortened('walk.mp4', 2)).toBe('wa');
    expect(shortened('walk.mp4', 0)).toBe('');
  });

  test.each(['patient-017-take-02.mp4', '歩行の記録二〇二六年.mp4', '👩‍🔬🏃👩‍🔬🏃👩‍🔬🏃.mp4'])(
    '%s is never shortened to more columns than there are, nor inside a character',
    text => {
      for (let columns = 0; columns < 30; columns++) {
        const short = shortened(text, columns);
        expect(widthOf(short)).toBeLessThanOrEqual(columns);
        expect(short).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|^\u200d|\u200d$/);
      }
    },
  );

  test('padding counts columns, not characters', () => {
    expect(padded('歩行', 6)).toBe('歩行  ');
    expect(padded('walking', 3)).toBe('walking');
  });
});

describe('a line that is too long for a terminal', () => {
  const LINE = '  peak memory     418 MB for all processes, decoder 60 MB, encoder 57 MB, 歩行 302 MB';

  test('is broken between words, and goes on below its text', () => {
    expect(hanging(LINE, 50, 18)).toEqual([
      '  peak memory     418 MB for all processes,',
      '                  decoder 60 MB, encoder 57 MB,',
      '                  歩行 302 MB',
    ]);
  });

  test('loses no word at any width, and fits where its words do', () => {
    for (let columns = 36; columns < 100; columns++) {
      const rows = hanging(LINE, columns, 18);
      expect(rows.map(row => row.trim()).join(' ')).toBe(LINE.trim());
      expect(Math.max(...rows.map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });

  test('is left to the terminal where that is narrow', () => {
    expect(hanging(LINE, 20, 18)).toEqual([LINE]);
  });

  test('keeps a word that is too long whole: it may be a path', () => {
    const path = `/films/${'very-'.repeat(20)}long.csv`;
    expect(hanging(`  written         ${path}`, 40, 18)).toEqual([`  written`, `                  ${path}`]);
  });
});

describe('numbers with their nouns', () => {
  test.each([
    [0, 'frame', undefined, '0 frames'],
    [1, 'frame', undefined, '1 frame'],
    [2, 'frame', undefined, '2 frames'],
    [1, 'person', 'people', '1 person'],
    [3, 'person', 'people', '3 people'],
  ])('%i %s', (count, noun, plural, expected) => {
    expect(counted(count, noun, plural)).toBe(expected);
  });

  test('once, and several times', () => {
    expect([timesOf(1), timesOf(2)]).toEqual(['once', '2 times']);
  });
});
