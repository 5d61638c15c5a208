import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countJobs } from '../../src/queue/queue-standing.js';
import { madeJob } from '../support/queue-jobs.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { allFailed, failed, TestQueues, videoOf } from '../support/test-queues.js';

const folder = await temporaryFolder();
const goesOn = () => false;
let redis: TestRedis;
let queues: TestQueues;
const queueOf: TestQueues['open'] = (...queue) => queues.open(...queue);

describe.skipIf(!HAS_REDIS)('a job that cannot be read', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--databases', '100');
    queues = new TestQueues(redis, folder);
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('a job that is not even JSON is refused, is listed, and keeps no worker from ending', async () => {
    await using queue = await queueOf(['a', 'b']);
    const { id } = madeJob(queue.outDir, 'a');
    await queue.store.run(database => database.hset(`bodyscript:videos:${id}`, 'data', '{"path'));
    expect(await queue.docket.next(goesOn)).toMatchObject({
      video: { given: `job ${id}` },
      decision: { what: 'refuse', error: { code: 'JOB_INVALID' } },
    });
    const other = videoOf(await queue.docket.next(goesOn));
    expect(other.job.name).toBe('b');
    await queue.docket.note(other, 'done', { kind: 'done', record: {} as never, outputs: [] });
    expect(await queue.docket.next(goesOn)).toBeUndefined();
    expect(await countJobs(queue.store)).toEqual({ waiting: 0, delayed: 0, active: 0, done: 1, failed: 1 });
    expect(await allFailed(queue.store)).toEqual([expect.objectContaining({ id, code: 'JOB_INVALID' })]);
  });

  test.each([
    ['opts', '{'],
    ['opts', 'null'],
    ['progress', '{'],
    ['parent', '{'],
  ])('a job whose %s are %j, which only BullMQ reads, is analysed', async (field, text) => {
    await using queue = await queueOf(['a']);
    const { id } = madeJob(queue.outDir, 'a');
    await queue.store.run(database => database.hset(`bodyscript:videos:${id}`, field, text));
    const video = videoOf(await queue.docket.next(goesOn));
    await queue.docket.note(video, 'done', { kind: 'done', record: {} as never, outputs: [] });
    expect(await queue.docket.next(goesOn)).toBeUndefined();
    expect(await countJobs(queue.store)).toMatchObject({ active: 0, done: 1 });
  });

  test('a failed job that was damaged afterwards is listed by its id', async () => {
    await using queue = await queueOf(['a', 'b']);
    for (const _ of 'ab') {
      await queue.docket.note(videoOf(await queue.docket.next(goesOn)), 'failed', failed('INPUT_NOT_A_VIDEO'));
    }
    const { id } = madeJob(queue.outDir, 'a');
    await queue.store.run(database => database.hset(`bodyscript:videos:${id}`, 'data', '{'));
    const listed = await allFailed(queue.store);
    expect(listed.map(job => [job.id, job.name]).sort()).toEqual(
      [
        [id, undefined],
        [madeJob(queue.outDir, 'b').id, 'b'],
      ].sort(),
    );
  });

  test('a job of which nothing is left but its id is refused', async () => {
    await using queue = await queueOf(['a']);
    const { id } = madeJob(queue.outDir, 'a');
    await queue.store.run(database => database.del(`bodyscript:videos:${id}`));
    expect(await queue.docket.next(goesOn)).toMatchObject({ decision: { error: { code: 'JOB_INVALID' } } });
    expect(await queue.docket.next(goesOn)).toBeUndefined();
  });
});
