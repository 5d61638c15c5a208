import { describe, expect, test } from 'vitest';
import { WorstFrames } from '../../src/compare/worst-frames.js';

const place = (frameId: number) => ({ frameId, timestamp: frameId / 30, personId: 0 });

describe('the frames that differ most', () => {
  test('name positions first, however far off the depth is', () => {
    const worst = new WorstFrames(5);
    worst.add(place(1), 'left_knee', [
      ['position', 3, 2],
      ['depth', 900, 10],
    ]);
    worst.endPerson();
    worst.add(place(2), 'nose', [
      ['position', 8, 2],
      ['visibility', 0.9, 0.1],
    ]);
    worst.endPerson();
    expect(worst.frames.map(({ frameId, aspect, ratio }) => [frameId, aspect, ratio])).toEqual([
      [2, 'position', 4],
      [1, 'position', 1.5],
      [2, 'visibility', 9],
    ]);
    expect(worst.depths.map(({ frameId, landmark }) => [frameId, landmark])).toEqual([[1, 'left_knee']]);
  });

  test('put what exceeds its tolerance before positions that do not', () => {
    const worst = new WorstFrames(2);
    worst.add(place(1), 'nose', [['position', 1, 2]]);
    worst.endPerson();
    worst.add(place(2), 'nose', [['confidence', 0.3, 0.2]]);
    worst.endPerson();
    expect(worst.frames.map(({ aspect }) => aspect)).toEqual(['confidence', 'position']);
    expect(worst.depths).toEqual([]);
  });

  test('are as many as requested, the worst of all', () => {
    const worst = new WorstFrames(2);
    for (const off of [5, 9, 3, 7]) {
      worst.add(place(off), 'nose', [['position', off, 1]]);
      worst.endPerson();
    }
    expect(worst.frames.map(({ off }) => off)).toEqual([9, 7]);
    const none = new WorstFrames(0);
    none.add(place(1), 'nose', [['position', 5, 1]]);
    none.endPerson();
    expect(none.frames).toEqual([]);
  });
});
