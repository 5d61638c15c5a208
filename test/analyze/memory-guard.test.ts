import { describe, expect, test } from 'vitest';
import { checkMemoryBeforeStart, leastMemoryNeeded, MemoryGuard } from '../../src/analyze/memory-guard.js';
import type { MemoryLimitError } from '../../src/errors.js';
import type { MemoryLimit } from '../../src/system/memory-limit.js';

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
  const frame1080p = 1920 * 1080 * 4;

  test('1080p with an overlay is tried in 512 MB, 8K is not', () => {
    const check = (bytes: number) =>
      checkMemoryBeforeStart('x.mp4', leastMemoryNeeded(bytes, 'full', true), [limit(512)]);
    expect(() => check(frame1080p)).not.toThrow();
    expect(() => check(frame1080p * 16)).toThrow(/x\.mp4: needs at least \d+ MB of memory, the limit is 512 MB/);
  });

  test('no overlay and a smaller model need less', () => {
    expect(leastMemoryNeeded(frame1080p, 'full', false)).toBeLessThan(leastMemoryNeeded(frame1080p, 'full', true));
    expect(leastMemoryNeeded(frame1080p, 'lite', true)).toBeLessThan(leastMemoryNeeded(frame1080p, 'heavy', true));
  });
});
