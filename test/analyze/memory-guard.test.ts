import { describe, expect, test } from 'vitest';
import {
  checkMemoryBeforeStart,
  leastMemoryNeeded,
  MemoryGuard,
  type MemoryNeeds,
  tooSmallForCareful,
  usualMemory,
} from '../../src/analyze/memory-guard.js';
import { memoryNeeds } from '../../src/analyze/needs.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import type { MemoryLimitError } from '../../src/errors.js';
import { yuvBytes } from '../../src/model/picture.js';
import type { MemoryLimit } from '../../src/system/memory-limit.js';
import { analyzeOptions } from '../support/options.js';

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
    look: (rss: number, pss?: number) => guard.check({ rss: rss * MEBIBYTE, pss: pss && pss * MEBIBYTE }),
  };
}

describe('the memory guard', () => {
  test('is silent below 70 %, warns once from there, stops from 90 %', async () => {
    const { warnings, stops, look } = guarded(limit(100));
    await look(69);
    expect(warnings).toEqual([]);
    await look(70);
    await look(80);
    expect(warnings).toEqual(['memory is at 70 MB of 100 MB (test); the run stops at 90 %']);
    expect(stops).toEqual([]);
    await look(90);
    expect(stops[0]).toMatchObject({
      exitCode: 5,
      message: 'stopped at 90 MB of memory, 90 % of the 100 MB allowed (test)',
    });
  });

  test('counts shared pages once where they are known', async () => {
    const { stops, look } = guarded(limit(100));
    await look(120, 60);
    expect(stops).toEqual([]);
  });

  test("believes a control group's own count", async () => {
    const { stops, look } = guarded(limit(100, 95));
    await look(10);
    expect(stops).toHaveLength(1);
  });
});

describe('before the start', () => {
  const frameBytes = yuvBytes(1920, 1080);
  const hd: MemoryNeeds = { frameBytes, framesAhead: 0, engine: 'auto', model: 'full', overlay: true, finder: true };

  test.each(['native', 'mediapipe'] as const)('%s: 1080p with an overlay is tried in 512 MB, 8K is not', engine => {
    const check = (needs: MemoryNeeds) => checkMemoryBeforeStart('x.mp4', leastMemoryNeeded(needs), [limit(512)]);
    expect(() => check({ ...hd, engine })).not.toThrow();
    expect(() => check({ ...hd, engine, frameBytes: hd.frameBytes * 16 })).toThrow(
      /x\.mp4: needs at least \d+ MB of memory, the limit is 512 MB/,
    );
  });

  test('the careful network is not loaded where the guard would then stop the run', () => {
    // 1080p with an overlay takes 390 MB without it and 500 MB with it; 640x480 takes 340 and 450 MB; the network that finds people is in all of them.
    expect(tooSmallForCareful(hd, [limit(512)])).toBeDefined();
    expect(tooSmallForCareful({ ...hd, frameBytes: yuvBytes(640, 480) }, [limit(512)])).toBeUndefined();
    expect(tooSmallForCareful(hd, [limit(1024)])).toBeUndefined();
    expect(tooSmallForCareful(hd, [])).toBeUndefined();
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
    const engine = { ...DEFAULT_ENGINE_OPTIONS, people };
    const needs = memoryNeeds({ width: 640, height: 480 }, analyzeOptions('', { mode, engineName, engine }));
    expect(needs.finder).toBe(finder);
    const without = usualMemory({ ...needs, finder: false }, false);
    expect(usualMemory(needs, false) - without).toBe(finder ? 70 * MEBIBYTE : 0);
  });

  test('no overlay, a smaller model and the native engine need less', () => {
    const full = leastMemoryNeeded(hd);
    expect(leastMemoryNeeded({ ...hd, overlay: false })).toBeLessThan(full);
    expect(leastMemoryNeeded({ ...hd, model: 'lite' })).toBeLessThan(full);
    expect(leastMemoryNeeded({ ...hd, engine: 'mediapipe' })).toBeGreaterThan(full);
    // Of a model of the user's own nothing is known.
    expect(leastMemoryNeeded({ ...hd, model: '/my/model.task' })).toBe(full);
  });
});
