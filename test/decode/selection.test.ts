import { describe, expect, test } from 'vitest';
import { expectedFrames, inTicks, isSelected, selectionFilters } from '../../src/decode/selection.js';

const NTSC = { num: 1001, den: 30_000 };

describe('selecting frames', () => {
  test('a start equal to a frame selects that frame, whatever the time base', () => {
    const ticks = inTicks({ start: (7 * 1001) / 30_000, every: 1 }, NTSC);
    expect(isSelected(ticks, 7, 7)).toBe(true);
    expect(isSelected(ticks, 6, 6)).toBe(false);
  });

  test('a start between two frames selects the later one; the end is excluded', () => {
    expect(inTicks({ end: 1e99, every: 1 }, { num: 1, den: 50 }).endTick).toBe(Number.MAX_SAFE_INTEGER);
    expect(inTicks({ start: 0.01, end: 0.04, every: 1 }, { num: 1, den: 50 })).toEqual({
      startTick: 1,
      endTick: 2,
      fromFrame: 0,
      counter: 'n',
      every: 1,
    });
  });

  test('every n-th counts from the first frame of the source', () => {
    const ticks = inTicks({ every: 3, start: 1 }, { num: 1, den: 1 });
    const chosen = [0, 1, 2, 3, 4, 5, 6].filter(n => isSelected(ticks, n, n));
    expect(chosen).toEqual([3, 6]);
  });

  test("ticks are truncated like ffmpeg's", () => {
    const ticks = inTicks({ start: 2, end: 3, every: 1 }, { num: 1, den: 1 });
    expect([1.9, 2, 2.9, 3].map(tick => isSelected(ticks, 0, tick))).toEqual([false, true, true, false]);
  });

  test('ffmpeg gets the same in ticks', () => {
    const clock = { usualStep: 1, longestPause: 100 };
    const [steady, ...others] = selectionFilters(
      { startTick: 10, endTick: 20, every: 2, fromFrame: 0, counter: 'n' },
      clock,
    );
    expect(steady).toMatch(/^setpts='/);
    expect(others).toEqual(['trim=end_pts=20', "select='gte(pts,10)*not(mod(n,2))'"]);
    expect(
      selectionFilters({ startTick: undefined, endTick: undefined, every: 1, fromFrame: 0, counter: 'n' }, clock),
    ).toEqual([]);
  });

  test.each([
    [{ every: 1 }, 300],
    [{ every: 4 }, 75],
    [{ every: 1, maxFrames: 20 }, 20],
    [{ every: 1, start: 2, end: 5 }, 90],
    [{ every: 2, start: 9 }, 15],
    [{ every: 1, start: 20 }, 0],
  ])('the frames expected of %o are %i', (selection, frames) => {
    const video = { frameCount: 300, duration: 10, averageRate: { num: 30, den: 1 } };
    expect(expectedFrames(selection, video)).toBe(frames);
  });

  test('the count is unknown for a file that does not state it', () => {
    const video = { frameCount: undefined, duration: undefined, averageRate: undefined };
    expect(expectedFrames({ every: 1 }, video)).toBeUndefined();
  });
});
