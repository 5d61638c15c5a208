import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { publishResults } from '../../src/storage/publish.js';
import { areObjectsAsListed, readPublished } from '../../src/storage/published-run.js';
import { type FaultProxy, startProxy } from '../support/fault-proxy.js';
import { type Bucket, MOTO, startBucket } from '../support/moto.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const localDir = join(folder, 'local');
const example = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8')) as RunRecord;
const PLACES = ['s3://lab/results', join(folder, 'results')];

/** A run of a video, with a table, a large overlay and a folder. */
async function makeResults(content: string): Promise<RunRecord> {
  await mkdir(join(localDir, 'walk.opensim'), { recursive: true });
  await writeFile(join(localDir, 'walk.csv'), content);
  await writeFile(join(localDir, 'walk.overlay.mp4'), Buffer.alloc(9 * 2 ** 20, content));
  await writeFile(join(localDir, 'walk.opensim', 'README.md'), content);
  const outputs = ['walk.csv', 'walk.overlay.mp4', 'walk.opensim/', 'walk.run.json'].map(name => `${localDir}/${name}`);
  const input = { ...example.input, path: 's3://lab/clips/walk.mp4', etag: '"etag"', sha256: 'abc' };
  return {
    ...example,
    status: 'done',
    input,
    outputs,
    files: [],
    objects: [],
    warnings: [`${localDir}/walk.csv: odd`],
  };
}

