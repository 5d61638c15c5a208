import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Scratch } from '../../src/storage/scratch.js';
import { stageVideo, unstageVideo } from '../../src/storage/stage.js';
import { type FaultProxy, startProxy } from '../support/fault-proxy.js';
import { type Bucket, MOTO, startBucket } from '../support/moto.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const MEBIBYTE = 2 ** 20;
const video = Buffer.alloc(3 * MEBIBYTE, 'not a real video, but long enough. ');
const sha256 = createHash('sha256').update(video).digest('hex');
const URI = 's3://lab/clips/walk.mp4';

describe.skipIf(!MOTO)('a video of a bucket', () => {
  let bucket: Bucket;
  let proxy: FaultProxy;
  let scratch: Scratch;

  beforeAll(async () => {
    bucket = await startBucket();
    proxy = await startProxy(bucket.endpoint);
    Object.assign(process.env, bucket.env(proxy.endpoint));
  }, 90_000);

  beforeEach(async () => {
    await bucket.put('clips/walk.mp4', video);
    scratch = await Scratch.open(join(folder, 'scratch'));
    proxy.fault = () => undefined;
    proxy.passed.length = 0;
  });

  const gets = () => proxy.passed.filter(({ method }) => method === 'GET');

  test('is copied under its own name, with its time, and hashed meanwhile', async () => {
    const staged = await stageVideo(URI, scratch, 'use');
    expect(basename(staged.file)).toBe('walk.mp4');
    expect(video.equals(await readFile(staged.file))).toBe(true);
    expect(staged).toMatchObject({ sha256, etag: (await bucket.list('clips/'))['clips/walk.mp4'] });
    const { mtimeMs, mode } = await stat(staged.file);
    expect(mtimeMs % 1000).toBe(0); // As S3 counts.
    if (process.platform !== 'win32') expect(mode & 0o077).toBe(0);
    expect(gets()).toHaveLength(1);
    await unstageVideo(scratch, 'use');
    expect(await readdir(join(scratch.path, 'videos'))).toEqual([]);
  });

  test('continues where the connection broke, of the same object alone', async () => {
    let cuts = 0;
    proxy.fault = ({ method }) => (method === 'GET' && ++cuts <= 2 ? { cutAfter: MEBIBYTE } : undefined);
    const staged = await stageVideo(URI, scratch, 'use');
    expect(staged.sha256).toBe(sha256);
    expect(video.equals(await readFile(staged.file))).toBe(true);
    const asked = gets().map(({ headers }) => [
      Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0),
      headers['if-match'],
    ]);
    const [first, second = 0, third = 0] = asked.map(([from]) => Number(from));
    expect(first).toBe(0);
    // What was on its way when the connection broke is lost.
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(MEBIBYTE);
    expect(third).toBeGreaterThan(second);
    expect(third).toBeLessThanOrEqual(second + MEBIBYTE);
    expect(new Set(asked.map(([, etag]) => etag))).toEqual(new Set([staged.etag]));
  });

  test('that is replaced while it is read is an error, and nothing of it stays', async () => {
    let cuts = 0;
    proxy.fault = async ({ method }) => {
      if (method !== 'GET') return undefined;
      if (++cuts === 1) return { cutAfter: MEBIBYTE };
      await bucket.put('clips/walk.mp4', Buffer.alloc(3 * MEBIBYTE, 'another video'));
      return undefined;
    };
    const error = { code: 'INPUT_CHANGED', message: `${URI}: was replaced while it was being read` };
    await expect(stageVideo(URI, scratch, 'use')).rejects.toMatchObject(error);
    expect(await readdir(join(scratch.path, 'videos'))).toEqual([]);
  });

  test('is given up when the connection breaks again and again without a byte', async () => {
    proxy.fault = ({ method }) => (method === 'GET' ? { cutAfter: 0 } : undefined);
    await expect(stageVideo(URI, scratch, 'use')).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  }, 60_000);

  test('that does not exist is an error, and so is a bucket that does not', async () => {
    await expect(stageVideo('s3://lab/clips/wlak.mp4', scratch, 'use')).rejects.toMatchObject({
      code: 'INPUT_MISSING',
    });
    await expect(stageVideo('s3://no-such-bucket/walk.mp4', scratch, 'use')).rejects.toMatchObject({
      code: /INPUT_MISSING|BUCKET_MISSING/,
    });
  });

  test('is not waited for after a stop', async () => {
    const stop = new AbortController();
    proxy.fault = ({ method }) => {
      if (method === 'GET') stop.abort(new Error('stopped'));
      return undefined;
    };
    await expect(stageVideo(URI, scratch, 'use', stop.signal)).rejects.toThrow('stopped');
    expect(await readdir(join(scratch.path, 'videos'))).toEqual([]);
  });

  describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('on a small disk', () => {
    const disk = join(folder, 'small');
    let isMounted = false;

    beforeAll(async () => {
      await mkdir(disk);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=18m', 'tmpfs', disk], { stdio: 'ignore' });
        isMounted = true;
      } catch {} // Containers may forbid it.
    });
    afterAll(() => {
      if (isMounted) execFileSync('umount', [disk]);
    });

    test('that has no room is refused before its first byte', async context => {
      if (!isMounted) context.skip();
      const error = { code: 'OUTPUT_DISK_FULL', message: expect.stringContaining(`no room for ${URI}`) };
      await expect(stageVideo(URI, await Scratch.open(disk), 'use')).rejects.toMatchObject(error);
      expect(gets()).toHaveLength(0);
      expect(existsSync(join(disk, 'videos'))).toBe(false);
    });
  });
});
