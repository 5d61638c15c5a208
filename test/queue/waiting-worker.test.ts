import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BodyscriptError } from '../../src/errors.js';
import { JobStore } from '../../src/queue/job-store.js';
import { QueueDocket } from '../../src/queue/queue-docket.js';
import { countJobs } from '../../src/queue/queue-standing.js';
import { IS_FULL } from '../support/full-tests.js';
import { madeJob, USUAL } from '../support/queue-jobs.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { failure, TestQueues, videoOf } from '../support/test-queues.js';

const folder = await temporaryFolder();
const goesOn = () => false;
const never = () => false;
let redis: TestRedis;
let queues: TestQueues;
const queueOf: TestQueues['open'] = (...queue) => queues.open(...queue);

describe.skipIf(!HAS_REDIS)('a worker that waits for jobs', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--databases', '100');
    queues = new TestQueues(redis, folder);
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('a worker that waits takes a new job long before it would have asked again', async () => {
    await using queue = await queueOf([]);
    const docket = new QueueDocket(queue.store, { untilEmpty: false, within: undefined, machine: USUAL.machine });
    const waits: number[] = [];
    for (let round = 0; round < 7; round++) {
      const next = docket.next(goesOn);
      await new Promise(resolve => setTimeout(resolve, 600 + 70 * round));
      const start = performance.now();
      await queue.store.add([madeJob(queue.outDir, `late-${round}`)], 2, never);
      await docket.note(videoOf(await next), 'done', { kind: 'done', record: {} as never, outputs: [] });
      waits.push(performance.now() - start);
    }
    expect(waits.sort((a, b) => a - b)[3]).toBeLessThan(150);
  });

  test('a worker whose connections are cut goes on: it keeps its video, and takes the next one', async () => {
    await using queue = await queueOf(['a']);
    await using other = await JobStore.open(queue.url, () => {});
    const docket = new QueueDocket(queue.store, { untilEmpty: false, within: [], machine: USUAL.machine });
    const held = videoOf(await docket.next(goesOn));
    const next = docket.next(goesOn);
    await new Promise(resolve => setTimeout(resolve, 700));
    const cut = await other.run(database => database.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    expect(cut).toBeGreaterThan(1);
    expect(await docket.confirm(held)).toBe(true);
    await docket.note(held, 'done', { kind: 'done', record: {} as never, outputs: [] });
    await other.add([madeJob(queue.outDir, 'b')], 2, never);
    expect(videoOf(await next).job.name).toBe('b');
    expect(await countJobs(other)).toMatchObject({ done: 1, active: 1, failed: 0 });
  });

  test.runIf(IS_FULL).each([
    ['is gone', (server: TestRedis) => server.kill()],
    ['answers no more', (server: TestRedis) => server.suspend()],
  ])('a worker that waits ends with an error where the server %s', async (_, lose) => {
    await using server = await TestRedis.start();
    await using store = await JobStore.open(server.url(0), () => {});
    const docket = new QueueDocket(store, { untilEmpty: false, within: undefined, machine: USUAL.machine });
    const next = docket.next(goesOn).then(
      () => 'a job',
      (error: unknown) => (error as BodyscriptError).code,
    );
    await new Promise(resolve => setTimeout(resolve, 700));
    await lose(server);
    const start = performance.now();
    expect(await next).toBe('QUEUE_UNREACHABLE');
    expect(performance.now() - start).toBeLessThan(75_000);
  });

  test('a worker that waits stops within a second, also while a job is delayed for longer', async () => {
    await using queue = await queueOf(['a']);
    const docket = new QueueDocket(queue.store, { untilEmpty: false, within: undefined, machine: USUAL.machine });
    expect(await docket.handBack(videoOf(await docket.next(goesOn)), failure('OUTPUT_BUSY'))).toBe(true);
    let isStopped = false;
    const next = docket.next(() => isStopped);
    await new Promise(resolve => setTimeout(resolve, 1500));
    isStopped = true;
    const start = performance.now();
    expect(await next).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