describe.skipIf(!MOTO)('results', () => {
  let bucket: Bucket;
  let proxy: FaultProxy;

  beforeAll(async () => {
    bucket = await startBucket();
    proxy = await startProxy(bucket.endpoint);
    Object.assign(process.env, bucket.env(proxy.endpoint));
  }, 90_000);

  beforeEach(async () => {
    proxy.fault = () => undefined;
    for (const key of Object.keys(await bucket.list())) await bucket.remove(key);
  });

  const publish = async (destination = PLACES[0]!, change: object = {}) => {
    const record = await makeResults('first');
    return publishResults({
      localDir,
      name: 'walk',
      record,
      destination,
      replaces: undefined,
      overwrite: false,
      hasSameOptions: () => true,
      ...change,
    });
  };

  test.each(PLACES)('go whole to %s, the record last, which lists each with its hash and ETag', async destination => {
    proxy.passed.length = 0;
    const { by, run } = await publish(destination);
    expect(by).toBe('us');
    const record = (await readPublished(destination, 'walk'))?.record;
    expect(record).toEqual(run.record);
    expect(record?.objects.map(({ key }) => key).sort()).toEqual([
      'walk.csv',
      'walk.opensim/README.md',
      'walk.overlay.mp4',
    ]);
    expect(JSON.stringify(record)).not.toContain(localDir);
    expect(record?.warnings).toEqual([`${destination}/walk.csv: odd`]);
    expect(await areObjectsAsListed(destination, 'walk', run.record)).toBe(true);
    if (!destination.startsWith('s3:')) return;
    const puts = proxy.passed.filter(({ method }) => method === 'PUT' || method === 'POST');
    expect(puts.at(-1)?.path).toContain('walk.run.json');
    expect(puts.at(-1)?.headers['if-none-match']).toBe('*');
  });

  test('that were changed or removed since are not as listed', async () => {
    const { run } = await publish();
    await bucket.put('results/walk.csv', 'edited');
    expect(await areObjectsAsListed(PLACES[0]!, 'walk', run.record)).toBe(false);
    await bucket.remove('results/walk.csv');
    expect(await areObjectsAsListed(PLACES[0]!, 'walk', run.record)).toBe(false);
  });

  test('of an upload that breaks off have no record, and the unfinished object is not visible', async () => {
    proxy.fault = ({ method, path }) =>
      method === 'PUT' && path.includes('partNumber=2') ? { status: 403, code: 'AccessDenied' } : undefined;
    await expect(publish()).rejects.toMatchObject({ code: 'STORAGE_DENIED' });
    const keys = Object.keys(await bucket.list());
    expect(keys).not.toContain('results/walk.run.json');
    expect(keys).not.toContain('results/walk.overlay.mp4');
    expect(await bucket.unfinished()).toEqual([]);
    proxy.fault = () => undefined;
    expect((await publish()).by).toBe('us'); // What was left is replaced.
  });

  test('of an upload that is stopped have no record, and the unfinished object is discarded', async () => {
    const stop = new AbortController();
    proxy.fault = ({ method, path }) => {
      if (method === 'PUT' && path.includes('partNumber=2')) stop.abort(new Error('stopped'));
      return undefined;
    };
    await expect(publish(PLACES[0], { signal: stop.signal })).rejects.toThrow('stopped');
    expect(Object.keys(await bucket.list())).not.toContain('results/walk.run.json');
    expect(await bucket.unfinished()).toEqual([]);
  });

  test('wait for a server that is busy', async () => {
    let refused = 0;
    proxy.fault = ({ method }) => (method === 'PUT' && ++refused <= 2 ? { status: 503, code: 'SlowDown' } : undefined);
    expect((await publish()).by).toBe('us');
    expect(refused).toBeGreaterThan(2);
  }, 30_000);

  test('of another run that was faster count as this one’s', async () => {
    const first = await publish();
    const second = await publish();
    expect(second.by).toBe('another');
    expect(second.run).toEqual(first.run);
  });

  test('of another video of the same name, whose record is still missing, are not replaced without --overwrite', async () => {
    const first = await publish();
    await bucket.remove('results/walk.run.json'); // As if it uploaded at this moment.
    const record = await makeResults('other');
    const input = { ...record.input, path: 's3://lab/others/walk.mp4' };
    await expect(publish(PLACES[0], { record: { ...record, input } })).rejects.toMatchObject({
      code: 'OUTPUT_TAKEN',
      message: expect.stringContaining('walk.csv: exists already, and is of the results of another video'),
      remedy: expect.stringContaining('--overwrite'),
    });
    expect(await areObjectsAsListed(PLACES[0]!, 'walk', first.run.record)).toBe(true);
    expect((await publish(PLACES[0], { record: { ...record, input }, overwrite: true })).by).toBe('us');
  });

  test('of another run that puts its record at the last moment count as well', async () => {
    const other = await publish();
    await bucket.remove('results/walk.run.json');
    proxy.fault = async ({ method, path }) => {
      if (method === 'PUT' && path.includes('walk.run.json'))
        await bucket.put('results/walk.run.json', JSON.stringify(other.run.record));
      return undefined;
    };
    expect((await publish()).by).toBe('another');
  });

  test('replace those of an earlier run only as long as its record is the same', async () => {
    const { run: first } = await publish();
    const record = await makeResults('second');
    const results = {
      localDir,
      name: 'walk',
      destination: PLACES[0]!,
      record,
      replaces: first.etag,
      overwrite: false,
      hasSameOptions: () => true,
    };
    const second = await publishResults(results);
    expect(second.by).toBe('us');
    expect(await bucket.text('results/walk.csv')).toBe('second');
    const other = { ...record, input: { ...record.input, sha256: 'another video' } };
    await expect(publishResults({ ...results, record: other })).rejects.toMatchObject({ code: 'OUTPUT_BUSY' });
  });

  test('of another run with other options do not count as this one’s', async () => {
    await publish();
    await expect(publish(PLACES[0], { hasSameOptions: () => false })).rejects.toMatchObject({ code: 'OUTPUT_BUSY' });
  });

  test('of another run that are not whole any more do not count as this one’s', async () => {
    await publish();
    await bucket.remove('results/walk.opensim/README.md');
    await expect(
      publish(PLACES[0], {
        beforeRecord: async () => {
          await bucket.remove('results/walk.opensim/README.md');
        },
      }),
    ).rejects.toMatchObject({ code: 'OUTPUT_BUSY' });
  });

  test('of a video that another worker has taken meanwhile get no record', async () => {
    const beforeRecord = async () => {
      throw new Error('taken over');
    };
    await expect(publish(PLACES[0], { beforeRecord })).rejects.toThrow('taken over');
    expect(Object.keys(await bucket.list('results/'))).not.toContain('results/walk.run.json');
  });

  test('do not replace what this program has not put, without --overwrite', async () => {
    await bucket.put('results/walk.csv', 'from another program');
    await expect(publish()).rejects.toMatchObject({ code: 'OUTPUT_TAKEN' });
    expect(await bucket.text('results/walk.csv')).toBe('from another program');
    expect((await publish(PLACES[0], { overwrite: true })).by).toBe('us');
    expect(await bucket.text('results/walk.csv')).toBe('first');
  });
});
