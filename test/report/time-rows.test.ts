import { describe, expect, test } from 'vitest';
import { knownMeanOf, spanOf, timeBins } from '../../src/report/bins.js';
import { statusesInWords, statusLegend, statusRow } from '../../src/report/statuses.js';
import { StillFrame } from '../../src/report/still.js';
import { SwappedFrames } from '../../src/report/swapped-frames.js';
import { clockText, ticksOf } from '../../src/report/time-axis.js';
import { timelineOf } from '../../src/report/timeline.js';

const steady = (frames: number, rate = 30) => Float64Array.from({ length: frames }, (_, i) => i / rate);

describe('stretches of time', () => {
  test('are a frame each at a steady rate, also where times are rounded to milliseconds', () => {
    const single = Array.from({ length: 300 }, (_, i) => [i, i + 1]);
    expect(timeBins(steady(300), 2000)).toEqual(single);
    expect(
      timeBins(
        steady(300).map(time => Math.round(time * 1000) / 1000),
        2000,
      ),
    ).toEqual(single);
    expect(spanOf(steady(300)).seconds).toBeCloseTo(10, 9);
  });

  test('are equally long where frames are not: a pause shows the frame before it', () => {
    const times = Float64Array.from([0, 1, 2, 7]);
    expect(timeBins(times, 8)).toEqual([
      [0, 3],
      [2, 3],
      [2, 3],
      [3, 4],
    ]);
  });

  test('leave out no frame of a long table', () => {
    for (const frames of [2001, 100_003]) {
      const bins = timeBins(steady(frames), 2000);
      expect(bins).toHaveLength(2000);
      expect(bins[0]![0]).toBe(0);
      expect(bins.at(-1)![1]).toBe(frames);
      for (const [i, [from]] of bins.entries()) if (i > 0) expect(from).toBeLessThanOrEqual(bins[i - 1]![1]);
    }
  });

  test('of one frame or none are no fault', () => {
    expect(timeBins(new Float64Array(), 10)).toEqual([]);
    expect(timeBins(Float64Array.from([3]), 10)).toEqual([[0, 1]]);
    expect(spanOf(new Float64Array()).seconds).toBeGreaterThan(0);
  });

  test('have the mean of their known values', () => {
    expect(knownMeanOf(Float64Array.from([1, Number.NaN, 2]))).toBe(1.5);
    expect(knownMeanOf(Float64Array.from([Number.NaN]))).toBeNaN();
  });

  test('say in which of them left and right are swapped, by frame ids', () => {
    const swaps = new SwappedFrames([14]);
    for (const frameId of [10, 12, 14, 16]) swaps.add({ frameId, timestamp: frameId / 30, people: [] });
    expect(swaps.in(timeBins(steady(4), 4))).toEqual([false, false, true, false]);
  });
});

describe('a time axis', () => {
  test('has at most six labels that read well, for a second as for a day', () => {
    expect(ticksOf({ start: 0, seconds: 2 })).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(ticksOf({ start: 12.3, seconds: 4 })).toEqual([13, 14, 15, 16]);
    expect(ticksOf({ start: 0, seconds: 3600 })).toEqual([0, 900, 1800, 2700, 3600]);
    for (const seconds of [0.04, 1 / 3, 7, 59, 61, 601, 5000, 86_400, 1e6]) {
      const ticks = ticksOf({ start: 0, seconds });
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.length).toBeGreaterThan(0);
    }
  });

  test('spells moments as a clock does', () => {
    expect([0, 0.25, 59.5, 60, 125.4, 3600, 3725].map(clockText)).toEqual([
      '0 s',
      '0.25 s',
      '59.5 s',
      '1:00',
      '2:05',
      '1:00:00',
      '1:02:05',
    ]);
  });
});

