import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BlobFacts, type BlobStore, ConditionFailed } from '../../src/storage/blob-store.js';
import { FolderStore } from '../../src/storage/folder-store.js';
import { createClient, loadS3, S3Store } from '../../src/storage/s3-store.js';
import { MOTO, startBucket } from '../support/moto.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

async function openBucket(): Promise<BlobStore> {
  const bucket = await startBucket();
  const env = bucket.env();
  Object.assign(process.env, env);
  const packages = await loadS3();
  return new S3Store('lab', packages, createClient(packages, env));
}

async function listed(store: BlobStore, prefix: string): Promise<BlobFacts[]> {
  const found: BlobFacts[] = [];
  for await (const one of store.list(prefix)) found.push(one);
  return found;
}

const STORES: [string, boolean, () => Promise<BlobStore>][] = [
  ['a folder', true, async () => new FolderStore(join(folder, 'store'))],
  ['a bucket', MOTO !== undefined, openBucket],
];

describe.each(STORES)('%s', (_, isThere, open) => {
  let store: BlobStore;
  beforeAll(async () => {
    if (isThere) store = await open();
  }, 90_000);

  test.runIf(isThere)('gives back what was put, whole or in part', async () => {
    const etag = await store.put('a/one.txt', { text: 'hello world' });
    const found = await store.head('a/one.txt');
    expect(found).toMatchObject({ key: 'a/one.txt', bytes: 11, etag });
    expect(Math.abs((found?.modified ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await text(await store.get('a/one.txt'))).toBe('hello world');
    expect(await text(await store.get('a/one.txt', { from: 6 }))).toBe('world');
    expect(await text(await store.get('a/one.txt', { from: 0, to: 4, ifMatch: etag }))).toBe('hello');
  });

  test.runIf(isThere)('puts a file that is larger than one part of an upload', async () => {
    const file = join(folder, 'large.bin');
    const bytes = Buffer.alloc(9 * 2 ** 20, 'abcdefg');
    await writeFile(file, bytes);
    const etag = await store.put('large.bin', { file }, { ifAbsent: true });
    expect(await store.head('large.bin')).toMatchObject({ bytes: bytes.length, etag });
    const end = await store.get('large.bin', { from: bytes.length - 5 });
    expect(await text(end)).toBe(bytes.subarray(-5).toString());
    await expect(store.put('large.bin', { file }, { ifAbsent: true })).rejects.toThrow(ConditionFailed);
  });

  test.runIf(isThere)('lists keys by their beginning, in the order of their bytes', async () => {
    for (const key of ['b/z.txt', 'b/Z.txt', 'b/sub/é.txt', 'bb.txt', 'b.txt']) await store.put(key, { text: key });
    expect((await listed(store, 'b/')).map(({ key }) => key)).toEqual(['b/Z.txt', 'b/sub/é.txt', 'b/z.txt']);
    expect((await listed(store, 'b')).map(({ key }) => key)).toEqual([
      'b.txt',
      'b/Z.txt',
      'b/sub/é.txt',
      'b/z.txt',
      'bb.txt',
    ]);
    expect(await listed(store, 'nothing/')).toEqual([]);
    expect((await listed(store, 'bb'))[0]?.etag).toBe((await store.head('bb.txt'))?.etag);
  });

  test.runIf(isThere)('keeps conditions: only a new object, only in place of a known one', async () => {
    const first = await store.put('c.txt', { text: 'first' }, { ifAbsent: true });
    await expect(store.put('c.txt', { text: 'other' }, { ifAbsent: true })).rejects.toThrow(ConditionFailed);
    const second = await store.put('c.txt', { text: 'second' }, { ifMatch: first });
    expect(second).not.toBe(first);
    await expect(store.put('c.txt', { text: 'third' }, { ifMatch: first })).rejects.toThrow(ConditionFailed);
    await expect(store.get('c.txt', { ifMatch: first })).rejects.toThrow(ConditionFailed);
    expect(await text(await store.get('c.txt'))).toBe('second');
  });

  test.runIf(isThere)('knows nothing of what does not exist, and removes quietly', async () => {
    expect(await store.head('missing.txt')).toBeUndefined();
    await expect(store.get('missing.txt')).rejects.toMatchObject({ code: 'INPUT_MISSING' });
    await store.put('d.txt', { text: 'd' });
    await store.remove('d.txt');
    await store.remove('d.txt');
    expect(await store.head('d.txt')).toBeUndefined();
  });
});
