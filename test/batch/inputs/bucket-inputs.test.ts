import { beforeAll, describe, expect, test } from 'vitest';
import { findInBucketInputs } from '../../../src/batch/inputs/bucket-inputs.js';
import { nothingPassedOver } from '../../../src/batch/inputs/passed-over.js';
import { wantedFiles } from '../../../src/batch/inputs/wanted.js';
import { TEMPORARY } from '../../../src/batch/ledger/database.js';
import { Ledger } from '../../../src/batch/ledger/ledger.js';
import { type Bucket, MOTO, startBucket } from '../../support/moto.js';

describe.skipIf(!MOTO)('keys of a bucket', () => {
  let bucket: Bucket;

  beforeAll(async () => {
    bucket = await startBucket();
    Object.assign(process.env, bucket.env());
  }, 90_000);

  /** What the outputs of each video are called. */
  async function namesOf(address: string) {
    const passed = nothingPassedOver();
    using ledger = new Ledger(TEMPORARY);
    const search = { ...wantedFiles([], []), hidden: false, destination: undefined };
    await ledger.register(findInBucketInputs(address, search, passed), undefined);
    const names: Record<string, string> = {};
    for (let next = ledger.pendingAfter(0); next; next = ledger.pendingAfter(next.position))
      names[next.given] = next.job.name;
    return { names, passed };
  }

  test('with empty parts or backslashes give names that files can have, each its own', async () => {
    const keys = ['/first.mp4', 'clips//walk.mp4', 'clips/walk.mp4', 'clips/sub///run.mp4', 'clips/tab\\jump.mp4'];
    for (const key of keys) await bucket.put(key, 'video');
    const { names, passed } = await namesOf('s3://lab');
    expect(Object.keys(names).sort()).toEqual(keys.map(key => `s3://lab/${key}`).sort());
    expect(passed.unreadable).toEqual([]);
    const { 's3://lab/clips//walk.mp4': double, 's3://lab/clips/walk.mp4': single, ...others } = names;
    expect(others).toEqual({
      's3://lab//first.mp4': 'first',
      's3://lab/clips/sub///run.mp4': 'clips/sub/run',
      's3://lab/clips/tab\\jump.mp4': 'clips/tab/jump',
    });
    expect(new Set([double, single]).size).toBe(2);
    for (const name of [double, single]) expect(name).toMatch(/^clips\/walk\.mp4\.[0-9a-f]{8}$/);
  });

  test('that would lead out of the folder of results are left alone, and named', async () => {
    for (const key of ['odd/../up.mp4', 'odd/..\\up.mp4', 'odd/./here.mp4']) await bucket.put(key, 'video');
    await bucket.put('odd/fine.mp4', 'video');
    const { names, passed } = await namesOf('s3://lab/odd');
    expect(names).toEqual({ 's3://lab/odd/fine.mp4': 'fine' });
    // `..` and `.` are hidden names.
    expect(passed.hidden + passed.unreadable.length).toBe(3);
  });
});
