import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type GovernedRunner, MemoryGovernor } from '../../src/batch/memory-governor.js';
import type { MemoryLimitError } from '../../src/errors.js';
import { readProcessMemory, readProportionalMemory } from '../../src/system/process-memory.js';

const GIB = 2 ** 30;
const open: MemoryGovernor[] = [];

/** A runner that only records its calls. */
class Noted implements GovernedRunner {
  readonly pid = undefined;
  stopped: MemoryLimitError[] = [];
  killed: MemoryLimitError[] = [];
  stop = (error: MemoryLimitError) => void this.stopped.push(error);
  kill = (error: MemoryLimitError) => void this.killed.push(error);
}

/** A governor with this much memory beyond this process's own, and its actions. */
async function governor(bytes: number) {
  const own = (await readProportionalMemory(process.pid)) ?? (await readProcessMemory(process.pid))?.rss ?? 0;
  const warnings: string[] = [];
  let closed = 0;
  // The test's own process grows while it runs: limits far above it.
  const limit = { bytes: own + bytes, source: '--max-memory' };
  const made = new MemoryGovernor([limit], {
    warn: message => warnings.push(message),
    closeIdle: () => {
      closed++;
    },
  });
  open.push(made);
  await delay(300); // Until it has sampled once.
  return { governor: made, warnings, timesClosed: () => closed, limit };
}

afterEach(() => {
  for (const made of open.splice(0)) made[Symbol.dispose]();
});

/** Whether a promise settles soon. */
async function settles(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), delay(50).then(() => false)]);
}

describe('memory shared among videos', () => {
  test('a second one starts only if both fit below 80 %; the first to end admits the next', async () => {
    const { governor: memory, timesClosed } = await governor(100 * GIB);
    const [a, b, c] = [new Noted(), new Noted(), new Noted()];
    for (const runner of [a, b, c]) memory.add(runner);
    expect(await settles(memory.admit(a, 40 * GIB, false))).toBe(true);
    expect(await settles(memory.admit(b, 30 * GIB, false))).toBe(true);
    const third = memory.admit(c, 30 * GIB, false);
    expect(await settles(third)).toBe(false);
    expect(timesClosed()).toBeGreaterThan(0);
    memory.release(a);
    expect(await settles(third)).toBe(true);
  });

  test("a video's present memory counts if it exceeds the expected one", async () => {
    const { governor: memory } = await governor(100 * GIB);
    const [a, b] = [new Noted(), new Noted()];
    for (const runner of [a, b]) memory.add(runner);
    await memory.admit(a, 10 * GIB, false);
    memory.update(a, 60 * GIB);
    expect(await settles(memory.admit(b, 30 * GIB, false))).toBe(false);
  });

  test('the only one is admitted whatever it needs: whether it fits was checked before', async () => {
    const { governor: memory } = await governor(100 * GIB);
    const a = new Noted();
    memory.add(a);
    expect(await settles(memory.admit(a, 95 * GIB, false))).toBe(true);
  });

  test('a video that must run alone waits for all others, and none starts beside it', async () => {
    const { governor: memory } = await governor(100 * GIB);
    const [a, b, c] = [new Noted(), new Noted(), new Noted()];
    for (const runner of [a, b, c]) memory.add(runner);
    await memory.admit(a, GIB, false);
    const alone = memory.admit(b, GIB, true);
    expect(await settles(alone)).toBe(false);
    memory.release(a);
    expect(await settles(alone)).toBe(true);
    const next = memory.admit(c, GIB, false);
    expect(await settles(next)).toBe(false);
    memory.release(b);
    expect(await settles(next)).toBe(true);
  });

  test('a warning at 70 %, once; at 90 % the largest is stopped, one at a time; above 96 % it is killed', async () => {
    const { governor: memory, warnings } = await governor(100 * GIB);
    const [small, large] = [new Noted(), new Noted()];
    for (const runner of [small, large]) memory.add(runner);
    await memory.admit(small, 10 * GIB, false);
    await memory.admit(large, 20 * GIB, false);
    memory.update(small, 25 * GIB);
    memory.update(large, 50 * GIB);
    await delay(600);
    expect(warnings).toEqual([
      expect.stringMatching(/memory use is \d+ MB of \d+ MB \(--max-memory\); at 80 % no further/),
    ]);
    expect(large.stopped).toEqual([]);
    memory.update(large, 66 * GIB);
    await delay(600);
    expect(large.stopped).toHaveLength(1);
    expect(large.stopped[0]).toMatchObject({ code: 'NOT_ENOUGH_MEMORY', exitCode: 5 });
    expect([small.stopped, large.killed]).toEqual([[], []]);
    memory.update(large, 73 * GIB);
    await delay(400);
    expect(large.killed.length).toBeGreaterThan(0);
    expect(warnings).toHaveLength(1);
  });
});
