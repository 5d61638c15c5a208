import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input } from '../../src/batch/inputs/input.js';
import { TEMPORARY } from '../../src/batch/ledger/database.js';
import { Ledger } from '../../src/batch/ledger/ledger.js';
import { JobStore } from '../../src/queue/job-store.js';
import { NameBook } from '../../src/queue/name-book.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const signal = new AbortController().signal;
let redis: TestRedis;
let databases = 0;

/** A submission of these videos, up to where it has read the names in use. @param videos such as a/walk */
async function submission(store: JobStore, outDir: string, videos: readonly string[]) {
  const ledger = new Ledger(TEMPORARY);
  const names = new NameBook(store, outDir);
  await names.reserve(ledger, signal);
  const inputs = async function* (): AsyncGenerator<Input> {
    for (const video of videos) {
      const [parent = '', stem = ''] = video.split('/');
      yield { path: `/clips/${video}.mp4`, relative: `${stem}.mp4`, parent, stem };
    }
  };
  await ledger.register(inputs(), undefined, true);
  return {
    names: () => Array.from(pending(ledger), ({ job }) => job.name),
    keepAll: () => names.keepAll(ledger, signal),
    [Symbol.dispose]: () => ledger[Symbol.dispose](),
  };
}

function* pending(ledger: Ledger) {
  for (let next = ledger.pendingAfter(0); next; next = ledger.pendingAfter(next.position)) yield next;
}

async function newFolder() {
  const outDir = join(folder, `out-${databases}`);
  await mkdir(outDir);
  return { outDir, url: redis.url(databases++) };
}

describe.skipIf(!HAS_REDIS)('the names of a folder of results', () => {
  beforeAll(async () => {
    redis = await TestRedis.start();
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  test('two submissions at the same moment give no two videos one name', async () => {
    const { outDir, url } = await newFolder();
    await using store = await JobStore.open(url, () => {});
    using one = await submission(store, outDir, ['a/walk', 'a/run']);
    using two = await submission(store, outDir, ['b/Walk', 'b/jump']);
    expect([one.names(), two.names()]).toEqual([
      ['walk', 'run'],
      ['Walk', 'jump'],
    ]);
    await one.keepAll();
    await two.keepAll();
    expect([one.names(), two.names()]).toEqual([
      ['walk', 'run'],
      ['Walk.mp4', 'jump'],
    ]);
    using later = await submission(store, outDir, ['c/walk', 'b/Walk', 'a/walk']);
    expect(later.names()).toEqual(['c/walk', 'Walk.mp4', 'walk']);
  });

  test('two submissions of the same videos give them the same names', async () => {
    const { outDir, url } = await newFolder();
    await using store = await JobStore.open(url, () => {});
    using one = await submission(store, outDir, ['a/walk', 'b/walk', 'c/walk']);
    using two = await submission(store, outDir, ['c/walk', 'b/run']);
    expect([one.names()[2], two.names()[0]]).toEqual(['c/walk', 'walk']);
    await one.keepAll();
    await two.keepAll();
    expect(two.names()).toEqual(['c/walk', 'run']);
  });

  test('thousands of names, in steps between which another submission keeps its own, stay different', async () => {
    const { outDir, url } = await newFolder();
    await using store = await JobStore.open(url, () => {});
    const videos = (parent: string) => Array.from({ length: 1200 }, (_, at) => `${parent}/walk-${at}`);
    using one = await submission(store, outDir, videos('a'));
    using two = await submission(store, outDir, videos('b'));
    await Promise.all([one.keepAll(), two.keepAll()]);
    expect(new Set([...one.names(), ...two.names()]).size).toBe(2400);
  });

  test('a name that only a run record has stays with its video, also after another submission was faster', async () => {
    const { outDir, url } = await newFolder();
    await using store = await JobStore.open(url, () => {});
    const record = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8'));
    const done = { ...record, input: { ...record.input, path: '/clips/old/walk.mp4' }, outputs: [] };
    await writeFile(join(outDir, 'walk.run.json'), JSON.stringify(done));
    using one = await submission(store, outDir, ['a/walk']);
    using two = await submission(store, outDir, ['b/walk', 'old/walk']);
    await one.keepAll();
    await two.keepAll();
    expect([one.names(), two.names()]).toEqual([['walk.mp4'], ['b/walk', 'walk']]);
  });
});
