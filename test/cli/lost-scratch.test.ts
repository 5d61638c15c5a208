import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { expectNothingLeftRunning, FAST, until } from '../support/batch-runs.js';
import { IS_FULL } from '../support/full-tests.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { filesBelow, type ProxiedBucket, startProxiedBucket, testClip } from '../support/proxied-bucket.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const CALM = join(folder, 'calm');

// As with a pod or a spot machine: its disk is gone with it.
describe.skipIf(!IS_FULL || !MOTO || process.platform === 'win32')(
  'a machine that is lost with its scratch folder',
  () => {
    let place: ProxiedBucket;
    let bucket: Bucket;
    let redis: TestRedis | undefined;

    beforeAll(async () => {
      place = await startProxiedBucket(folder);
      ({ bucket } = place);
      if (HAS_REDIS) redis = await TestRedis.start();
      await bucket.put('clips/walk.mp4', await testClip(folder, 'walk.mp4', 8));
      expect(await runCli(['analyze', join(folder, 'walk.mp4'), '-o', CALM, ...FAST])).toMatchObject({ code: 0 });
    }, 120_000);
    afterAll(() => redis?.[Symbol.asyncDispose]());
    beforeEach(() => place.calm());

    /** Starts a command, and loses its machine in the middle of the video. */
    async function lose(args: readonly string[], scratch: string): Promise<void> {
      const run = new CliRun([...args, '--scratch', scratch], { env: place.env() });
      await until(async () => (await filesBelow(scratch, '.bin')).length > 0 || undefined, 'a checkpoint');
      run.process.kill('SIGKILL');
      await run.finished;
      await expectNothingLeftRunning(scratch);
      expect(await filesBelow(scratch, '.mp4')).toHaveLength(1);
      expect(place.published()).toEqual({});
      await rm(scratch, { recursive: true });
    }

    /** What is in the bucket, and on the machine that did the video. @param beside the results */
    async function expectOneCalmResult(out: string, scratch: string, beside: readonly string[]): Promise<void> {
      expect(place.published()).toEqual({ [`/lab/${out}/walk.run.json`]: 1 });
      expect(place.downloads()).toHaveLength(2);
      expect(await bucket.text(`${out}/walk.csv`)).toBe(await readFile(join(CALM, 'walk.csv'), 'utf8'));
      const record = JSON.parse(await bucket.text(`${out}/walk.run.json`)) as RunRecord;
      expect(record).toMatchObject({ status: 'done', resumedAtFrames: [] }); // From the beginning.
      const expected = [...beside, 'walk.csv', 'walk.run.json'].map(name => `${out}/${name}`);
      expect(Object.keys(await bucket.list(`${out}/`)).sort()).toEqual(expected.sort());
      expect(await bucket.unfinished()).toEqual([]);
      for (const suffix of ['.mp4', '.csv', '.bin', '.partial']) expect(await filesBelow(scratch, suffix)).toEqual([]);
    }

    test('leaves its part of a plan to another, which begins the video again and publishes it once', async () => {
      const plan = ['plan', 's3://lab/clips', '-o', 's3://lab/part', '--parts', '1'];
      expect(await runCli(plan, { env: place.env() })).toMatchObject({ code: 0 });
      const args = ['analyze', '--plan', 's3://lab/part', '--part', '1', ...FAST];
      await lose(args, join(folder, 'part-1'));
      const scratch = join(folder, 'part-2');
      const ended = await runCli([...args, '--scratch', scratch], { env: place.env() });
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('1 done')]);
      await expectOneCalmResult('part', scratch, ['.bodyscript/plan.ndjson', 'batch-1-of-1.json']);
    }, 120_000);

    test.runIf(HAS_REDIS)(
      'leaves its job of a queue to another, which begins the video again and publishes it once',
      async () => {
        const queue = ['--queue', redis?.url(0) ?? ''];
        const submit = ['submit', 's3://lab/clips', '-o', 's3://lab/job', ...queue, ...FAST];
        expect(await runCli(submit, { env: place.env() })).toMatchObject({ code: 0 });
        const args = ['work', ...queue, '--jobs', '1', '--until-empty'];
        await lose(args, join(folder, 'job-1'));
        const scratch = join(folder, 'job-2');
        const ended = await runCli([...args, '--scratch', scratch], { env: place.env() });
        expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/1 video: 1 done/)]);
        await expectOneCalmResult('job', scratch, []);
      },
      180_000,
    );
  },
);
