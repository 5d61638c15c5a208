import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { FAST, until } from '../support/batch-runs.js';
import type { FaultProxy } from '../support/fault-proxy.js';
import { firstOf, fullTest, IS_FULL } from '../support/full-tests.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { filesBelow, type ProxiedBucket, startProxiedBucket, testClip } from '../support/proxied-bucket.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
/** Of one request, by the client. */
const TRIES = 5;
const SHORT = ['a', 'b', 'monday/c'];

describe.skipIf(!MOTO || !HAS_REDIS || process.platform === 'win32')('jobs of a queue with buckets', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let proxy: FaultProxy;
  let redis: TestRedis;
  let databases = 0;

  beforeAll(async () => {
    [place, redis] = await Promise.all([startProxiedBucket(folder), TestRedis.start('--databases', '100')]);
    ({ bucket, proxy } = place);
    const [short, long] = [await testClip(folder, 'short.mp4', 0.3), await testClip(folder, 'long.mp4', 20)];
    for (const name of SHORT) await bucket.put(`in/${name}.mp4`, short);
    await bucket.put('long/0-long.mp4', long);
    for (const name of SHORT) await bucket.put(`long/${name}.mp4`, short);
    await bucket.put('one/a.mp4', short);
  }, 120_000);
  afterAll(() => redis?.[Symbol.asyncDispose]());
  beforeEach(() => place.calm());

  const env = () => place.env();
  const newQueue = () => redis.url(databases++);
  const submit = async (url: string, from: string, to: string, ...more: string[]) => {
    const args = ['submit', `s3://lab/${from}`, '-o', `s3://lab/${to}`, '--queue', url, '--json', ...FAST, ...more];
    const { stdout, stderr } = await runCli(args, { env: env() });
    return JSON.parse(stdout || JSON.stringify(stderr)) as unknown;
  };
  const work = (url: string, ...more: string[]) => ['work', '--queue', url, '--jobs', '1', '--until-empty', ...more];
  const runWork = async (url: string, ...more: string[]) => runCli(work(url, ...more), { env: env() });
  const jobs = async (url: string) => JSON.parse((await runCli(['jobs', '--queue', url, '--json'])).stdout);
  const results = async (out: string) => Object.keys(await bucket.list(`${out}/`));
  const record = async (key: string) => JSON.parse(await bucket.text(key)) as RunRecord;
  const hasCheckpoint = async (scratch: string) => (await filesBelow(scratch, '.bin')).length > 0 || undefined;

  test('are analysed by a worker that has none of the files, and a bad video fails once', async () => {
    const url = newQueue();
    await bucket.put('in/bad.mp4', Buffer.alloc(1000, 'x'));
    expect(await submit(url, 'in', 'out/')).toEqual({ videos: 4, added: 4, known: 0, failed: 0, missing: [] });
    expect(await submit(url, 'in', 'out')).toEqual({ videos: 4, added: 0, known: 4, failed: 0, missing: [] });
    const ended = await runWork(url);
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/4 videos: 3 done, 1 failed/)]);
    expect(ended.stderr).not.toContain('bodyscript-scratch');
    expect(await results('out')).toEqual(
      ['a.csv', 'a.run.json', 'b.csv', 'b.run.json', 'bad.failed.json', 'monday/c.csv', 'monday/c.run.json'].map(
        name => `out/${name}`,
      ),
    );
    const { input, outputs, options } = await record('out/monday/c.run.json');
    expect(input).toMatchObject({ path: 's3://lab/in/monday/c.mp4' });
    expect(outputs).toEqual(['s3://lab/out/monday/c.csv', 's3://lab/out/monday/c.run.json']);
    expect(options.outputs).toMatchObject({ outDir: 's3://lab/out' });
    const failure = JSON.parse(await bucket.text('out/bad.failed.json'));
    expect(failure).toMatchObject({ input: { path: 's3://lab/in/bad.mp4' }, error: { code: 'INPUT_NOT_A_VIDEO' } });
    expect(failure.attempts).toBe(1);
    expect((await jobs(url)).failures).toMatchObject([{ path: 's3://lab/in/bad.mp4', code: 'INPUT_NOT_A_VIDEO' }]);
    expect((await readdir(folder)).filter(name => name.startsWith('bodyscript-scratch'))).toEqual([]);

    // Redis has lost its jobs: records and failures in the bucket are recognised, without a download.
    proxy.passed.length = 0;
    const other = newQueue();
    expect(await submit(other, 'in', 'out')).toMatchObject({ added: 4 });
    const again = await runWork(other);
    expect([again.code, again.stderr]).toEqual([3, expect.stringMatching(/4 videos: 0 done, 3 skipped .*, 1 failed/)]);
    expect(proxy.passed.filter(({ method, path }) => method === 'GET' && /\.mp4/.test(path))).toEqual([]);

    // An object that was replaced is another job; the failure of before is not its own.
    await bucket.put('in/bad.mp4', await readFile(join(folder, 'short.mp4')));
    expect(await submit(url, 'in', 'out')).toEqual({ videos: 4, added: 1, known: 3, failed: 0, missing: [] });
    expect(await runWork(url)).toMatchObject({ code: 0 });
    expect(await results('out')).not.toContain('out/bad.failed.json');
    await bucket.remove('in/bad.mp4');
  }, 180_000);

  test.runIf(IS_FULL)(
    'of a worker that is killed are taken over: each is published once, with the bytes of a local run',
    async () => {
      const [url, scratch] = [newQueue(), join(folder, 'killed')];
      expect(await submit(url, 'long', 'killed')).toMatchObject({ added: 4 });
      const first = new CliRun(work(url, '--scratch', scratch), { env: env() });
      await until(() => hasCheckpoint(scratch), 'a checkpoint');
      const second = new CliRun(work(url), { env: env() });
      first.process.kill('SIGKILL');
      const ended = await second.finished;
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/4 videos: 4 done/)]);
      await first.finished;
      expect(Object.values(place.published())).toEqual([1, 1, 1, 1]);
      expect((await jobs(url)).counts).toMatchObject({ done: 4, failed: 0, waiting: 0, active: 0 });
      for (const name of ['0-long', ...SHORT]) {
        const clip = join(folder, name === '0-long' ? 'long.mp4' : 'short.mp4');
        const out = join(folder, 'straight');
        await runCli(['analyze', clip, '-o', out, ...FAST]);
        const table = await readFile(join(out, `${name === '0-long' ? 'long' : 'short'}.csv`), 'utf8');
        expect(await bucket.text(`killed/${name}.csv`)).toBe(table);
      }
    },
    400_000,
  );

  test.runIf(IS_FULL)(
    'of a worker that is suspended past its lock are published once, by the other',
    async () => {
      const url = newQueue();
      await submit(url, 'one', 'paused');
      let isHeld = false;
      let letGo = () => {};
      proxy.fault = async ({ method, path }) => {
        if (method !== 'PUT' || !path.includes('a.csv') || isHeld) return undefined;
        isHeld = true;
        await new Promise<void>(resolve => {
          letGo = resolve;
        });
        return undefined;
      };
      const first = new CliRun(work(url), { env: env() });
      await until(async () => isHeld || undefined, 'the upload');
      first.process.kill('SIGSTOP');
      const ended = await runWork(url);
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/1 video: 1 done/)]);
      const tags = await bucket.list('paused/');
      letGo();
      first.process.kill('SIGCONT');
      expect((await first.finished).code).toBe(0);
      expect(Object.values(place.published())).toEqual([1]);
      expect((await bucket.list('paused/'))['paused/a.run.json']).toBe(tags['paused/a.run.json']);
      expect((await jobs(url)).counts).toMatchObject({ done: 1, failed: 0, waiting: 0, active: 0 });
    },
    180_000,
  );

  fullTest(
    'fail where their video was replaced after they were submitted, and can be submitted again',
    async () => {
      const url = newQueue();
      await bucket.put('replaced/a.mp4', 'an earlier video');
      await submit(url, 'replaced', 'replaced-out');
      await bucket.put('replaced/a.mp4', await readFile(join(folder, 'short.mp4')));
      expect(await runWork(url)).toMatchObject({ code: 3 });
      expect((await jobs(url)).failures).toMatchObject([{ code: 'INPUT_CHANGED' }]);
      expect(await submit(url, 'replaced', 'replaced-out')).toEqual({
        videos: 1,
        added: 1,
        known: 0,
        failed: 0,
        missing: [],
      });
      expect(await runWork(url)).toMatchObject({ code: 0 });
    },
    120_000,
  );

  fullTest(
    'wait for another worker where this one may not read them, and end it',
    async () => {
      const url = newQueue();
      await submit(url, 'in', 'denied');
      proxy.fault = ({ path, method }) =>
        method === 'GET' && path.includes('a.mp4') ? { status: 403, code: 'AccessDenied' } : undefined;
      const ended = await runWork(url);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('access denied')]);
      expect(await results('denied')).toEqual([]);
      // Also where it may not even ask for its facts.
      proxy.fault = ({ method, path }) =>
        method === 'HEAD' && path.includes('a.mp4') ? { status: 403, code: 'AccessDenied' } : undefined;
      expect(await runWork(url)).toMatchObject({ code: 1, stderr: expect.stringContaining('access denied') });
      expect((await jobs(url)).counts).toEqual({ waiting: 3, delayed: 0, active: 0, done: 0, failed: 0 });
      proxy.fault = () => undefined;
      expect(await runWork(url)).toMatchObject({ code: 0, stderr: expect.stringMatching(/3 videos: 3 done/) });
    },
    120_000,
  );

  fullTest(
    'get their next attempt after a server was busy for longer than the client waits',
    async () => {
      const url = newQueue();
      await submit(url, 'one', 'busy');
      let refused = 0;
      proxy.fault = ({ method, path }) =>
        method === 'PUT' && path.includes('busy/a.csv') && ++refused <= TRIES
          ? { status: 503, code: 'SlowDown' }
          : undefined;
      const ended = await runWork(url);
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/503 .*it will be retried later/)]);
      expect(refused).toBeGreaterThan(TRIES);
      expect((await jobs(url)).counts).toMatchObject({ done: 1, failed: 0 });
    },
    120_000,
  );

  fullTest(
    'whose bucket does not exist fail, and keep no worker from the others',
    async () => {
      const url = newQueue();
      await submit(url, 'one', 'gone');
      const names = await redisJob(url);
      expect(names).toBe(1);
      const ended = await runWork(url);
      expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('the bucket does not exist')]);
      expect((await jobs(url)).failures).toMatchObject([{ code: 'BUCKET_MISSING' }]);
    },
    60_000,
  );

  /** Sends the results of all jobs to a bucket that does not exist. @returns how many */
  async function redisJob(url: string): Promise<number> {
    const { Redis } = await import('ioredis');
    const database = new Redis(url);
    const keys = await database.keys('bodyscript:videos:v-*');
    for (const key of keys) {
      const data = JSON.parse((await database.hgetall(key)).data ?? '{}');
      await database.hset(key, 'data', JSON.stringify({ ...data, outDir: 's3://no-such-bucket/out' }));
    }
    database.disconnect();
    return keys.length;
  }

  fullTest(
    'are handed back on SIGTERM, and continued in the middle where the scratch folder is kept',
    async () => {
      const [url, scratch] = [newQueue(), join(folder, 'kept')];
      await submit(url, 'long', 'stopped', '--include', '*long*');
      const first = new CliRun(work(url, '--scratch', scratch), { env: env() });
      await until(() => hasCheckpoint(scratch), 'a checkpoint');
      first.process.kill('SIGTERM');
      const stopped = await first.finished;
      expect([stopped.code, stopped.stderr]).toEqual([143, expect.stringContaining('1 interrupted')]);
      expect(await results('stopped')).toEqual([]);
      expect(await runWork(url, '--scratch', scratch)).toMatchObject({ code: 0 });
      expect((await record('stopped/0-long.run.json')).resumedAtFrames).toHaveLength(1);
    },
    300_000,
  );

  const folders: [first: string, second: string | undefined, code: number][] = [
    ['s3://lab/in', 's3://lab/within', 0],
    ['s3://lab', undefined, 0],
    ['s3://lab/within', undefined, 1],
    ['s3://lab2', 's3://other', 1],
    ['s3://lab/i', 's3://lab/withi', 1],
    ['/', undefined, 1],
  ];
  test.each(firstOf(folders, 1))(
    'are left to others outside of what --within names: %s and %s',
    async (first, second, code) => {
      const url = newQueue();
      await submit(url, 'in', 'within');
      const places = [first, ...(second === undefined ? [] : [second])].flatMap(place => ['--within', place]);
      const ended = await runWork(url, ...places);
      expect(ended).toMatchObject({ code });
      const { waiting, delayed, failed } = (await jobs(url)).counts;
      expect([waiting + delayed, failed]).toEqual([code === 0 ? 0 : 3, 0]);
    },
    60_000,
  );

  describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('with a full scratch disk', () => {
    const disk = join(folder, 'disk');
    let isMounted = false;

    beforeAll(async () => {
      await mkdir(disk);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' });
        isMounted = true;
      } catch {} // Containers may forbid it.
    });
    afterAll(() => {
      if (isMounted) execFileSync('umount', [disk]);
    });

    test('wait for another worker; this one takes no more and ends', async context => {
      if (!isMounted) context.skip();
      const url = newQueue();
      await submit(url, 'in', 'full');
      const ended = await runWork(url, '--scratch', disk);
      expect([ended.code, ended.stderr]).toEqual([
        1,
        expect.stringContaining('the disk is full: no room for s3://lab'),
      ]);
      expect((await jobs(url)).counts).toEqual({ waiting: 3, delayed: 0, active: 0, done: 0, failed: 0 });
      expect(proxy.passed.filter(({ method, path }) => method === 'GET' && path.includes('.mp4'))).toEqual([]);
    }, 60_000);
  });
});
