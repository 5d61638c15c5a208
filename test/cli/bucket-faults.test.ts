import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { FAST, makeClips, until } from '../support/batch-runs.js';
import type { FaultProxy } from '../support/fault-proxy.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { fullTest } from '../support/full-tests.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { type ProxiedBucket, startProxiedBucket } from '../support/proxied-bucket.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
/** More than the client tries by itself. */
const MANY = 7;
const SECRET = 'f00dcafe';

describe.skipIf(!MOTO)('a command with buckets', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let proxy: FaultProxy;
  let clip: Buffer;

  beforeAll(async () => {
    place = await startProxiedBucket(folder);
    ({ bucket, proxy } = place);
    clip = await readFile(join(await makeClips(folder, 'clips', 1, 0.2), 'clip-00.mp4'));
    await bucket.put('clips/a.mp4', clip);
    await bucket.put('clips/b.mp4', clip);
    await bucket.put('one/a.mp4', clip);
  }, 120_000);

  beforeEach(() => place.calm());

  const env = () => place.env();
  const analyze = async (from: string, to: string, ...more: string[]) =>
    runCli(['analyze', from, '-o', `s3://lab/${to}`, ...FAST, ...more], { env: env() });
  const keys = async (out: string) =>
    Object.keys(await bucket.list(`${out}/`))
      .map(key => key.slice(out.length + 1))
      .filter(key => key !== 'batch.json');
  const record = async (key: string) => JSON.parse(await bucket.text(key)) as RunRecord;

  fullTest(
    'waits for a server that is busy for longer than the client tries, while it lists and checks',
    async () => {
      const refused = { list: 0, head: 0 };
      proxy.fault = ({ method, path }) => {
        const what = path.includes('list-type') ? 'list' : method === 'HEAD' ? 'head' : undefined;
        return what && ++refused[what] <= MANY ? { status: 503, code: 'SlowDown' } : undefined;
      };
      expect(await analyze('s3://lab/one', 'patient')).toMatchObject({ code: 0 });
      expect(Math.min(refused.list, refused.head)).toBeGreaterThan(MANY);
    },
    120_000,
  );

  fullTest(
    'fails only the video that the server refuses all the time, and tries it again the next time',
    async () => {
      proxy.fault = ({ method, path }) =>
        method === 'HEAD' && path.includes('clips/a.mp4') ? { status: 503, code: 'SlowDown' } : undefined;
      const first = await analyze('s3://lab/clips', 'refused');
      expect([first.code, first.stderr]).toEqual([3, expect.stringMatching(/1 done, 1 failed/)]);
      expect(first.stderr).toContain('STORAGE_FAILED');
      expect(await keys('refused')).toEqual(['b.csv', 'b.run.json']);
      proxy.fault = () => undefined;
      expect(await analyze('s3://lab/clips', 'refused')).toMatchObject({ code: 0 });
      expect(await keys('refused')).toContain('a.run.json');
    },
    120_000,
  );

  test('stops within five seconds while it waits for the server', async () => {
    let isRefused = false;
    proxy.fault = ({ path }) => {
      if (!path.includes('list-type=2') || !path.includes('one')) return undefined;
      isRefused = true;
      return { status: 503, code: 'SlowDown' };
    };
    const run = new CliRun(['analyze', 's3://lab/one', '-o', join(folder, 'stopped')], { env: env() });
    await until(async () => isRefused || undefined, 'the refusal');
    const start = performance.now();
    run.process.kill('SIGTERM');
    expect((await run.finished).code).toBe(143);
    expect(performance.now() - start).toBeLessThan(5000);
  }, 60_000);

  test.skipIf(process.platform !== 'linux')(
    'ends at once where the scratch folder cannot be made',
    async () => {
      const { code, stderr } = await analyze('s3://lab/one', 'no-scratch', '--scratch', '/proc/nothere');
      expect([code, stderr]).toEqual([1, expect.stringMatching(/\/proc\/nothere: cannot be written/)]);
      expect(place.downloads()).toEqual([]);
    },
    30_000,
  );

  test('with an unreadable run record fails before the download; with --overwrite it replaces the record', async () => {
    await bucket.put('unreadable/a.run.json', '{ "not": "a record" }');
    const refused = await analyze('s3://lab/one', 'unreadable');
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringMatching(/a\.run\.json: is not a run record.*--overwrite/),
    ]);
    expect(place.downloads()).toEqual([]);
    expect(await analyze('s3://lab/one', 'unreadable', '--overwrite', '--retry-failed')).toMatchObject({ code: 0 });
    expect((await record('unreadable/a.run.json')).status).toBe('done');
  }, 60_000);

  fullTest(
    'keeps outputs of the same numbers, and removes those of others unless they have changed',
    async () => {
      await analyze('s3://lab/one', 'left', '--angles', '--quality');
      const all = ['a.angles.csv', 'a.csv', 'a.quality.json', 'a.run.json'];
      expect(await keys('left')).toEqual(all);
      expect(await analyze('s3://lab/one', 'left')).toMatchObject({ code: 0 });
      expect(await keys('left')).toEqual(all);
      const { objects, files, outputs } = await record('left/a.run.json');
      expect(objects.map(({ key }) => key).sort()).toEqual(all.slice(0, 3));
      expect(files.map(({ output }) => output).sort()).toEqual(['angles', 'csv', 'quality']);
      expect(outputs).toContain('s3://lab/left/a.angles.csv');
      expect(await analyze('s3://lab/one', 'left')).toMatchObject({ stderr: expect.stringContaining('1 skipped') });

      // As local runs do: other numbers.
      await bucket.put('left/a.quality.json', 'my notes');
      const other = await analyze('s3://lab/one', 'left', '--max-frames', '3');
      expect(other).toMatchObject({ code: 0 });
      expect(other.stderr).toMatch(/s3:\/\/lab\/left\/a\.quality\.json: left over from an earlier analysis/);
      expect(await keys('left')).toEqual(['a.csv', 'a.quality.json', 'a.run.json']);
      expect((await record('left/a.run.json')).objects.map(({ key }) => key)).toEqual(['a.csv']);
      expect(await bucket.text('left/a.quality.json')).toBe('my notes');
    },
    120_000,
  );

  fullTest(
    'without --scratch does not promise to continue an interrupted video',
    async () => {
      const long = await makeWithFfmpeg(
        ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=30:d=20', '-c:v', 'libx264'],
        join(folder, 'long.mp4'),
      );
      await bucket.put('long/long.mp4', await readFile(long));
      const run = new CliRun(['analyze', 's3://lab/long', '-o', 's3://lab/interrupted', ...FAST], { env: env() });
      const isBegun = async () =>
        (await readdir(folder, { recursive: true })).some(name => name.endsWith('.csv.partial')) || undefined;
      await until(isBegun, 'the analysis');
      run.process.kill('SIGTERM');
      const { code, stderr } = await run.finished;
      expect([code, stderr]).toEqual([
        143,
        expect.stringMatching(/from its beginning \(--scratch DIR keeps the state\)/),
      ]);
      expect(stderr).not.toMatch(/partial results saved|bodyscript-scratch/);
    },
    60_000,
  );

  describe('never shows or stores what an address keeps secret:', () => {
    const list = join(folder, 'list.txt');
    test.each<[string, string[], NodeJS.ProcessEnv?]>([
      ['a presigned video', [`https://lab.s3.amazonaws.com/a.mp4?X-Amz-Signature=${SECRET}`]],
      ['a presigned object', [`s3://lab/one/a.mp4?X-Amz-Signature=${SECRET}`]],
      ['credentials before a bucket', [`s3://AKIA:${SECRET}@lab/one`]],
      ['both in a list', ['--from-file', list]],
      ['a presigned place of results', ['s3://lab/one', '-o', `s3://lab/x?X-Amz-Signature=${SECRET}`]],
      ['a presigned web place of results', ['s3://lab/one', '-o', `https://lab/x?X-Amz-Signature=${SECRET}`]],
      ['a presigned plan', ['--part', '1', '--plan', `s3://lab/x?X-Amz-Signature=${SECRET}`]],
      ['credentials before a scratch folder', ['s3://lab/one', '--scratch', `s3://AKIA:${SECRET}@lab/x`]],
      [
        'an endpoint that does not listen',
        ['s3://lab/one'],
        { AWS_ENDPOINT_URL_S3: `http://me:${SECRET}@127.0.0.1:1` },
      ],
      ['an endpoint that is no address', ['s3://lab/one'], { AWS_ENDPOINT_URL_S3: `me:${SECRET}@127.0.0.1:1` }],
      ['a key that is refused', ['s3://lab/one'], { AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: SECRET }],
    ])(
      '%s',
      async (_, args, more = {}) => {
        await writeFile(
          list,
          `https://lab.s3.amazonaws.com/a.mp4?X-Amz-Signature=${SECRET}\ns3://AKIA:${SECRET}@lab/one/a.mp4\n`,
        );
        proxy.fault = () => ({ status: 403, code: 'AccessDenied' });
        const out = join(folder, 'secrets');
        const given = args.includes('-o') || args.includes('--plan') ? args : [...args, '-o', out];
        const result = await runCli(['analyze', ...given, '--debug', '--log-level', 'debug'], {
          env: { ...env(), ...more },
        });
        expect(result.code).not.toBe(0);
        expect(result.stdout + result.stderr).not.toContain(SECRET);
        const names = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => []);
        for (const entry of names.filter(one => one.isFile())) {
          expect(await readFile(join(entry.parentPath, entry.name), 'latin1')).not.toContain(SECRET);
          expect(entry.name).not.toContain(SECRET);
        }
      },
      60_000,
    );

    test('in jobs of a queue, which are read from Redis', async () => {
      const address = `s3://lab/one/a.mp4?X-Amz-Signature=${SECRET}`;
      const { stdout, stderr, code } = await runCli(['submit', address, '--queue', 'redis://127.0.0.1:1/0']);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain(SECRET);
    });
  });
});
