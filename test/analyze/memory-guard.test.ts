import { describe, expect, test } from 'vitest';
import {
  checkMemoryBeforeStart,
  leastMemoryNeeded,
  MemoryGuard,
  type MemoryNeeds,
  usualMemory,
} from '../../src/analyze/memory-guard.js';
import { memoryNeeds } from '../../src/analyze/needs.js';
import type { MemoryLimitError } from '../../src/errors.js';
import { yuvBytes } from '../../src/model/picture.js';
import type { MemoryLimit } from '../../src/system/memory-limit.js';
import { analyzeOptions, USUAL_ENGINE } from '../support/options.js';

const MEBIBYTE = 2 ** 20;
const limit = (megabytes: number, used?: number): MemoryLimit => ({
  bytes: megabytes * MEBIBYTE,
  source: 'test',
  ...(used === undefined ? {} : { used: async () => used * MEBIBYTE }),
});

function guarded(...limits: MemoryLimit[]) {
  const warnings: string[] = [];
  const stops: MemoryLimitError[] = [];
  const guard = new MemoryGuard(
    limits,
    message => warnings.push(message),
    error => stops.push(error),
  );
  return {
    warnings,
    stops,
    look: (rss: number, pss?: number, fixed?: number) =>
      guard.check({ rss: rss * MEBIBYTE, pss: pss && pss * MEBIBYTE, fixed: fixed && fixed * MEBIBYTE }),
  };
}

describe('the memory guard', () => {
  test('is silent below 70 %, warns once from there, stops from 90 %', async () => {
    const { warnings, stops, look } = guarded(limit(100));
    await look(69);
    expect(warnings).toEqual([]);
    await look(70);
    await look(80);
    expect(warnings).toEqual(['memory use is 70 MB of 100 MB (test); the run stops at 90 %']);
    expect(stops).toEqual([]);
    await look(90);
    expect(stops[0]).toMatchObject({
      exitCode: 5,
      message: 'stopped at 90 MB of memory, 90 % of the limit of 100 MB (test)',
    });
  });

  test('counts unreclaimable memory, and not what the system can drop and read again', async () => {
    const { warnings, stops, look } = guarded(limit(100));
    await look(220, 160, 69);
    expect([warnings, stops]).toEqual([[], []]);
    await look(220, 160, 90);
    expect(stops[0]).toMatchObject({ message: expect.stringContaining('stopped at 90 MB of memory, 90 %') });
  });

  test('counts shared pages once if no more is known', async () => {
    const { stops, look } = guarded(limit(100));
    await look(120, 60);
    expect(stops).toEqual([]);
  });

  test("trusts a control group's own count", async () => {
    const { stops, look } = guarded(limit(100, 95));
    await look(10);
    expect(stops).toHaveLength(1);
  });
});

describe('before the start', () => {
  const frameBytes = yuvBytes(1920, 1080);
  const hd: MemoryNeeds = {
    frameBytes,
    framesAhead: 0,
    people: 1,
    engine: 'auto',
    model: 'auto',
    overlay: true,
    refiner: true,
    finder: true,
    copied: false,
  };

  test.each(['native', 'mediapipe'] as const)('%s: 1080p with an overlay is tried in 512 MB, 8K is not', engine => {
    const check = (needs: MemoryNeeds) => checkMemoryBeforeStart('x.mp4', leastMemoryNeeded(needs), [limit(512)]);
    expect(() => check({ ...hd, engine })).not.toThrow();
    expect(() => check({ ...hd, engine, frameBytes: hd.frameBytes * 16 })).toThrow(
      /x\.mp4: needs at least \d+ MB of memory, the limit is 512 MB/,
    );
  });

  test('the needs of a video do not depend on the limit: in 256 MB 1080p is tried, 4K is rejected', () => {
    const of = (width: number, height: number) =>
      leastMemoryNeeded(memoryNeeds({ width, height }, analyzeOptions('', { mode: 'smart' })));
    expect(() => checkMemoryBeforeStart('x.mp4', of(1920, 1080), [limit(256)])).not.toThrow();
    expect(() => checkMemoryBeforeStart('x.mp4', of(3840, 2160), [limit(256)])).toThrow(
      /needs at least \d+ MB of memory, the limit is 256 MB/,
    );
  });

  test.each([
    ['smart', 1, 'auto', true],
    ['quality', 1, 'native', true],
    ['still', 2, 'auto', true],
    ['fast', 2, 'native', true],
    ['still', 1, 'native', false],
    ['track', 4, 'native', false],
    ['smart', 1, 'mediapipe', false],
    ['still', 2, 'mediapipe', false],
  ] as const)('%s, %i people, %s: the network that finds people is counted: %s', (mode, people, engineName, finder) => {
    const engine = { ...USUAL_ENGINE, people };
    const needs = memoryNeeds({ width: 640, height: 480 }, analyzeOptions('', { mode, engineName, engine }));
    expect(needs.finder).toBe(finder);
    const more = usualMemory(needs) - usualMemory({ ...needs, finder: false });
    expect(more > 0).toBe(finder);
  });

  test.each([
    ['smart', 'auto', 'auto', true],
    ['quality', 'native', 'auto', true],
    ['smart', 'native', 'full', false],
    ['track', 'native', 'auto', false],
    ['smart', 'mediapipe', 'auto', false],
  ] as const)('%s, %s, --model %s: the refining network is counted: %s', (mode, engineName, model, refiner) => {
    const engine = { ...USUAL_ENGINE, model };
    const needs = memoryNeeds({ width: 640, height: 480 }, analyzeOptions('', { mode, engineName, engine }));
    expect(needs.refiner).toBe(refiner);
    expect(usualMemory(needs)).toBeGreaterThanOrEqual(usualMemory({ ...needs, refiner: false }));
  });

  test('copied weights need more than mapped ones', () => {
    expect(usualMemory({ ...hd, copied: true })).toBeGreaterThan(usualMemory(hd) + 50 * MEBIBYTE);
  });

  test('no overlay, a smaller model and the native engine need less', () => {
    const full = leastMemoryNeeded(hd);
    expect(leastMemoryNeeded({ ...hd, overlay: false })).toBeLessThan(full);
    expect(leastMemoryNeeded({ ...hd, model: 'lite' })).toBeLessThan(full);
    expect(leastMemoryNeeded({ ...hd, engine: 'mediapipe' })).toBeGreaterThan(full);
    expect(leastMemoryNeeded({ ...hd, people: 4 })).toBeGreaterThan(full);
    // For a user's own model, it is only known that its weights are copied.
    const own = { ...hd, model: '/my/model.task' };
    expect(leastMemoryNeeded(own)).toBe(leastMemoryNeeded({ ...hd, model: 'full', copied: true }));
  });
});
