import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Staging } from '../../src/batch/staging.js';
import { countJobs, retryFailed } from '../../src/queue/queue-standing.js';
import { submitVideos } from '../../src/queue/submit.js';
import { allFailed, failed, queueOf, videoOf } from '../support/docket-queue.js';
import { USUAL } from '../support/queue-jobs.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';

const goesOn = () => false;
let redis: TestRedis;
type Queue = Awaited<ReturnType<typeof queueOf>>;

/** Hands out all videos, and lets them fail. */
async function failAll({ docket }: Queue, count: number): Promise<void> {
  for (let at = 0; at < count; at++)
    await docket.note(videoOf(await docket.next(goesOn)), 'failed', failed('INPUT_DAMAGED'));
}

async function submit({ store, outDir }: Queue, folder: string): Promise<number> {
  const inputs = { paths: [folder], nullSeparated: false, include: [], exclude: [], hidden: false, follow: false };
  const options = { ...USUAL, outputs: { ...USUAL.outputs, outDir } };
  const own = { fromFile: undefined, outDir, destination: undefined };
  const request = {
    inputs: { ...inputs, ...own },
    options,
    carried: {},
    attempts: 2,
    force: false,
    retryFailed: false,
  };
  return (await submitVideos(store, { ...request, staging: new Staging(undefined) }, new AbortController().signal))
    .added;
}

describe.skipIf(!HAS_REDIS)('failed videos of a queue, once they are repaired', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--databases', '100');
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('wait again by a name, a path or a relative path', async () => {
    await using queue = await queueOf(redis, ['a', 'b', 'c', 'd']);
    await failAll(queue, 4);
    const path = (name: string) => join(queue.outDir, `${name}.mp4`);
    const given = ['a', path('b'), relative(process.cwd(), path('c')), path('c')];
    expect(await retryFailed(queue.store, given)).toEqual({ retried: 3, unknown: [] });
    expect((await allFailed(queue.store)).map(({ name }) => name)).toEqual(['d']);
  });

  test('stay as they are where one that is given has not failed', async () => {
    await using queue = await queueOf(redis, ['a']);
    await failAll(queue, 1);
    const answer = { retried: 0, unknown: ['b', '../../etc'] };
    expect(await retryFailed(queue.store, ['a', 'b', '../../etc'])).toEqual(answer);
    expect(await countJobs(queue.store)).toMatchObject({ waiting: 0, failed: 1 });
  });

  test('may lose as many workers as at first', async () => {
    await using queue = await queueOf(redis, ['a']);
    const video = videoOf(await queue.docket.next(goesOn));
    const [active] = await queue.store.list('active', 0, 0);
    const key = `${queue.store.keyFor('videos')}:${active?.id}`;
    await queue.store.run(database => database.hset(key, 'stc', 4));
    await queue.docket.note(video, 'failed', failed('WORKER_DIED'));
    await retryFailed(queue.store, []);
    expect(await queue.store.run(database => database.hget(key, 'stc'))).toBeNull();
  });

  test('are forgotten when the repaired file is submitted, those of other videos and folders not', async () => {
    await using queue = await queueOf(redis, ['elsewhere']);
    const clips = join(queue.outDir, '..', `${basename(queue.outDir)}-clips`);
    await mkdir(clips);
    for (const name of ['broken', 'other']) await writeFile(join(clips, `${name}.mp4`), 'cut off');
    expect(await submit(queue, clips)).toBe(2);
    await failAll(queue, 3);
    await writeFile(join(clips, 'broken.mp4'), 'copied again');
    expect(await submit(queue, clips)).toBe(1);
    expect((await allFailed(queue.store)).map(({ name }) => name).sort()).toEqual(['elsewhere', 'other']);
    expect(await countJobs(queue.store)).toMatchObject({ waiting: 1, failed: 2 });
  });

  test('are submitted again where the broken file still waits: its job is replaced', async () => {
    await using queue = await queueOf(redis, ['elsewhere']);
    const clips = join(queue.outDir, '..', `${basename(queue.outDir)}-waiting`);
    await mkdir(clips);
    await writeFile(join(clips, 'broken.mp4'), 'cut off');
    expect(await submit(queue, clips)).toBe(1);
    await writeFile(join(clips, 'broken.mp4'), 'copied again');
    expect(await submit(queue, clips)).toBe(1);
    expect(await countJobs(queue.store)).toMatchObject({ waiting: 2, failed: 0 });
    expect(await submit(queue, clips)).toBe(0);
  });
});
