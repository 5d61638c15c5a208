import { describe, expect, test } from 'vitest';
import { Cuts, SEGMENT_SECONDS } from '../../../src/analyze/segments/cuts.js';
import { seeded } from '../../support/chaos.js';

describe('the cuts of a video', () => {
  test('each time belongs to exactly one segment, whatever the rounding', () => {
    const random = seeded(3);
    for (let i = 0; i < 2000; i++) {
      const cuts = new Cuts(random() * 10);
      const seconds = random() * 7200;
      const { index, from, to } = cuts.at(cuts.indexAt(seconds));
      expect(seconds >= from && seconds < to).toBe(true);
      expect(cuts.indexAt(to)).toBe(index + 1);
      if (index > 0) expect(cuts.indexAt(from)).toBe(index);
    }
  });

  test('what comes before the start is of the first segment', () => {
    const cuts = new Cuts(1.5);
    expect([cuts.indexAt(0), cuts.indexAt(1.5), cuts.indexAt(1.5 + SEGMENT_SECONDS)]).toEqual([0, 0, 1]);
  });
});
