import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { FAST, until } from '../support/batch-runs.js';
import type { FaultProxy } from '../support/fault-proxy.js';
import { fullTest } from '../support/full-tests.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { filesBelow, type ProxiedBucket, startProxiedBucket, testClip } from '../support/proxied-bucket.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const scratch = join(folder, 'scratch');

describe.skipIf(!MOTO || process.platform === 'win32')('an interrupted command with buckets', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let proxy: FaultProxy;

  beforeAll(async () => {
    place = await startProxiedBucket(folder);
    ({ bucket, proxy } = place);
    await bucket.put('clips/long.mp4', await testClip(folder, 'long.mp4', 20));
  }, 120_000);

  beforeEach(() => place.calm());

  const env = () => place.env();
  const args = (out: string, ...more: string[]) => [
    'analyze',
    's3://lab/clips',
    '-o',
    `s3://lab/${out}`,
    ...FAST,
    ...more,
  ];
  const record = async (out: string) => JSON.parse(await bucket.text(`${out}/long.run.json`)) as RunRecord;
  const results = async (out: string) =>
    Object.keys(await bucket.list(`${out}/`)).filter(key => !key.endsWith('batch.json'));

  test('publishes nothing, and continues in the middle to the same bytes', async () => {
    const first = new CliRun(args('stopped', '--scratch', scratch), { env: env() });
    await until(async () => (await filesBelow(scratch, '.bin')).length > 0 || undefined, 'a checkpoint');
    first.process.kill('SIGTERM');
    expect((await first.finished).code).toBe(143);
    expect(await results('stopped')).toEqual([]);
    expect(await filesBelow(scratch, 'long.mp4')).toEqual([]); // The video is downloaded again.

    expect(await runCli(args('stopped', '--scratch', scratch), { env: env() })).toMatchObject({ code: 0 });
    expect((await record('stopped')).resumedAtFrames.length).toBe(1);
    expect(await runCli(args('whole'), { env: env() })).toMatchObject({ code: 0 });
    expect(await bucket.text('stopped/long.csv')).toBe(await bucket.text('whole/long.csv'));
    expect((await record('whole')).resumedAtFrames).toEqual([]);
    expect(await filesBelow(scratch, '.csv')).toEqual([]);
  }, 180_000);

  fullTest(
    'that is stopped in an upload publishes without another analysis the next time',
    async () => {
      let isUploading = false;
      proxy.fault = async ({ method, path }) => {
        if (method !== 'PUT' || !path.includes('long.csv')) return undefined;
        isUploading = true;
        await new Promise(() => {}); // Its bytes do not arrive.
        return undefined;
      };
      const first = new CliRun(args('upload', '--scratch', scratch, '--max-frames', '20'), { env: env() });
      await until(async () => isUploading || undefined, 'the upload');
      first.process.kill('SIGTERM');
      expect((await first.finished).code).toBe(143);
      expect(await results('upload')).toEqual([]);
      const [table = ''] = await filesBelow(scratch, 'long.csv');
      const content = await readFile(table, 'utf8');
      proxy.fault = () => undefined;
      const second = await runCli(args('upload', '--scratch', scratch, '--max-frames', '20'), { env: env() });
      expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining('without analysis') });
      expect(await bucket.text('upload/long.csv')).toBe(content);
    },
    120_000,
  );

  fullTest(
    'that is stopped in a download leaves nothing',
    async () => {
      let isDownloading = false;
      proxy.fault = async ({ method, path }) => {
        if (method !== 'GET' || !path.includes('long.mp4')) return undefined;
        isDownloading = true;
        await new Promise(() => {});
        return undefined;
      };
      const run = new CliRun(args('download'), { env: env() });
      await until(async () => isDownloading || undefined, 'the download');
      run.process.kill('SIGTERM');
      expect((await run.finished).code).toBe(143);
      expect(await results('download')).toEqual([]);
      expect((await readdir(folder)).filter(name => name.startsWith('bodyscript-scratch'))).toEqual([]);
    },
    60_000,
  );

  describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('a full scratch disk', () => {
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

    test('ends the command, which takes no more videos', async context => {
      if (!isMounted) context.skip();
      await bucket.put('clips/other.mp4', await readFile(join(folder, 'long.mp4')));
      const result = await runCli(args('full', '--scratch', disk, '--jobs', '1'), { env: env() });
      expect(result.code).toBe(1);
      expect(result.stderr).toContain('the disk is full: no room for s3://lab/clips/long.mp4');
      expect(result.stderr).toContain('--scratch');
      expect(proxy.passed.some(({ path }) => path.includes('other.mp4'))).toBe(false);
      expect(await results('full')).toEqual([]);
      await bucket.remove('clips/other.mp4');
    }, 60_000);
  });
});
