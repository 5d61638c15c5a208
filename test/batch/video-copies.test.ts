import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { VideoCopies } from '../../src/batch/video-copies.js';
import { Scratch } from '../../src/storage/scratch.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { type ProxiedBucket, startProxiedBucket } from '../support/proxied-bucket.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const { signal } = new AbortController();
const [WALK, RUN] = ['s3://lab/walk.mp4', 's3://lab/run.mp4'];

describe.skipIf(!MOTO)('copies of videos whose pieces are analysed', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let scratches = 0;

  beforeAll(async () => {
    place = await startProxiedBucket(folder);
    ({ bucket } = place);
    Object.assign(process.env, bucket.env(place.proxy.endpoint));
  }, 90_000);

  async function open(): Promise<VideoCopies> {
    await bucket.put('walk.mp4', 'walk');
    await bucket.put('run.mp4', 'run');
    place.calm();
    return new VideoCopies(await Scratch.open(join(folder, `scratch-${scratches++}`)));
  }

  test('are downloaded once for all lanes, and stay for the next piece', async () => {
    await using copies = await open();
    const lent = await Promise.all([copies.lend(WALK, signal), copies.lend(WALK, signal)]);
    const files = new Set(lent.map(({ video }) => video.file));
    expect(files.size).toBe(1);
    for (const one of lent) await one[Symbol.asyncDispose]();
    await using again = await copies.lend(WALK, signal);
    expect(await readFile(again.video.file, 'utf8')).toBe('walk');
    expect(place.downloads()).toHaveLength(1);
  });

  test('make room for another video once nobody uses them, and are gone at the end', async () => {
    const copies = await open();
    const used = await copies.lend(WALK, signal);
    const other = await copies.lend(RUN, signal);
    expect(existsSync(used.video.file)).toBe(true);
    await used[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await bucket.put('third.mp4', 'third');
    const third = await copies.lend('s3://lab/third.mp4', signal);
    expect([used, other, third].map(({ video }) => existsSync(video.file))).toEqual([false, false, true]);
    await third[Symbol.asyncDispose]();
    await copies[Symbol.asyncDispose]();
    expect(existsSync(third.video.file)).toBe(false);
  });

  test('are never of an object that was replaced; whoever reads the earlier one keeps it to the end', async () => {
    await using copies = await open();
    const earlier = await copies.lend(WALK, signal);
    await bucket.put('walk.mp4', 'another walk');
    await using now = await copies.lend(WALK, signal);
    expect(await Promise.all([earlier, now].map(({ video }) => readFile(video.file, 'utf8')))).toEqual([
      'walk',
      'another walk',
    ]);
    await earlier[Symbol.asyncDispose]();
    expect([earlier, now].map(({ video }) => existsSync(video.file))).toEqual([false, true]);
  });

  test('that were broken off are downloaded for the next lane that asks', async () => {
    await using copies = await open();
    const stop = new AbortController();
    place.proxy.fault = ({ method }) => {
      if (method === 'GET') stop.abort(new Error('stopped'));
      return undefined;
    };
    const first = copies.lend(WALK, stop.signal);
    const second = copies.lend(WALK, signal);
    await expect(first).rejects.toThrow('stopped');
    await using copy = await second;
    expect(await readFile(copy.video.file, 'utf8')).toBe('walk');
  });

  test('that are only looked at are read one after another', async () => {
    await using copies = await open();
    let [now, most] = [0, 0];
    const read = async () => {
      most = Math.max(most, ++now);
      await new Promise(resolve => setTimeout(resolve, 20));
      now--;
    };
    await Promise.all([WALK, RUN, WALK].map(uri => copies.look(uri, signal, read)));
    await expect(copies.look('s3://lab/no.mp4', signal, read)).rejects.toMatchObject({ code: 'INPUT_MISSING' });
    expect(most).toBe(1);
  });
});
