import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { FAST, makeClips, outcomes, type Report, reportOf } from '../support/batch-runs.js';
import type { FaultProxy } from '../support/fault-proxy.js';
import { fullTest, IS_FULL } from '../support/full-tests.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { type ProxiedBucket, startProxiedBucket } from '../support/proxied-bucket.js';
import '../support/one-worker.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const NO_AWS = fileURLToPath(new URL('../support/no-aws.mjs', import.meta.url));
const folder = await temporaryFolder();
const scratch = join(folder, 'scratch');

describe.skipIf(!MOTO)('videos and results in buckets', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let proxy: FaultProxy;
  let clips: string;
  let clip: Buffer;

  beforeAll(async () => {
    [place, clips] = await Promise.all([startProxiedBucket(folder), makeClips(folder, 'clips', 2, 0.2)]);
    ({ bucket, proxy } = place);
    clip = await readFile(join(clips, 'clip-00.mp4'));
    await bucket.put('clips/a.mp4', clip);
    await bucket.put('clips/monday/b.mp4', clip);
    await bucket.put('clips/notes.txt', 'not a video');
  }, 120_000);

  beforeEach(() => place.calm());

  const run = async (...args: string[]): Promise<CliResult> =>
    runCli(['analyze', ...args, ...FAST], { env: place.env() });
  const record = async (key: string) => JSON.parse(await bucket.text(key)) as RunRecord;

  test('say in a dry run what is unknown, and end it with a message where the bucket does not exist', async () => {
    const { code, stdout } = await run('s3://lab/clips', '-o', 's3://lab/results', '--dry-run');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('Time and memory of 2 videos in buckets are unknown: a dry run downloads nothing.'),
    ]);
    expect(stdout).not.toMatch(/0 frames|0 MB/);
    const missing = await run('s3://nowhere/clips', '-o', 's3://lab/results', '--dry-run');
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(/^error: s3:\/\/nowhere: the bucket does not exist\. .*\n$/);
  });

  test('that do not exist, and commands that need a folder, get messages about buckets', async () => {
    const none = await run('s3://lab/clips/c.mp4', '-o', 's3://lab/results');
    expect([none.code, none.stderr]).toEqual([
      1,
      'error: s3://lab/clips/c.mp4: no videos found. No object has this key or prefix. Check the spelling: it is case-sensitive.\n',
    ]);
    const jobs = await runCli(['jobs', '-o', 's3://lab/results']);
    expect([jobs.code, jobs.stderr]).toEqual([2, expect.stringContaining('A bucket has none: batch.json there has')]);
    const merge = await runCli(['jobs', 'merge', '-o', 's3://lab/results']);
    expect([merge.code, merge.stderr]).toEqual([2, expect.stringContaining('aws s3 sync s3://lab/results results')]);
  });

  test('go from one prefix to another, and are skipped without download the next time', async () => {
    const first = await run('s3://lab/clips', '-o', 's3://lab/results/');
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain('written      s3://lab/results/batch.json');
    expect(first.stderr).not.toMatch(/Warning|bodyscript-scratch/);
    const keys = Object.keys(await bucket.list('results/'));
    expect(keys).toEqual(
      ['a.csv', 'a.run.json', 'batch.json', 'monday/b.csv', 'monday/b.run.json'].map(name => `results/${name}`),
    );
    const { input, options, outputs, objects, status } = await record('results/monday/b.run.json');
    const etag = (await bucket.list('clips/'))['clips/monday/b.mp4'];
    expect({ status, path: input.path, etag: input.etag }).toEqual({
      status: 'done',
      path: 's3://lab/clips/monday/b.mp4',
      etag,
    });
    expect(options.outputs).toMatchObject({ outDir: 's3://lab/results' });
    expect(outputs).toEqual(['s3://lab/results/monday/b.csv', 's3://lab/results/monday/b.run.json']);
    expect(objects).toMatchObject([
      { key: 'monday/b.csv', etag: (await bucket.list('results/'))['results/monday/b.csv'] },
    ]);
    expect((await readdir(folder)).filter(name => name.startsWith('bodyscript-scratch'))).toEqual([]);

    proxy.passed.length = 0;
    const second = await run('s3://lab/clips', '-o', 's3://lab/results/');
    expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining('2 skipped') });
    expect(second.stderr).toContain('s3://lab/results/a.csv');
    expect(place.downloads()).toEqual([]);
    const dry = await run('s3://lab/clips', '-o', 's3://lab/results/', '--dry-run');
    expect(dry.stdout).toContain('skip 2 videos (done already)');
  }, 120_000);

  fullTest(
    'are analysed again when the video or a result has changed',
    async () => {
      expect(await run('s3://lab/clips/a.mp4', '-o', 's3://lab/changing')).toMatchObject({ code: 0 });
      const before = await record('changing/a.run.json');
      await bucket.put('changing/a.csv', 'edited');
      // Whoever edited it may want to keep it.
      const refused = await run('s3://lab/clips/a.mp4', '-o', 's3://lab/changing');
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('OUTPUT_TAKEN') });
      expect(
        await run('s3://lab/clips/a.mp4', '-o', 's3://lab/changing', '--overwrite', '--retry-failed'),
      ).toMatchObject({ code: 0 });
      const after = await record('changing/a.run.json');
      expect(after.objects).toEqual(before.objects);
      expect(after.startedAt > before.startedAt).toBe(true);
      expect(Object.keys(await bucket.list('changing/'))).not.toContain('changing/a.failed.json');
    },
    120_000,
  );

  test.runIf(IS_FULL)(
    'mix with local folders, either way',
    async () => {
      expect(await run(clips, '-o', 's3://lab/from-local')).toMatchObject({ code: 0 });
      expect(Object.keys(await bucket.list('from-local/'))).toContain('from-local/clip-01.run.json');
      expect(await run(clips, '-o', 's3://lab/from-local')).toMatchObject({
        stderr: expect.stringContaining('2 skipped'),
      });
      const out = join(folder, 'to-local');
      expect(await run('s3://lab/clips', '-o', out)).toMatchObject({ code: 0 });
      expect(outcomes(await reportOf(out))).toEqual({ a: 'done', 'monday/b': 'done' });
      const { input } = JSON.parse(await readFile(join(out, 'a.run.json'), 'utf8')) as RunRecord;
      expect(input.path).toBe('s3://lab/clips/a.mp4');
      proxy.passed.length = 0;
      expect(await run('s3://lab/clips', '-o', out)).toMatchObject({ stderr: expect.stringContaining('2 skipped') });
      // Also where only the records know.
      expect(await run('s3://lab/clips', '-o', out, '--no-ledger')).toMatchObject({
        stderr: expect.stringContaining('2 skipped'),
      });
      expect(place.downloads()).toEqual([]);
      const list = join(folder, 'list.txt');
      await writeFile(list, 's3://lab/clips/a.mp4\n');
      expect(await run('--from-file', list, '-o', join(folder, 'listed'))).toMatchObject({ code: 0 });
    },
    180_000,
  );

  test('that are bad fail once, with the reason beside the results', async () => {
    await bucket.put('bad/broken.mp4', Buffer.alloc(1000, 'x'));
    const first = await run('s3://lab/bad', '-o', 's3://lab/bad-results', '--scratch', scratch);
    expect(first.code).toBe(3);
    const failure = JSON.parse(await bucket.text('bad-results/broken.failed.json'));
    expect(failure).toMatchObject({ input: { path: 's3://lab/bad/broken.mp4' }, error: { code: 'INPUT_NOT_A_VIDEO' } });
    expect(failure.error.message).toContain('s3://lab/bad/broken.mp4');
    expect(failure.error.message).not.toContain(scratch);
    proxy.passed.length = 0;
    const second = await run('s3://lab/bad', '-o', 's3://lab/bad-results', '--scratch', scratch);
    expect(second).toMatchObject({ code: 3, stderr: expect.stringContaining('failed in an earlier run') });
    expect(place.downloads()).toEqual([]);
    await bucket.put('bad/broken.mp4', clip);
    expect(await run('s3://lab/bad', '-o', 's3://lab/bad-results', '--scratch', scratch)).toMatchObject({ code: 0 });
    expect(Object.keys(await bucket.list('bad-results/'))).not.toContain('bad-results/broken.failed.json');
  }, 120_000);

  fullTest(
    'of two commands at a time are published once each',
    async () => {
      const both = await Promise.all(
        [1, 2].map(async () => run('s3://lab/clips', '-o', 's3://lab/twice', '--jobs', '1')),
      );
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      const reports = await Promise.all(['a', 'monday/b'].map(async name => record(`twice/${name}.run.json`)));
      expect(reports.map(({ status }) => status)).toEqual(['done', 'done']);
      const { counts } = JSON.parse(await bucket.text('twice/batch.json')) as Report;
      expect((counts.done ?? 0) + (counts.skipped ?? 0)).toBe(2);
      expect(await run('s3://lab/clips', '-o', 's3://lab/twice')).toMatchObject({
        stderr: expect.stringContaining('2 skipped'),
      });
    },
    120_000,
  );

  test.each<[string, string[], RegExp, ((path: string) => boolean)?]>([
    ['access denied to a video', ['s3://lab/clips'], /access denied/, path => /clips\/a\.mp4/.test(path)],
    ['access denied to the list', ['s3://lab/clips'], /access denied/, path => path.includes('list-type')],
    ['a missing bucket', ['s3://no-such-bucket/clips'], /the bucket does not exist/],
    ['a missing prefix', ['s3://lab/clisp'], /no videos found/],
    ['an address without a bucket', ['s3:///clips'], /the name of a bucket/],
    ['a query', ['s3://lab/clips?X-Amz-Signature=f00dcafe'], /must not contain a query/],
  ])(
    '%s ends the command',
    async (_, args, message, isDenied) => {
      proxy.fault = ({ path }) => (isDenied?.(path) ? { status: 403, code: 'AccessDenied' } : undefined);
      const result = await run(...args, '-o', 's3://lab/denied');
      expect(result.code).toBe(message.source.includes('query') || message.source.includes('name of') ? 2 : 1);
      expect(result.stderr).toMatch(message);
      expect(result.stderr).not.toContain('f00dcafe');
      expect(Object.keys(await bucket.list('denied/')).filter(key => !key.endsWith('batch.json'))).toEqual([]);
    },
    60_000,
  );

  test.runIf(IS_FULL)(
    'wait while the server is busy, and one that stays so is tried again the next time',
    async () => {
      let refused = 0;
      proxy.fault = ({ path }) =>
        path.includes('clips/a.mp4') && ++refused <= 2 ? { status: 503, code: 'SlowDown' } : undefined;
      expect(await run('s3://lab/clips/a.mp4', '-o', 's3://lab/busy')).toMatchObject({ code: 0 });
      expect(refused).toBeGreaterThan(2);
      proxy.fault = ({ method, path }) =>
        method === 'PUT' && path.includes('later/a.csv') ? { status: 503, code: 'SlowDown' } : undefined;
      const failed = await run('s3://lab/clips/a.mp4', '-o', 's3://lab/later');
      expect(failed).toMatchObject({ code: 3, stderr: expect.stringContaining('STORAGE_FAILED') });
      proxy.fault = () => undefined;
      expect(await run('s3://lab/clips/a.mp4', '-o', 's3://lab/later')).toMatchObject({ code: 0 });
    },
    180_000,
  );

  test('need packages that are not loaded without them', async () => {
    const node = ['--import', NO_AWS];
    const local = await runCli(['analyze', join(clips, 'clip-00.mp4'), '-o', join(folder, 'plain'), ...FAST], { node });
    expect(local).toMatchObject({ code: 0 });
    const remote = await runCli(['analyze', 's3://lab/clips', '-o', join(folder, 'none'), ...FAST], { node });
    expect(remote.code).toBe(1);
    expect(remote.stderr).toContain('npm install @aws-sdk/client-s3 @aws-sdk/lib-storage');
  }, 60_000);

  test('take a scratch folder only where one is needed', async () => {
    await mkdir(scratch, { recursive: true });
    const result = await run(join(clips, 'clip-00.mp4'), '-o', join(folder, 'idle'), '--scratch', scratch);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('no input and no output is in a bucket') });
  });
});
