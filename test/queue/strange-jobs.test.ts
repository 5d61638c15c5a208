import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countJobs } from '../../src/queue/queue-standing.js';
import { allFailed, failed, never, queueOf, videoOf } from '../support/docket-queue.js';
import { madeJob } from '../support/queue-jobs.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';

const goesOn = () => false;
let redis: TestRedis;

describe.skipIf(!HAS_REDIS)('a queue that anybody may write to', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--databases', '100');
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test.each<[string, object]>([
    ['another version', { jobVersion: 3 }],
    ['a name that leads out', { name: '../../etc/x' }],
    ['an absolute name', { name: '/etc/x' }],
    ['a relative path', { path: 'clips/a.mp4' }],
    ['a path with dots', { outDir: '/srv/../etc' }],
    ['a piece that has no end', { jobVersion: 2, piece: { from: 0 } }],
    ['a program to run', { options: { ffmpeg: '/tmp/evil' } }],
    ['permission to replace', { options: { overwrite: true } }],
    ['a network to load', { options: { model: '/tmp/evil.task' } }],
    ['a place to write', { options: { csv: '/etc/passwd' } }],
    ['stdout', { options: { csv: '-' } }],
    ['a number beyond its bounds', { options: { people: 1e9 } }],
    ['an option of Object', { options: { constructor: 1 } }],
    ['too many options', { options: Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`o${at}`, 1])) }],
  ])('a job of a stranger with %s is refused, and nothing is written', async (_, fields) => {
    await using queue = await queueOf(redis, []);
    const { id, data } = madeJob(queue.outDir, 'a');
    await queue.store.add([{ id, data: { ...data, ...fields } as never }], 2, never);
    expect(await queue.docket.next(goesOn)).toMatchObject({
      outcome: 'failed',
      decision: { what: 'refuse', error: { code: 'JOB_INVALID' } },
    });
    expect(await queue.docket.next(goesOn)).toBeUndefined();
    expect(await readdir(queue.outDir)).toEqual([]);
  });

  test.each([[null], ['text'], [7], [[]]])('a job of a stranger whose data are %j is refused', async data => {
    await using queue = await queueOf(redis, []);
    const { bullmq, redis: connection } = queue.store.connection;
    const strangers = new bullmq.Queue('videos', { connection, prefix: 'bodyscript', skipVersionCheck: true });
    await strangers.add('x', data, { jobId: 'x-1' });
    expect(await queue.docket.next(goesOn)).toMatchObject({
      video: { given: 'job x-1' },
      decision: { what: 'refuse', error: { code: 'JOB_INVALID' } },
    });
    expect((await allFailed(queue.store))[0]).toMatchObject({ id: 'x-1', path: undefined, code: 'JOB_INVALID' });
  });

  test('a job that is not even JSON is refused, is listed, and keeps no worker from ending', async () => {
    await using queue = await queueOf(redis, ['a', 'b']);
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
    await using queue = await queueOf(redis, ['a']);
    const { id } = madeJob(queue.outDir, 'a');
    await queue.store.run(database => database.hset(`bodyscript:videos:${id}`, field, text));
    const video = videoOf(await queue.docket.next(goesOn));
    await queue.docket.note(video, 'done', { kind: 'done', record: {} as never, outputs: [] });
    expect(await queue.docket.next(goesOn)).toBeUndefined();
    expect(await countJobs(queue.store)).toMatchObject({ active: 0, done: 1 });
  });

  test('a failed job that was damaged afterwards is listed by its id', async () => {
    await using queue = await queueOf(redis, ['a', 'b']);
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
    await using queue = await queueOf(redis, ['a']);
    const { id } = madeJob(queue.outDir, 'a');
    await queue.store.run(database => database.del(`bodyscript:videos:${id}`));
    expect(await queue.docket.next(goesOn)).toMatchObject({ decision: { error: { code: 'JOB_INVALID' } } });
    expect(await queue.docket.next(goesOn)).toBeUndefined();
  });
});
