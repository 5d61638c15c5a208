import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fullTest } from '../support/full-tests.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const FAST = ['--no-overlay', '--mode', 'fast', '--max-frames', '5'];
const PASSWORD = 'quite-secret';
let redis: TestRedis;
let databases = 0;
const newQueue = () => redis.url(databases++, `:${PASSWORD}@`);
const submit = (url: string, clips: string, out: string, ...options: string[]) =>
  runCli(['submit', clips, '-o', out, '--queue', url, '--json', ...options]);
const work = (url: string, ...options: string[]) => [
  'work',
  '--queue',
  url,
  '--jobs',
  '1',
  '--until-empty',
  ...options,
];
const jobs = async (url: string) => JSON.parse((await runCli(['jobs', '--queue', url, '--json'])).stdout);

/** Settles once a run has noted how to continue its video. */
async function checkpointIn(out: string): Promise<void> {
  const noted = async () => (await readdir(join(out, '.bodyscript', 'checkpoints')).catch(() => [])).length > 0;
  while (!(await noted())) await delay(50);
}

describe.skipIf(!HAS_REDIS)('a queue', () => {
  beforeAll(async () => {
    redis = await TestRedis.start('--requirepass', PASSWORD, '--databases', '100');
    await mkdir(at('clips/b'), { recursive: true });
    for (const name of ['wave.mp4', 'small.mp4']) await cp(join(SAMPLES, name), at('clips', name));
    await cp(join(SAMPLES, 'small.mp4'), at('clips/b/small.mp4'));
    await writeFile(at('clips/bad.mp4'), 'no video');
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('gets videos with their options, and workers analyse each once; a bad one fails once', async () => {
    const [url, out] = [newQueue(), at('results')];
    const first = await submit(url, at('clips'), out, ...FAST);
    expect(JSON.parse(first.stdout)).toEqual({ videos: 4, added: 4, known: 0, failed: 0, missing: [] });
    expect(JSON.parse((await submit(url, at('clips'), out, ...FAST)).stdout)).toEqual({
      videos: 4,
      added: 0,
      known: 4,
      failed: 0,
      missing: [],
    });
    expect((await jobs(url)).counts).toEqual({ waiting: 4, delayed: 0, active: 0, done: 0, failed: 0 });

    const ended = await runCli(work(url));
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/4 videos: 3 done, 1 failed/)]);
    expect((await readdir(out, { recursive: true })).filter(name => /\.(csv|json)$/.test(name)).sort()).toEqual([
      'b/small.csv',
      'b/small.run.json',
      'bad.failed.json',
      'small.csv',
      'small.run.json',
      'wave.csv',
      'wave.run.json',
    ]);
    const record = JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8'));
    expect(record).toMatchObject({ frames: { decoded: 5 }, options: { analysis: { mode: 'fast' } } });

    const listed = await jobs(url);
    expect(listed.counts).toEqual({ waiting: 0, delayed: 0, active: 0, done: 3, failed: 1 });
    expect(listed.failures).toEqual([
      expect.objectContaining({ path: at('clips/bad.mp4'), attempts: 1, code: 'INPUT_NOT_A_VIDEO' }),
    ]);
    const shown = await runCli(['jobs', '--queue', url]);
    expect(shown.stdout).toMatch(/failed .*bad\.mp4: .*\(INPUT_NOT_A_VIDEO\)\. Check .*\n.*3 done, 1 failed\n$/s);
    const again = await runCli(['submit', at('clips'), '-o', out, '--queue', url, ...FAST]);
    expect(again.stderr).toContain('4 in the queue already, of which 1 failed before (--retry-failed adds them again)');
    expect((await runCli(['jobs', '--queue', url, '--state', 'active'])).stdout).not.toMatch(/bad\.mp4/);
    const unknown = await runCli(['jobs', 'retry', at('clips/wave.mp4'), '--queue', url]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('not among the failed videos')]);
    const waiting = await runCli(['jobs', 'retry', '--queue', url]);
    expect([waiting.code, waiting.stdout]).toEqual([0, expect.stringContaining('1 failed video waiting again')]);
    expect((await jobs(url)).counts).toMatchObject({ waiting: 1, failed: 0 });
    await runCli(work(url));
    expect((await jobs(url)).failures).toEqual([expect.objectContaining({ attempts: 1, code: 'INPUT_NOT_A_VIDEO' })]);
    const retried = await submit(url, at('clips'), out, ...FAST, '--retry-failed');
    expect(JSON.parse(retried.stdout)).toEqual({ videos: 4, added: 1, known: 3, failed: 0, missing: [] });

    const said = [first, ended, shown, retried].map(({ stdout, stderr }) => stdout + stderr).join();
    const written = await Promise.all(
      ['wave.run.json', 'bad.failed.json'].map(name => readFile(join(out, name), 'utf8')),
    );
    expect(said + JSON.stringify(listed) + written.join()).not.toContain(PASSWORD);
  });

  test('inputs that do not exist are errors: alone with exit code 1, beside others with 3', async () => {
    const [url, out] = [newQueue(), at('absent-out')];
    const alone = await submit(url, at('nothing/'), out);
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringMatching(/nothing\/: no such file or folder/)]);
    expect((await jobs(url)).counts).toMatchObject({ waiting: 0 });
    const clips = [at('nothing.mp4'), at('clips/small.mp4')];
    const some = await runCli(['submit', ...clips, '-o', out, '--queue', url, '--json']);
    expect([some.code, some.stderr]).toEqual([3, expect.stringMatching(/nothing\.mp4: no such file or folder/)]);
    expect(JSON.parse(some.stdout)).toMatchObject({ videos: 1, added: 1, missing: [at('nothing.mp4')] });
  });

  fullTest('other options, and files that changed, are new jobs; --force adds what is done', async () => {
    const [url, out, clip] = [newQueue(), at('changed-out'), at('changed.mp4')];
    await cp(join(SAMPLES, 'small.mp4'), clip);
    const added = async (...options: string[]) =>
      JSON.parse((await submit(url, clip, out, '--no-overlay', ...options)).stdout).added;
    expect(await added('--max-frames', '3')).toBe(1);
    expect(await added('--max-frames', '4')).toBe(1);
    await cp(join(SAMPLES, 'wave.mp4'), clip);
    expect(await added('--max-frames', '4')).toBe(1);
    const ended = await runCli(work(url));
    // The first two jobs are about an older file, and have been replaced.
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/1 video: 1 done/)]);
    expect(await added('--max-frames', '4')).toBe(0);
    expect(await added('--max-frames', '4', '--force')).toBe(1);
    expect((await runCli(work(url))).stderr).toMatch(/1 video: 1 done/);
  });

  fullTest('SIGTERM hands the video back without the loss of an attempt, and another worker continues it', async () => {
    const [url, out] = [newQueue(), at('stopped')];
    const options = ['--no-overlay', '--mode', 'track'];
    await submit(url, at('clips/wave.mp4'), out, ...options);
    const run = new CliRun(work(url));
    await checkpointIn(out);
    run.process.kill('SIGTERM');
    const stopped = await run.finished;
    expect([stopped.code, stopped.stderr]).toEqual([143, expect.stringContaining('1 interrupted')]);
    expect(await jobs(url)).toMatchObject({ counts: { waiting: 1, active: 0, failed: 0 } });

    const ended = await runCli(work(url));
    expect(ended.code).toBe(0);
    await runCli(['analyze', at('clips/wave.mp4'), '-o', at('straight'), ...options]);
    expect(await readFile(join(out, 'wave.csv'))).toEqual(await readFile(at('straight/wave.csv')));
  });

  fullTest(
    'where Redis is lost, a worker saves its video and ends; submitted again, finished videos are skipped',
    async () => {
      const [url, out] = [newQueue(), at('lost')];
      await submit(url, at('clips/small.mp4'), out, ...FAST);
      expect((await runCli(work(url))).code).toBe(0);
      await submit(url, at('clips/wave.mp4'), out, '--no-overlay', '--mode', 'track');
      const run = new CliRun(work(url));
      await checkpointIn(out);
      await redis.kill();
      const ended = await run.finished;
      expect([ended.code, ended.stderr]).toEqual([
        1,
        expect.stringMatching(/redis:\/\/127\.0\.0\.1:\d+\/\d+: the queue cannot be reached: the connection was cut\./),
      ]);
      expect(ended.stderr).not.toContain(PASSWORD);

      await redis.restart();
      const clips = [at('clips/small.mp4'), at('clips/wave.mp4')];
      const again = await runCli(['submit', ...clips, '-o', out, '--queue', url, '--json', ...FAST]);
      expect(JSON.parse(again.stdout)).toEqual({ videos: 2, added: 2, known: 0, failed: 0, missing: [] });
      const finished = await runCli(work(url));
      expect([finished.code, finished.stderr]).toEqual([0, expect.stringMatching(/2 videos: 1 done, 1 skipped/)]);
    },
  );

  test('a server that may drop keys is warned of', async () => {
    await using full = await TestRedis.start('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
    const { code, stderr } = await runCli(['jobs', '--queue', full.url(0)]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('set its maxmemory-policy to noeviction')]);
  });

  test.each([
    ['a wrong password', ':other-secret@', 0, /the server refuses the name or the password/],
    ['no password', '', 0, /the server refuses the name or the password/],
    ['a database that the server has not', `:${PASSWORD}@`, 999, /no database of this number/],
  ])('%s is an error that does not repeat the password', async (_, login, database, expected) => {
    const { code, stderr } = await runCli(work(redis.url(database, login)));
    expect([code, stderr]).toEqual([1, expect.stringMatching(expected)]);
    expect(stderr).not.toMatch(/secret/);
  });
});

