import { describe, expect, test } from 'vitest';
import { type Divisible, divide, type Share } from '../../../src/batch/plan/divide.js';
import { seeded } from '../../support/chaos.js';

const whole = (work: number): Divisible => ({ work, segments: 1 });
const long = (work: number, segments: number): Divisible => ({ work, segments });

function sums(shares: readonly Share[], parts: number): number[] {
  const result = new Array<number>(parts).fill(0);
  for (const { part, work } of shares) result[part - 1]! += work;
  return result;
}

/** The largest part, in means. */
function largest(shares: readonly Share[], parts: number): number {
  const all = sums(shares, parts);
  return Math.max(...all) / (all.reduce((a, b) => a + b) / parts);
}

const segmentsOf = (shares: readonly Share[], video: number) =>
  shares
    .filter(share => share.video === video)
    .flatMap(({ piece }) => (piece ? Array.from({ length: piece.to - piece.from + 1 }, (_, i) => piece.from + i) : []));

describe('dividing videos into parts', () => {
  test('one video that is most of the work is cut, and all parts are of about equal work', () => {
    const videos = [...Array.from({ length: 20 }, () => whole(1)), long(1000, 1000)];
    const shares = divide(videos, 10);
    expect(largest(shares, 10)).toBeLessThan(1.02);
    expect(segmentsOf(shares, 20)).toEqual(Array.from({ length: 1000 }, (_, at) => at));
  });

  test('each segment is in one piece, and no part has two pieces of a video, whatever the videos', () => {
    const random = seeded(11);
    for (let round = 0; round < 200; round++) {
      const parts = 1 + Math.floor(random() * 12);
      const videos = Array.from({ length: 1 + Math.floor(random() * 15) }, () => {
        const segments = 1 + Math.floor(random() ** 3 * 60);
        return long(random() * segments, segments);
      });
      const shares = divide(videos, parts);
      const places = shares.map(({ video, part }) => `${video} in ${part}`);
      expect(new Set(places).size).toBe(places.length);
      for (const [at, { work, segments }] of videos.entries()) {
        const own = shares.filter(({ video }) => video === at);
        expect(own.reduce((sum, share) => sum + share.work, 0)).toBeCloseTo(work, 9);
        if (own.length > 1) expect(segmentsOf(shares, at)).toEqual(Array.from({ length: segments }, (_, i) => i));
        else expect(own.map(({ piece }) => piece)).toEqual([undefined]);
      }
    }
  });

  test('videos stay whole where that keeps parts about equal', () => {
    const shares = divide([long(10, 20), long(10, 20), long(10, 20), long(10, 20)], 2);
    expect(shares.map(({ piece, part }) => [piece, part])).toEqual([
      [undefined, 1],
      [undefined, 2],
      [undefined, 1],
      [undefined, 2],
    ]);
    expect(divide([long(10, 20), long(10, 20), long(10, 20)], 2).filter(({ piece }) => piece)).toHaveLength(2);
  });

  test('a video of fewer segments than parts leaves parts empty', () => {
    const shares = divide([long(3, 3)], 8);
    expect(shares.map(({ piece }) => piece)).toEqual([
      { from: 0, to: 0 },
      { from: 1, to: 1 },
      { from: 2, to: 2 },
    ]);
    expect(new Set(shares.map(({ part }) => part)).size).toBe(3);
  });

  test('videos without known work, and no videos, are divided, too', () => {
    expect(divide([], 3)).toEqual([]);
    expect(divide([whole(0), whole(0)], 2).map(({ part }) => part)).toEqual([1, 2]);
    expect(divide([long(5, 9)], 1)).toEqual([{ video: 0, part: 1, work: 5, piece: undefined }]);
  });
});
