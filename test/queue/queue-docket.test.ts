import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BodyscriptError, InterruptedError, toPlainError } from '../../src/errors.js';
import { JobStore } from '../../src/queue/job-store.js';
import { QueueDocket } from '../../src/queue/queue-docket.js';
import { activeJobs, countJobs } from '../../src/queue/queue-standing.js';
import { allFailed, failed, failure, never, queueOf, videoOf } from '../support/docket-queue.js';
import { IS_FULL } from '../support/full-tests.js';
import { madeJob, USUAL, WaitingWorker } from '../support/queue-jobs.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Long enough for a busy machine, short enough to wait for. */
const LOCK_MS = 1500;
const folder = await temporaryFolder();
const goesOn = () => false;
let redis: TestRedis;
const published = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n').sort();

describe.skipIf(!HAS_REDIS)('the docket of a queue', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--databases', '100');
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('hands each video to one worker only, and ends when none is left', async () => {
    await using queue = await queueOf(redis, ['a', 'b']);
    await using other = await JobStore.open(queue.url, () => {});
    const second = new QueueDocket(other, { untilEmpty: true, within: undefined, machine: USUAL.machine });
    const [one, two] = [videoOf(await queue.docket.next(goesOn)), videoOf(await second.next(goesOn))];
    expect([one.job.name, two.job.name].sort()).toEqual(['a', 'b']);
    expect(one.own?.options.outputs.outDir).toBe(queue.outDir);
    let isOver = false;
    const end = queue.docket.next(goesOn).then(step => {
      isOver = true;
      return step;
    });
    await queue.docket.note(one, 'done', { kind: 'done', record: {} as never, outputs: [] });
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(isOver).toBe(false); // The other worker may still hand its video back.
    await second.note(two, 'done', { kind: 'done', record: {} as never, outputs: [] });
    expect(await end).toBeUndefined();
    expect(await countJobs(queue.store)).toEqual({ waiting: 0, delayed: 0, active: 0, done: 2, failed: 0 });
  });

  test('adding a job again adds nothing, unless it has ended and that is asked for', async () => {
    await using queue = await queueOf(redis, ['a']);
    const again = [madeJob(queue.outDir, 'a')];
    expect(await queue.store.add(again, 2, never)).toBe(0);
    const video = videoOf(await queue.docket.next(goesOn));
    expect(await queue.store.add(again, 2, never)).toBe(0);
    await queue.docket.note(video, 'done', { kind: 'done', record: {} as never, outputs: [] });
    expect(await queue.store.add(again, 2, never)).toBe(0);
    expect(await queue.store.add(again, 2, state => state === 'failed')).toBe(0);
    expect(await queue.store.add(again, 2, state => state === 'completed')).toBe(1);
  });

  test('a failure that may not occur again is retried, a bad video is not', async () => {
    await using queue = await queueOf(redis, ['a']);
    const first = videoOf(await queue.docket.next(goesOn));
    expect(await queue.docket.handBack(first, failure('INPUT_NOT_A_VIDEO'))).toBe(false);
    expect(await queue.docket.handBack(first, failure('WORKER_DIED'))).toBe(true);
    const second = videoOf(await queue.docket.next(goesOn));
    expect(await queue.docket.handBack(second, failure('WORKER_DIED'))).toBe(false);
    await queue.docket.note(second, 'failed', failed('WORKER_DIED'));
    expect(await queue.docket.next(goesOn)).toBeUndefined();
    const [job] = await allFailed(queue.store);
    expect(job).toMatchObject({
      name: 'a',
      attempts: 2,
      code: 'WORKER_DIED',
      message: 'went wrong',
      remedy: 'Fix it.',
    });
    const note = JSON.parse(await readFile(join(queue.outDir, 'a.failed.json'), 'utf8'));
    expect(note).toMatchObject({ attempts: 2, error: { code: 'WORKER_DIED' } });
    expect([...queue.docket.outcomes()].map(({ job: { error } }) => error?.code)).toEqual(['WORKER_DIED']);
  });

  test('a video that is analysed is listed with its worker and its progress', async () => {
    await using queue = await queueOf(redis, ['a']);
    const video = videoOf(await queue.docket.next(goesOn));
    await queue.docket.begin(video);
    queue.docket.saw(video, 12, 300);
    await queue.docket.renew();
    const active = [];
    for await (const job of activeJobs(queue.store)) active.push(job);
    const worker = { host: hostname(), pid: process.pid };
    expect(active).toEqual([expect.objectContaining({ ...worker, name: 'a', frames: 12, expected: 300 })]);
  });

  test('an interrupted video waits again and has lost no attempt; one whose files are busy waits for a while', async () => {
    await using queue = await queueOf(redis, ['a']);
    const stopped = { ...failed('INTERRUPTED'), error: toPlainError(new InterruptedError('SIGTERM')) };
    for (let round = 0; round < 3; round++) {
      const video = videoOf(await queue.docket.next(goesOn));
      await queue.docket.note(video, 'interrupted', stopped);
      expect(await countJobs(queue.store)).toMatchObject({ waiting: 1, active: 0 });
    }
    const video = videoOf(await queue.docket.next(goesOn));
    expect(await queue.docket.handBack(video, failure('OUTPUT_BUSY'))).toBe(true);
    expect(await countJobs(queue.store)).toMatchObject({ waiting: 0, delayed: 1, failed: 0 });
  });

  test('a worker that is stopped takes nothing, and what it has just taken goes back', async () => {
    await using queue = await queueOf(redis, ['a']);
    let asked = 0;
    expect(await queue.docket.next(() => asked++ > 0)).toBeUndefined();
    expect(await countJobs(queue.store)).toMatchObject({ waiting: 1, active: 0 });
  });

  test('a failure that a file beside the outputs keeps is not tried again, unless that is asked for', async () => {
    await using queue = await queueOf(redis, ['a']);
    await queue.docket.note(videoOf(await queue.docket.next(goesOn)), 'failed', failed('INPUT_NOT_A_VIDEO'));
    await queue.store.run(database => database.flushdb());
    await queue.store.add([madeJob(queue.outDir, 'a')], 2, never);
    expect(await queue.docket.next(goesOn)).toMatchObject({ what: 'settle', outcome: 'failed' });
    await queue.store.run(database => database.flushdb());
    await queue.store.add([madeJob(queue.outDir, 'a', { retryFailed: true })], 2, never);
    expect(videoOf(await queue.docket.next(goesOn)).job.name).toBe('a');
  });

  test('a video that was replaced after it was submitted is refused', async () => {
    await using queue = await queueOf(redis, []);
    await writeFile(join(queue.outDir, 'a.mp4'), 'another');
    await queue.store.add([madeJob(queue.outDir, 'a', { bytes: 3, modified: 4 })], 2, never);
    expect(await queue.docket.next(goesOn)).toMatchObject({
      outcome: 'failed',
      decision: { what: 'refuse', error: { code: 'INPUT_CHANGED' } },
    });
  });

  test('a worker that waits takes a new job long before it would have asked again', async () => {
    await using queue = await queueOf(redis, []);
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
    await using queue = await queueOf(redis, ['a']);
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
    await using queue = await queueOf(redis, ['a']);
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

  test('a worker that is confined leaves jobs outside its folder to others, and ends if nothing else waits', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    await using queue = await queueOf(redis, ['a', 'b'], elsewhere);
    await queue.store.add([madeJob(elsewhere, 'own')], 2, never);
    const own = videoOf(await queue.docket.next(goesOn));
    expect(own.job.name).toBe('own');
    expect(await countJobs(queue.store)).toMatchObject({ waiting: 0, delayed: 2, active: 1 });
    await queue.docket.note(own, 'done', { kind: 'done', record: {} as never, outputs: [] });
    await expect(queue.docket.next(goesOn)).rejects.toMatchObject({
      code: 'JOB_OUTSIDE',
      message: expect.stringContaining(`is outside ${elsewhere} (--within)`),
    });
    expect(await countJobs(queue.store)).toMatchObject({ active: 0, done: 1, failed: 0 });
    const other = new QueueDocket(queue.store, { untilEmpty: true, within: undefined, machine: USUAL.machine });
    const left = [videoOf(await other.next(goesOn)), videoOf(await other.next(goesOn))];
    expect(left.map(({ job }) => job.name).sort()).toEqual(['a', 'b']);
  });

  test('a worker without the share ends and hands its job back; a video missing in its folder is analysed', async () => {
    await using queue = await queueOf(redis, []);
    const place = join(folder, 'share');
    await queue.store.add([madeJob(queue.outDir, 'a', { path: join(place, 'clips/a.mp4') })], 2, never);
    await expect(queue.docket.next(goesOn)).rejects.toMatchObject({ code: 'SHARE_MISSING' });
    expect(await countJobs(queue.store)).toMatchObject({ waiting: 1, active: 0, failed: 0 });
    await mkdir(join(place, 'clips'), { recursive: true });
    expect(videoOf(await queue.docket.next(goesOn)).job.name).toBe('a');

    await writeFile(join(place, 'clips/b.mp4'), 'here');
    const results = { path: join(place, 'clips/b.mp4'), outDir: join(place, 'other/results') };
    await queue.store.add([madeJob(queue.outDir, 'b', results)], 2, never);
    await expect(queue.docket.next(goesOn)).rejects.toMatchObject({
      code: 'SHARE_MISSING',
      message: expect.stringContaining(`${join(place, 'other')} does not exist on this machine`),
    });
  });

  test('a confined worker takes jobs inside its folder, links included', async () => {
    await using inside = await queueOf(redis, ['a'], tmpdir());
    expect(videoOf(await inside.docket.next(goesOn)).job.name).toBe('a');
  });

  test('the video of a worker that was killed is analysed by another, and published once', async () => {
    await using queue = await queueOf(redis, ['a'], undefined, LOCK_MS);
    const file = join(queue.outDir, 'published');
    const how = { url: queue.url, lockMs: LOCK_MS, lanes: 1, file };
    const killed = new WaitingWorker({ ...how, waitMs: 60_000 });
    await killed.says('began a');
    killed.kill('SIGKILL');
    const other = new WaitingWorker({ ...how, waitMs: 10 });
    await other.ended;
    expect(await published(file)).toEqual(['a']);
    expect(await countJobs(queue.store)).toMatchObject({ active: 0, done: 1, failed: 0 });
  });

  test('a worker that was suspended past its lock does not publish: another has', async () => {
    await using queue = await queueOf(redis, ['a'], undefined, LOCK_MS);
    const file = join(queue.outDir, 'published');
    const how = { url: queue.url, lockMs: LOCK_MS, lanes: 1, file };
    const suspended = new WaitingWorker({ ...how, waitMs: 500 });
    await suspended.says('began a');
    suspended.kill('SIGSTOP');
    const other = new WaitingWorker({ ...how, waitMs: 10 });
    await other.ended;
    suspended.kill('SIGCONT');
    await suspended.ended;
    expect(suspended.said).toContain('lost a');
    expect(await published(file)).toEqual(['a']);
    expect(await countJobs(queue.store)).toMatchObject({ active: 0, done: 1, failed: 0 });
  });
});
