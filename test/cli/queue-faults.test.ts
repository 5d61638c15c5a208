import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IS_FULL } from '../support/full-tests.js';
import { descendantsOf } from '../support/processes.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const WAVE = join(SAMPLES, 'wave.mp4');
const SLOW = ['--no-overlay', '--mode', 'track'];
const FAST = ['--no-overlay', '--mode', 'fast', '--max-frames', '5'];
const PREFIX = 'bodyscript:videos';
const onLinux = process.platform === 'linux';
let redis: TestRedis;
let databases = 0;
const newQueue = () => redis.url(databases++);
const submit = (url: string, clip: string, out: string, ...options: string[]) =>
  runCli(['submit', clip, '-o', out, '--queue', url, '--json', ...options]);
const work = (url: string, ...options: string[]) => [
  ...['work', '--queue', url, '--jobs', '1', '--until-empty'],
  ...options,
];
const countsOf = async (url: string) => JSON.parse((await runCli(['jobs', '--queue', url, '--json'])).stdout).counts;
const recordOf = async (out: string, name = 'wave') =>
  JSON.parse(await readFile(join(out, `${name}.run.json`), 'utf8'));

async function until(isSo: () => unknown, what: string): Promise<void> {
  const end = performance.now() + 100_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited for ${what}`);
    await delay(50);
  }
}

const hasCheckpoint = async (out: string) =>
  (await readdir(join(out, '.bodyscript', 'checkpoints')).catch(() => [])).some(name => name.endsWith('.bin'));

/** As if all locks of running jobs had expired, which takes half a minute or more. */
async function loseLocks(url: string): Promise<void> {
  const database = new Redis(url);
  try {
    const ids = await database.lrange(`${PREFIX}:active`, 0, -1);
    expect(ids).toHaveLength(1);
    await database.del(`${PREFIX}:stalled-check`, ...ids.map(id => `${PREFIX}:${id}:lock`));
    await database.sadd(`${PREFIX}:stalled`, ids);
  } finally {
    database.disconnect();
  }
}

/** As if the delay of a job were over. */
async function promoteAll(url: string): Promise<void> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('videos', { connection, prefix: 'bodyscript', skipVersionCheck: true });
  try {
    await queue.promoteJobs();
  } finally {
    await queue.close();
    connection.disconnect();
  }
}

/** The table of the clip without interruptions. */
async function straightTable(): Promise<Buffer> {
  const out = at('straight');
  await runCli(['analyze', WAVE, '-o', out, '-q', ...SLOW]);
  return readFile(join(out, 'wave.csv'));
}

describe.skipIf(!HAS_REDIS)('a queue with faults', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--databases', '100');
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('a job that is not even JSON fails once, and the worker ends', async () => {
    const [url, out] = [newQueue(), at('bad-json')];
    await submit(url, WAVE, out, ...FAST);
    const database = new Redis(url);
    const [id = ''] = await database.lrange(`${PREFIX}:wait`, 0, -1);
    await database.hset(`${PREFIX}:${id}`, 'data', '{"path');
    database.disconnect();
    const ended = await runCli(work(url));
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/1 video: 0 done, 1 failed/)]);
    const listed = await runCli(['jobs', '--queue', url]);
    expect([listed.code, listed.stdout]).toEqual([0, expect.stringContaining('(JOB_INVALID)')]);
  });

  test('several submissions at once to one folder give no two videos one name', async () => {
    const [url, out] = [newQueue(), at('names-out')];
    const places = Array.from({ length: 5 }, (_, index) => at(`names-${index}`));
    for (const place of places) {
      await mkdir(place);
      await cp(join(SAMPLES, 'small.mp4'), join(place, 'small.mp4'));
    }
    const all = await Promise.all(places.map(place => submit(url, join(place, 'small.mp4'), out, ...FAST)));
    expect(all.map(({ stdout }) => JSON.parse(stdout).added)).toEqual([1, 1, 1, 1, 1]);
    const ended = await runCli(work(url));
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/5 videos: 5 done/)]);
    const records = (await readdir(out, { recursive: true })).filter(name => name.endsWith('.run.json'));
    const inputs = await Promise.all(
      records.map(async name => JSON.parse(await readFile(join(out, name), 'utf8')).input.path),
    );
    expect(inputs.sort()).toEqual(places.map(place => join(place, 'small.mp4')));
  });

  test.runIf(IS_FULL)(
    'a forced video that was stopped continues from its checkpoint, a later --force from the beginning',
    async () => {
      const [url, out] = [newQueue(), at('forced')];
      await submit(url, WAVE, out, ...SLOW);
      expect((await runCli(work(url))).code).toBe(0);
      const table = await readFile(join(out, 'wave.csv'));
      const stopMidway = async () => {
        const run = new CliRun(work(url));
        await until(() => hasCheckpoint(out), 'a checkpoint');
        run.process.kill('SIGTERM');
        expect((await run.finished).code).toBe(143);
      };
      expect(JSON.parse((await submit(url, WAVE, out, ...SLOW, '--force')).stdout).added).toBe(1);
      await stopMidway();
      expect((await runCli(work(url))).code).toBe(0);
      expect((await recordOf(out)).resumedAtFrames).toEqual([expect.any(Number)]);
      expect(await readFile(join(out, 'wave.csv'))).toEqual(table);

      await submit(url, WAVE, out, ...SLOW, '--force');
      await stopMidway();
      const database = new Redis(url);
      await database.flushdb();
      database.disconnect();
      await submit(url, WAVE, out, ...SLOW, '--force');
      expect((await runCli(work(url))).code).toBe(0);
      expect((await recordOf(out)).resumedAtFrames).toEqual([]);
    },
  );

  test.skipIf(!onLinux)('the video of a worker killed by -9 is continued by another, to the same bytes', async () => {
    const [url, out] = [newQueue(), at('killed')];
    await submit(url, WAVE, out, ...SLOW);
    const killed = new CliRun(work(url));
    await until(() => hasCheckpoint(out), 'a checkpoint');
    const all = [killed.pid, ...(await descendantsOf(killed.pid)).map(({ pid }) => pid)];
    for (const pid of all) process.kill(pid, 'SIGKILL');
    await killed.finished;
    await loseLocks(url);
    const ended = await runCli(work(url));
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/1 video: 1 done/)]);
    expect((await recordOf(out)).resumedAtFrames).toHaveLength(1);
    expect(await readFile(join(out, 'wave.csv'))).toEqual(await straightTable());
  });

  test.skipIf(!onLinux || !IS_FULL).each([
    ['a worker', false],
    ['a worker and its processes', true],
  ])(
    '%s suspended past the lock: another waits for its files, and the video is published once',
    async (_, withChildren) => {
      const [url, out] = [newQueue(), at(`suspended-${withChildren}`)];
      await submit(url, WAVE, out, ...SLOW);
      const suspended = new CliRun(work(url));
      await until(() => hasCheckpoint(out), 'a checkpoint');
      const children = withChildren ? await descendantsOf(suspended.pid) : [];
      const pids = [suspended.pid, ...children.map(({ pid }) => pid)];
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      await loseLocks(url);
      const other = new CliRun(work(url));
      await until(() => other.stderr.includes('it will be retried later'), 'the other worker');
      expect(await countsOf(url)).toMatchObject({ delayed: 1, failed: 0, done: 0 });
      expect((await readdir(out)).filter(name => name.endsWith('.run.json'))).toEqual([]);
      for (const pid of pids.reverse()) process.kill(pid, 'SIGCONT');
      await until(() => suspended.stderr.includes('interrupted'), 'the suspended worker');
      await promoteAll(url);
      const both = await Promise.all([suspended.finished, other.finished]);
      const published = both.filter(({ stderr }) => /\b1 done/.test(stderr));
      expect([published.length, both.map(({ stderr }) => stderr).join('')]).toEqual([1, expect.anything()]);
      expect(await countsOf(url)).toMatchObject({ waiting: 0, delayed: 0, active: 0, done: 1, failed: 0 });
      expect((await recordOf(out)).status).toBe('done');
      expect(await readFile(join(out, 'wave.csv'))).toEqual(await straightTable());
    },
  );

  test.runIf(IS_FULL)('a video that takes longer than --timeout is tried again, and then fails for good', async () => {
    const [url, out] = [newQueue(), at('timeout')];
    await submit(url, WAVE, out, ...SLOW);
    const ended = await runCli(work(url, '--timeout', '0.2'));
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/1 video: 0 done, 1 failed/)]);
    const failure = JSON.parse(await readFile(join(out, 'wave.failed.json'), 'utf8'));
    expect(failure).toMatchObject({ attempts: 2, error: { code: 'TIMED_OUT' } });
    expect(await countsOf(url)).toMatchObject({ failed: 1, waiting: 0 });
    await submit(url, WAVE, out, ...SLOW, '--retry-failed');
    expect((await runCli(work(url))).code).toBe(0);
    expect(await readdir(out)).not.toContain('wave.failed.json');
  });

  test.skipIf(!onLinux || !IS_FULL)(
    'a video whose decoder hangs is tried again after --stall, and is done',
    async () => {
      const [url, out] = [newQueue(), at('stalled')];
      await submit(url, WAVE, out, ...SLOW);
      const run = new CliRun(work(url, '--stall', '3'));
      await until(() => hasCheckpoint(out), 'a checkpoint');
      for (const { pid, name } of await descendantsOf(run.pid)) if (name === 'ffmpeg') process.kill(pid, 'SIGSTOP');
      const ended = await run.finished;
      expect(ended.stderr).toMatch(/it will be retried later/);
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/1 video: 1 done/)]);
      expect(await readFile(join(out, 'wave.csv'))).toEqual(await straightTable());
    },
  );

  test.skipIf(!onLinux || !IS_FULL || process.getuid?.() !== 0)(
    'a worker whose disk is full hands its video back and ends; with room again, the video is done',
    async () => {
      const [url, disk] = [newQueue(), at('full')];
      await mkdir(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
      try {
        await submit(url, WAVE, disk, ...SLOW);
        await writeFile(join(disk, 'ballast'), Buffer.alloc(200 * 1024));
        const full = await runCli(work(url));
        expect([full.code, full.stderr]).toEqual([1, expect.stringMatching(/the disk is full\. Free some space/)]);
        expect(await countsOf(url)).toMatchObject({ waiting: 1, active: 0, failed: 0 });
        execFileSync('mount', ['-o', 'remount,size=50m', disk]);
        expect((await runCli(work(url))).code).toBe(0);
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );
});
