import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAST, makeClips } from '../support/batch-runs.js';
import type { FaultProxy } from '../support/fault-proxy.js';
import { fullTest } from '../support/full-tests.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { type ProxiedBucket, startProxiedBucket } from '../support/proxied-bucket.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

describe.skipIf(!MOTO)('objects of others in the place of results', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let proxy: FaultProxy;

  beforeAll(async () => {
    const [started, clips] = await Promise.all([startProxiedBucket(folder), makeClips(folder, 'clips', 1, 0.2)]);
    place = started;
    ({ bucket, proxy } = place);
    const clip = await readFile(join(clips, 'clip-00.mp4'));
    for (const key of ['clips/a.mp4', 'clips/b.mp4']) await bucket.put(key, clip);
  }, 120_000);

  const run = async (...args: string[]): Promise<CliResult> =>
    runCli(['analyze', ...args, ...FAST], { env: place.env() });

  test('are seen before hours of work, and the next command needs no option once they are gone', async () => {
    await bucket.put('taken/a.csv', 'my own table');
    const args = ['s3://lab/clips/a.mp4', '-o', 's3://lab/taken'];
    const refused = await run(...args);
    expect(refused).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/taken\/a\.csv: exists already.*OUTPUT_TAKEN/),
    });
    expect(proxy.passed.filter(({ method, path }) => method === 'GET' && path.includes('a.mp4?'))).toEqual([]);
    expect(await bucket.text('taken/a.csv')).toBe('my own table');
    await bucket.remove('taken/a.csv');
    expect(await run(...args)).toMatchObject({ code: 0, stderr: expect.stringContaining('1 done') });
    await bucket.put('taken/a.csv', 'my own table');
    expect(await run(...args, '--overwrite')).toMatchObject({ code: 0, stderr: expect.stringContaining('1 done') });
  });

  test('are not replaced by the report of a command', async () => {
    await bucket.put('report/batch.json', '{"mine": true}');
    const args = ['s3://lab/clips/a.mp4', '-o', 's3://lab/report'];
    const refused = await run(...args);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/s3:\/\/lab\/report\/batch\.json: exists already/),
    });
    expect(Object.keys(await bucket.list('report/'))).toEqual(['report/batch.json']);
    expect(await bucket.text('report/batch.json')).toBe('{"mine": true}');
    expect(await run(...args, '--overwrite')).toMatchObject({ code: 0 });
    expect(await run(...args)).toMatchObject({ code: 0, stderr: expect.stringContaining('1 skipped') });
  });

  fullTest('in the place of a record concern its video alone', async () => {
    await bucket.put('records/a.run.json', '['.repeat(100_000));
    const args = ['s3://lab/clips', '-o', 's3://lab/records'];
    const first = await run(...args);
    expect(first).toMatchObject({ code: 3, stderr: expect.stringMatching(/2 videos: 1 done, 1 failed/) });
    expect(first.stderr).toMatch(/a\.run\.json: is not a run record.*RECORD_INVALID/);
    await bucket.remove('records/a.run.json');
    expect(await run(...args)).toMatchObject({ code: 0, stderr: expect.stringContaining('1 done, 1 skipped') });
  });

  test('have no length before they are downloaded, so --dry-run promises no time', async () => {
    const dry = await run('s3://lab/clips', '-o', 's3://lab/none', '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Time and memory of 2 videos in buckets are unknown'),
    });
    expect(dry.stdout).not.toMatch(/^(Time|Memory): /m);
  });
});