describe('a queue that cannot be used', () => {
  test.each([
    ['jobs', ['jobs', '--queue', 'redis://:secret@127.0.0.1:1/0'], 1, /nothing listens there/],
    ['work', ['work', '--queue', 'redis://:secret@127.0.0.1:1/0'], 1, /nothing listens there/],
    ['another protocol', ['work', '--queue', 'http://:secret@host/0'], 2, /--queue must be an address such as redis:/],
    ['no address', ['work', '--queue', ':secret@host:6379'], 2, /--queue must be an address such as redis:/],
    ['no protocol, for jobs', ['jobs', '--queue', ':secret@host:6379'], 2, /--queue must be an address such as redis:/],
    ['no queue', ['work'], 2, /--queue is required/],
    [
      'a folder that does not exist',
      ['work', '--queue', 'redis://127.0.0.1:1/0', '--within', at('not-mounted')],
      2,
      /--within .*not-mounted: no such folder/,
    ],
    ['a network of the user', ['submit', 'a.mp4', '--queue', 'redis://h', '--model', 'a.task'], 2, /names of files/],
    [
      'a file for the table',
      ['submit', 'a.mp4', '--queue', 'redis://h', '--csv', 'a.csv'],
      2,
      /one file cannot hold the results/,
    ],
  ])('%s: an error with the reason', async (_, args, expectedCode, expected) => {
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([expectedCode, expect.stringMatching(expected)]);
    expect(stderr).not.toContain('secret');
  });

  test('jobs takes the address from the environment, where a password may be', async () => {
    const env = { BODYSCRIPT_QUEUE: 'redis://:secret@127.0.0.1:1/0' };
    for (const command of [[], ['retry']]) {
      const { code, stderr } = await runCli(['jobs', ...command, '--queue'], { env });
      expect([code, stderr]).toEqual([1, expect.stringContaining('nothing listens there')]);
      expect(stderr).not.toContain('secret');
    }
    const { code, stderr } = await runCli(['jobs', '--queue'], { env: { BODYSCRIPT_QUEUE: '' } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('BODYSCRIPT_QUEUE is not set')]);
  });

  test('where the packages are not installed, the error says how to install them', async () => {
    const hooks = `export async function resolve(name, context, next) {
      if (name === 'bullmq') throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }`;
    const data = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
    const loader = data(`import { register } from 'node:module'; register(${JSON.stringify(data(hooks))});`);
    const { code, stderr } = await runCli(work('redis://127.0.0.1:1/0'), { node: ['--import', loader] });
    expect([code, stderr]).toEqual([1, expect.stringContaining('npm install bullmq ioredis')]);
  });

  fullTest('no other command loads what only a queue needs', async () => {
    const report = at('loaded.txt');
    await mkdir(folder, { recursive: true });
    const script = at('report-loaded.cjs');
    const isOurs = '/node_modules.(bullmq|ioredis)/.test(name)';
    await writeFile(
      script,
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(report)}, String(Object.keys(require.cache).filter(name => ${isOurs}).length)));`,
    );
    const loadedBy = async (args: string[]) => {
      await runCli(args, { node: ['--require', script] });
      return Number(await readFile(report, 'utf8'));
    };
    expect(await loadedBy(['jobs', '-o', at('nothing')])).toBe(0);
    expect(await loadedBy(['analyze', join(SAMPLES, 'small.mp4'), '-o', at('loaded'), ...FAST])).toBe(0);
    expect(await loadedBy(['jobs', '--queue', 'redis://127.0.0.1:1/0'])).toBeGreaterThan(10);
  });
});