describe('a status row', () => {
  test('is one shape for each status, as wide as its bins, and as high as its kind', () => {
    const { text } = statusRow('11220021', 'person 0: <tracked>');
    expect(text).toContain('viewBox="0 0 8 16"');
    expect(text).toContain('aria-label="person 0: &lt;tracked&gt;"');
    const shapes = [...text.matchAll(/<path class="(s\d)" d="([^"]*)"/g)].map(([, name, shape]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual({
      s0: 'M4 6.5H6v3H4z',
      s1: 'M0 0H2v16H0zM7 0H8v16H7z',
      s2: 'M2 2H4v12H2zM6 2H7v12H6z',
    });
  });

  test('has a legend of what occurs, and the same in words', () => {
    const { text } = statusLegend(['220', '226']);
    expect([...text.matchAll(/<\/svg>([^<]*)/g)].map(([, name]) => name)).toEqual([
      'tracked',
      'missing',
      'absent (before the first or after the last pose)',
    ]);
    expect(statusesInWords({ 1: 1, 2: 57 })).toBe('tracked in 57 frames, newly detected in 1');
    expect(statusesInWords({ 2: 1 })).toBe('tracked in 1 frame');
  });
});

describe('a timeline', () => {
  const rows = [{ id: 3, statuses: '2222', frames: { 2: 4 } }];
  const usual = {
    rows,
    further: 0,
    scores: [1, 1, 1, 1],
    swapped: [false, false, false, false],
    span: spanOf(steady(4)),
  };

  test('has a row of swaps, with its legend, only where left and right are swapped', () => {
    expect(timelineOf(usual).text).not.toContain('swap');
    const { text } = timelineOf({ ...usual, swapped: [false, true, true, false] });
    expect(text).toContain('<path class="s5" d="M1 0H3v16H1z"/>');
    expect(text).toMatch(/<ul class="legend">.*left and right swapped/);
  });

  test('has a curve of scores with a gap where no person was found, and counts those without a row', () => {
    const { text } = timelineOf({ ...usual, scores: [1, Number.NaN, 0.5, 0], further: 2 });
    expect(text).toContain('d="M0 1.0H1M2 20.0H3H3V39.0H4"');
    expect(text).toContain('lowest 0.00');
    expect(text).toContain('2 further people have no row.');
  });
});

describe('a still', () => {
  const person = (personId: number, score: number, x: number) => ({
    ...{ personId, score, status: 'tracked', strategy: 'original' },
    landmarks: Array.from({ length: 33 }, (_, id) => ({ xPx: x + id, yPx: 2 * id })) as never,
  });

  test('is the frame with most people, of the surest poses, with each in their colour', () => {
    const still = new StillFrame();
    expect(still.picture({ width: 640, height: 480 })).toBeUndefined();
    const frames = [
      [person(0, 0.9, 0)],
      [person(0, 0.5, 10), person(9, 0.6, 20)],
      [person(0, 0.5, 5), person(9, 0.5, 5)],
    ];
    for (const [frameId, people] of frames.entries()) still.add({ frameId, timestamp: frameId / 10, people });
    expect(still.at).toBe(0.1);
    const text = still.picture({ width: 640, height: 480 })?.text ?? '';
    expect(text).toContain('aria-label="skeletons of 2 people at 0.1 s"');
    expect([...text.matchAll(/<g class="(p\d)"/g)].map(([, colour]) => colour)).toEqual(['p0', 'p1']);
    // From the left shoulder (11) to the left elbow (13).
    expect(text).toContain('M21.0 22.0L23.0 26.0');
  });

  test('draws no line to a landmark without a place, and nothing of a person without a trunk', () => {
    const without = (...ids: number[]) =>
      Array.from({ length: 33 }, (_, id) => (ids.includes(id) ? {} : { xPx: id, yPx: id })) as never;
    const still = new StillFrame();
    still.add({ frameId: 0, timestamp: 0, people: [{ ...person(0, 1, 0), landmarks: without(11, 12) }] });
    expect(still.at).toBeUndefined();
    still.add({ frameId: 1, timestamp: 0.1, people: [{ ...person(0, 1, 0), landmarks: without(7, 13) }] });
    const text = still.picture({ width: 640, height: 480 })?.text;
    expect(text).not.toMatch(/NaN|undefined|circle|L13\.0 13\.0/);
    expect(text).toContain('M12.0 12.0L14.0 14.0');
  });
});
