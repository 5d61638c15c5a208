import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { fullTest } from '../support/full-tests.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { CliRun } from '../support/run-cli.js';

/** `help queue` promises 15 s; the rest is for a machine that is busy. */
const WITHIN_MS = 25_000;

describe.skipIf(!HAS_REDIS)('an idle worker', () => {
  const losses: [string, string, (redis: TestRedis) => unknown][] = [
    ['answers no more', 'it does not answer', (redis: TestRedis) => redis.suspend()],
    ['is killed', 'the connection was cut', (redis: TestRedis) => redis.kill()],
  ];
  fullTest.each(losses)(
    'ends 15 s after Redis %s',
    async (_, reason, lose) => {
      await using redis = await TestRedis.start();
      const run = new CliRun(['work', '--queue', redis.url(0)]);
      while (!run.stderr.includes('waiting for videos')) await delay(20);
      await delay(1500); // It asks for jobs.
      await lose(redis);
      const since = performance.now();
      const { code, stderr } = await run.finished;
      expect(performance.now() - since).toBeLessThan(WITHIN_MS);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`the queue cannot be reached: ${reason}`)]);
    },
    60_000,
  );
});
