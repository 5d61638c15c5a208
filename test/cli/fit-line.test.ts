import { describe, expect, test } from 'vitest';
import { duration, roughly } from '../../src/cli/durations.js';
import { fitLine } from '../../src/cli/fit-line.js';
import { widthOf } from '../../src/text/width.js';

const PIECES = [
  { text: '████████████████████', rank: 2 },
  { text: ' 45 %', rank: 0 },
  { text: '135/300 frames', rank: 3 },
  { text: '4 s left', rank: 1 },
];

describe('a line of progress', () => {
  test.each([
    'walk.mp4',
    '歩行の記録二〇二六年三月のビデオ.mp4',
    'patient-017-follow-up-visit-camera-left-take-02.mp4',
  ])('%s fits at any width, and says how far it is', name => {
    for (let columns = 8; columns < 200; columns++) {
      const line = fitLine(name, PIECES, columns);
      expect(widthOf(line), `${columns}: ${line}`).toBeLessThanOrEqual(columns);
      expect(line).toContain('45 %');
    }
  });

  test('what matters least goes first', () => {
    expect(fitLine('walk.mp4', PIECES, 80)).toBe('walk.mp4  ████████████████████   45 %  135/300 frames  4 s left');
    expect(fitLine('walk.mp4', PIECES, 50)).toBe('walk.mp4  ████████████████████   45 %  4 s left');
    expect(fitLine('walk.mp4', PIECES, 30)).toBe('walk.mp4   45 %  4 s left');
    expect(fitLine('walk.mp4', PIECES, 16)).toBe('walk.mp4   45 %');
  });

  test('names of several lines stand below each other', () => {
    expect(fitLine('a.mp4', PIECES, 40, 12)).toBe('a.mp4          45 %  4 s left');
  });
});

test.each([
  [4.24, '4.2 s', '4 s'],
  [59.97, '1 min 0 s', '1 min 0 s'],
  [119.7, '2 min 0 s', '2 min 0 s'],
  [3599.8, '1 h 0 min', '1 h 0 min'],
  [3660, '1 h 1 min', '1 h 1 min'],
  [7170, '2 h 0 min', '2 h 0 min'],
])('%d seconds are %s, and roughly %s', (seconds, exact, rough) => {
  expect([duration(seconds), roughly(seconds)]).toEqual([exact, rough]);
});
