import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FAST, outcomes, type Report, reportOf } from '../support/batch-runs.js';
import type { FaultProxy } from '../support/fault-proxy.js';
import { fullTest } from '../support/full-tests.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { type ProxiedBucket, startProxiedBucket, testClip } from '../support/proxied-bucket.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const PLAN = '.bodyscript/plan.ndjson';
interface Line {
  readonly part: number;
  readonly path: string;
  readonly name: string;
}

describe.skipIf(!MOTO)('a plan in a bucket', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let proxy: FaultProxy;
  let short: Buffer;

  beforeAll(async () => {
    place = await startProxiedBucket(folder);
    ({ bucket, proxy } = place);
    short = await testClip(folder, 'short.mp4', 0.2);
    await bucket.put('clips/a-long.mp4', await testClip(folder, 'long.mp4', 1.5));
    for (const name of ['b', 'c', 'monday/d']) await bucket.put(`clips/${name}.mp4`, short);
    await bucket.put('clips/notes.txt', 'not a video');
  }, 120_000);

  beforeEach(() => place.calm());

  const env = (more: NodeJS.ProcessEnv = {}) => place.env(more);
  const plan = async (out: string, ...more: string[]) =>
    runCli(['plan', 's3://lab/clips', '-o', `s3://lab/${out}`, '--parts', '2', '--json', ...more], { env: env() });
  const part = async (out: string, index: number) =>
    runCli(['analyze', '--plan', `s3://lab/${out}`, '--part', 'auto', ...FAST], {
      env: env({ AWS_BATCH_JOB_ARRAY_INDEX: String(index) }),
    });
  const lines = async (out: string) =>
    (await bucket.text(`${out}/${PLAN}`))
      .trim()
      .split('\n')
      .slice(1)
      .map(line => JSON.parse(line) as Line);

  test('is made without a download, balanced by bytes; two parts analyse each video once', async () => {
    const made = await plan('planned');
    expect(made).toMatchObject({ code: 0 });
    expect(JSON.parse(made.stdout)).toMatchObject({
      path: `s3://lab/planned/${PLAN}`,
      videos: 4,
      parts: 2,
      unreadable: 0,
    });
    expect(made.stderr).toContain(`s3://lab/planned/${PLAN}: 4 videos in 2 parts`);
    expect(made.stderr).not.toContain('bodyscript-scratch');
    expect(place.downloads()).toEqual([]);
    const planned = await lines('planned');
    const [long] = planned.filter(({ name }) => name === 'a-long');
    expect(planned.filter(({ part }) => part === long?.part)).toEqual([long]);

    proxy.passed.length = 0;
    const parts = await Promise.all([part('planned/', 0), part('planned', 1)]);
    expect(parts.map(({ code, stderr }) => [code, stderr])).toEqual(
      parts.map(() => [0, expect.not.stringContaining('bodyscript-scratch')]),
    );
    expect(place.downloads()).toHaveLength(4);
    expect(place.published()).toEqual(
      Object.fromEntries(['a-long', 'b', 'c', 'monday/d'].map(name => [`/lab/planned/${name}.run.json`, 1])),
    );
    const reports = await Promise.all(
      [1, 2].map(async index => JSON.parse(await bucket.text(`planned/batch-${index}-of-2.json`)) as Report),
    );
    expect(reports.flatMap(({ videos }) => videos.map(({ name }) => name)).sort()).toEqual(
      ['a-long', 'b', 'c', 'monday/d'].sort(),
    );
    const out = join(folder, 'straight');
    await runCli(['analyze', join(folder, 'long.mp4'), '-o', out, ...FAST]);
    expect(await bucket.text('planned/a-long.csv')).toBe(await readFile(join(out, 'long.csv'), 'utf8'));

    expect(await part('planned', 0)).toMatchObject({ stderr: expect.stringContaining('skipped') });

    // A copy of the results in a folder is what "jobs merge" needs.
    const copy = join(folder, 'copy');
    for (const key of Object.keys(await bucket.list('planned/'))) {
      const file = join(copy, key.slice('planned/'.length));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, await bucket.text(key));
    }
    expect(await runCli(['jobs', 'merge', '-o', copy])).toMatchObject({ code: 0 });
    const merged = await reportOf(copy);
    expect(outcomes(merged)).toEqual({ 'a-long': 'done', b: 'done', c: 'done', 'monday/d': 'done' });
    expect(merged.videos.map(({ path }) => path)).toContain('s3://lab/clips/monday/d.mp4');
  }, 180_000);

  test('is what the job definition for AWS Batch works on', async () => {
    const definition = new URL('../../samples/examples/aws-batch-s3.yaml', import.meta.url);
    const { command } = parse(await readFile(definition, 'utf8')).containerProperties as { command: string[] };
    await plan('for-aws', '--include', '[bc].mp4');
    const [, ...args] = command.map(word => word.replace('s3://lab/results', 's3://lab/for-aws'));
    const tasks = ['0', '1'].map(async index =>
      runCli([...args, ...FAST], { env: env({ AWS_BATCH_JOB_ARRAY_INDEX: index }) }),
    );
    expect((await Promise.all(tasks)).map(({ code }) => code)).toEqual([0, 0]);
    expect(Object.keys(await bucket.list('for-aws/'))).toEqual(
      expect.arrayContaining(['for-aws/b.run.json', 'for-aws/c.run.json']),
    );
  }, 120_000);

  fullTest(
    'that is made again keeps the names, and finished videos are skipped',
    async () => {
      await plan('again', '--include', 'b.mp4');
      expect(await part('again', 0)).toMatchObject({ code: 0 });
      await bucket.put('clips/b.mov', short);
      await bucket.remove(`again/${PLAN}`); // Its records are left.
      await plan('again', '--include', 'b.*');
      const names = Object.fromEntries((await lines('again')).map(({ path, name }) => [path, name]));
      expect(names).toEqual({ 's3://lab/clips/b.mov': 'b.mov', 's3://lab/clips/b.mp4': 'b' });
      await plan('again', '--include', '*.m*');
      expect((await lines('again')).find(({ path }) => path.endsWith('b.mp4'))?.name).toBe('b');
      proxy.passed.length = 0;
      const parts = [await part('again', 0), await part('again', 1)];
      expect(parts.map(({ stderr }) => /1 skipped/.test(stderr)).sort()).toEqual([false, true]);
      await bucket.remove('clips/b.mov');
    },
    120_000,
  );

  test.each<[string, string, string[], number, RegExp]>([
    ['that does not exist', 's3://lab/nothing', [], 1, /s3:\/\/lab\/nothing\/\.bodyscript\/plan\.ndjson: no such plan/],
    ['that is damaged', 's3://lab/damaged', [], 1, /s3:\/\/lab\/damaged\/.*not a valid plan: line 2/],
    ['with a local file', 's3://lab/local', [], 1, /wave\.mp4: a file of this machine, named by the plan of a bucket/],
    ['with a query', 's3://lab/x?X-Amz-Signature=f00dcafe', [], 2, /must not contain a query/],
    ['of another folder', 's3://lab/x', ['-o', 's3://lab/y'], 2, /is not the folder of the plan/],
  ])(
    '%s is an error that names the bucket',
    async (_, place, more, code, message) => {
      const header = { planVersion: 2, tool: { name: 'bodyscript', version: '0' }, madeAt: 'now', parts: 1, videos: 1 };
      const video = { part: 1, path: 's3://lab/clips/b.mp4', given: 'b.mp4', name: 'walk', work: 1 };
      const facts = { bytes: 1, frames: null, width: null, height: null };
      const planOf = (line: object) => `${JSON.stringify(header)}\n${JSON.stringify(line)}\n`;
      await bucket.put(`damaged/${PLAN}`, planOf({ ...video, ...facts, path: '../b.mp4' }));
      await bucket.put(`local/${PLAN}`, planOf({ ...video, ...facts, path: join(SAMPLES, 'wave.mp4') }));
      const result = await runCli(['analyze', '--plan', place, '--part', '1', ...more], { env: env() });
      expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(message)]);
      expect(result.stderr).not.toMatch(/f00dcafe|bodyscript-scratch/);
    },
    60_000,
  );
});
