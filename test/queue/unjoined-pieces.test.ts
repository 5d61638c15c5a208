import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VideoOutcome } from '../../src/batch/worker/protocol.js';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { jobId, newJob } from '../../src/queue/job-data.js';
import { piecesOfJobs } from '../../src/queue/pieces.js';
import { countJobs } from '../../src/queue/queue-standing.js';
import { failed, never, queueOf, videoOf } from '../support/docket-queue.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';

const SEGMENTS = 11;
const goesOn = () => false;
const ANALYSIS = toAnalyzeOptions(
  resolveOptions(ANALYZE, [{ source: 'the test', nameOf: String, values: { segments: 2 } }]),
);
const waiting = (missing: number): VideoOutcome => ({ kind: 'waiting', segments: SEGMENTS, missing });
let redis: TestRedis;

/** A queue with a job for each piece of one video, all of them handed out. */
async function pieces() {
  const queue = await queueOf(redis, []);
  const { outDir, store, docket } = queue;
  const fields = {
    ...{ path: `${outDir}/walk.mp4`, outDir, name: 'walk', bytes: null, modified: null, etag: null },
    ...{ options: { segments: 2 }, force: false, retryFailed: false, submittedAt: Date.now() },
  };
  const jobs = piecesOfJobs(SEGMENTS).map(piece => newJob(piece ? { ...fields, piece } : fields));
  await store.add(
    jobs.map(data => ({ id: jobId(data, ANALYSIS), data })),
    2,
    never,
  );
  const [one, two, three] = [await docket.next(goesOn), await docket.next(goesOn), await docket.next(goesOn)];
  return { ...queue, one: videoOf(one), two: videoOf(two), three: videoOf(three) };
}

describe.skipIf(!HAS_REDIS)('the last piece of a video that nobody has joined', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--databases', '100');
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('leaves a job for the whole video, so that a worker joins it', async () => {
    await using queue = await pieces();
    const { docket, store, one, two, three } = queue;
    await docket.note(one, 'waiting', waiting(7));
    await docket.note(two, 'waiting', waiting(7));
    expect(await countJobs(store)).toMatchObject({ waiting: 0, active: 1, done: 2 });
    await docket.note(three, 'waiting', waiting(4));
    expect(await countJobs(store)).toMatchObject({ waiting: 1, active: 0, done: 3 });
    const whole = videoOf(await docket.next(goesOn));
    expect([whole.given, whole.piece]).toEqual([one.given, undefined]);
    await docket.note(whole, 'done', { kind: 'done', record: {} as never, outputs: [] });
    expect(await countJobs(store)).toMatchObject({ waiting: 0, active: 0, done: 4 });
  });

  test('leaves none where a worker joins it, or where a piece has failed and can be retried', async () => {
    await using queue = await pieces();
    const { docket, store, one, two, three } = queue;
    await docket.note(one, 'failed', failed('INPUT_DAMAGED'));
    await docket.note(two, 'waiting', waiting(0));
    await docket.note(three, 'waiting', waiting(4));
    expect(await countJobs(store)).toMatchObject({ waiting: 0, active: 0, done: 2, failed: 1 });
  });
});
