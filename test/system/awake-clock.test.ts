import { expect, test } from 'vitest';
import { AwakeClock } from '../../src/system/awake-clock.js';

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

test('a clock that was not read for long counts two of its intervals, and all of those in which it was read', async () => {
  const clock = new AwakeClock(50);
  const begun = performance.now();
  await wait(400);
  expect(clock.now()).toBe(100);
  for (let i = 0; i < 5; i++) {
    await wait(20);
    clock.now();
  }
  const passed = performance.now() - begun;
  expect(clock.now()).toBeGreaterThan(180);
  expect(clock.now()).toBeLessThan(passed - 250);
});
