import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../src/storage/open-store.js';
import { Scratch } from '../../src/storage/scratch.js';
import { stageVideo } from '../../src/storage/stage.js';
import { type FaultProxy, startProxy } from '../support/fault-proxy.js';
import { type Bucket, MOTO, startBucket } from '../support/moto.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const MEBIBYTE = 2 ** 20;
const video = Buffer.from(Uint8Array.from({ length: 3 * MEBIBYTE }, (_, at) => at % 251));
const URI = 's3://lab/clips/walk.mp4';
const USE = 'a test';

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
  });

  const stage = (uri: string) => stageVideo(uri, scratch, USE);

  test('is whole after a broken connection to a server that knows no ranges', async () => {
    let cuts = 0;
    proxy.fault = ({ method }) => {
      if (method !== 'GET') return undefined;
      return ++cuts <= 2 ? { without: ['range'], cutAfter: cuts * MEBIBYTE } : { without: ['range'] };
    };
    const { file } = await stage(URI);
    expect(cuts).toBeGreaterThan(1);
    expect(video.equals(await readFile(file))).toBe(true);
  });

  test('of which a part is asked for costs such a server no more than that part', async () => {
    proxy.fault = () => ({ without: ['range'] });
    const { store, key } = await openStore(URI);
    const bytes = async (from: number, to: number) =>
      Buffer.from(await text((await store.get(key, { from, to })).setEncoding('latin1')), 'latin1');
    expect(video.subarray(0, 100).equals(await bytes(0, 99))).toBe(true);
    expect(video.subarray(MEBIBYTE, MEBIBYTE + 7).equals(await bytes(MEBIBYTE, MEBIBYTE + 6))).toBe(true);
  });

  test('that is replaced while it is read is an error also where the server knows no conditions', async () => {
    let cuts = 0;
    proxy.fault = async ({ method }) => {
      if (method !== 'GET') return undefined;
      if (++cuts === 1) return { without: ['if-match'], cutAfter: MEBIBYTE };
      await bucket.put('clips/walk.mp4', Buffer.alloc(3 * MEBIBYTE, 'another video'));
      return { without: ['if-match'] };
    };
    await expect(stage(URI)).rejects.toMatchObject({ code: 'INPUT_CHANGED' });
    expect(cuts).toBe(2);
  });

  test('may have a key that no file could have as its name', async () => {
    const key = `clips/${'å'.repeat(400)}.mp4`;
    await bucket.put(key, video);
    const { file } = await stage(`s3://lab/${key}`);
    expect(basename(file)).toMatch(/^å{50,}~[0-9a-f]{8}\.mp4$/);
    expect(Buffer.byteLength(basename(file))).toBeLessThan(256);
    expect(video.equals(await readFile(file))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('is not written through links planted in the scratch folder', async () => {
    const { file } = await stage(URI);
    const videos = join(scratch.path, 'videos');
    const [name = ''] = (await readdir(videos)).filter(one => file.startsWith(join(videos, one)));
    const theirs = join(folder, 'theirs');
    await mkdir(theirs);
    await writeFile(join(theirs, 'walk.mp4'), 'an original');
    const shared = await Scratch.open(join(folder, 'shared'));
    await mkdir(join(shared.path, 'videos', name), { recursive: true });
    await symlink(join(theirs, 'walk.mp4'), join(shared.path, 'videos', name, 'walk.mp4'));
    expect(video.equals(await readFile((await stageVideo(URI, shared, USE)).file))).toBe(true);
    const linked = await Scratch.open(join(folder, 'linked'));
    await mkdir(join(linked.path, 'videos'));
    await symlink(theirs, join(linked.path, 'videos', name));
    expect(video.equals(await readFile((await stageVideo(URI, linked, USE)).file))).toBe(true);
    expect(await readdir(theirs)).toEqual(['walk.mp4']);
    expect(await readFile(join(theirs, 'walk.mp4'), 'utf8')).toBe('an original');
  });
});
