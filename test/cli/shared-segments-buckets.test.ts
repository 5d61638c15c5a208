import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { segmentsPrefix } from '../../src/batch/own-folder.js';
import { expectNothingLeftRunning, until } from '../support/batch-runs.js';
import { fullTest, IS_FULL } from '../support/full-tests.js';
import { LONG_MS, makeLongClip, QUICK } from '../support/long-clip.js';
import { type Bucket, MOTO } from '../support/moto.js';
import { filesBelow, type ProxiedBucket, startProxiedBucket } from '../support/proxied-bucket.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const TABLE = [...QUICK, '--no-overlay'];
/** Five segments are two jobs of a queue; three suffice for two parts of a plan. */
const [SECONDS, SEGMENTS, OF_FIRST] = IS_FULL ? [130, 5, 3] : [70, 3, 2];
/** More refusals than the client tries by itself. */
const MANY = 6;

describe.skipIf(!MOTO || process.platform === 'win32')('a long video in a bucket', () => {
  let place: ProxiedBucket;
  let bucket: Bucket;
  let redis: TestRedis | undefined;
  let table: string;
  let databases = 0;

  beforeAll(async () => {
    place = await startProxiedBucket(folder);
    ({ bucket } = place);
    if (HAS_REDIS && IS_FULL) redis = await TestRedis.start();
    await makeLongClip(at('walk.mp4'), SECONDS);
    await bucket.put('clips/walk.mp4', await readFile(at('walk.mp4')));
    const local = await runCli(['analyze', at('walk.mp4'), '-o', at('local'), '--segments', '1', ...TABLE]);
    expect(local).toMatchObject({ code: 0 });
    table = await readFile(at('local', 'walk.csv'), 'utf8');
  }, LONG_MS);
  afterAll(() => redis?.[Symbol.asyncDispose]());
  beforeEach(() => place.calm());

  const run = async (...args: string[]) => runCli(args, { env: place.env() });
  const plan = async (out: string, parts = 2) =>
    run('plan', 's3://lab/clips', '-o', `s3://lab/${out}`, '--parts', String(parts), '--segments', '1');
  const partArgs = (out: string, part: number) => ['analyze', '--plan', `s3://lab/${out}`, '--part', String(part)];
  const part = async (out: string, number: number, ...more: string[]) =>
    run(...partArgs(out, number), ...TABLE, ...more);
  const keys = async (out: string) => Object.keys(await bucket.list(`${out}/`)).map(key => key.slice(out.length + 1));
  const segments = async (out: string) => (await keys(out)).filter(key => key.endsWith('.segment'));

  /** The parts of a plan, in the order of their segments. */
  async function partsOf(out: string): Promise<[number, number]> {
    const lines = (await bucket.text(`${out}/.bodyscript/plan.ndjson`)).trimEnd().split('\n').slice(1);
    return lines.map(line => JSON.parse(line).part) as [number, number];
  }

  /** The results are those of one local command, published once, and nothing else is left. */
  async function expectSame(out: string, ...beside: string[]): Promise<void> {
    expect(await bucket.text(`${out}/walk.csv`)).toBe(table);
    expect(place.published()).toEqual({ [`/lab/${out}/walk.run.json`]: 1 });
    expect((await keys(out)).filter(key => !/batch-\d-of-2\.json|plan\.ndjson/.test(key)).sort()).toEqual(
      [...beside, 'walk.csv', 'walk.run.json'].sort(),
    );
    expect(await bucket.unfinished()).toEqual([]);
  }

  test(
    'is divided among the parts of a plan; the one that stores the last segment joins it',
    async () => {
      const planned = await plan('parts');
      expect([planned.code, planned.stderr]).toEqual([
        0,
        expect.stringMatching(/1 video \(1 of them in segments\) in 2 parts/),
      ]);
      expect(place.downloads()).toHaveLength(1); // Its length is in the file.
      const [one, two] = await partsOf('parts');
      const first = await part('parts', two);
      expect([first.code, first.stderr]).toEqual([
        0,
        expect.stringContaining(`${OF_FIRST} of ${SEGMENTS} segments wait`),
      ]);
      expect(await segments('parts')).toHaveLength(SEGMENTS - OF_FIRST);
      const last = await part('parts', one);
      expect([last.code, last.stderr]).toEqual([0, expect.stringContaining('1 done')]);
      await expectSame('parts');
      expect(last.stderr).not.toMatch(/bodyscript-scratch/);
    },
    LONG_MS,
  );

  fullTest(
    'keeps the segments of a machine that is lost with its disk; another does the rest',
    async () => {
      await plan('lost');
      const [one, two] = await partsOf('lost');
      const scratch = at('scratch-lost');
      const lost = new CliRun([...partArgs('lost', one), ...TABLE, '--scratch', scratch], { env: place.env() });
      await until(async () => (await segments('lost')).length > 0 || undefined, 'a segment');
      lost.process.kill('SIGKILL');
      await lost.finished;
      await expectNothingLeftRunning(scratch);
      await rm(scratch, { recursive: true });
      const [kept = ''] = await segments('lost');
      const puts = () => place.proxy.passed.filter(({ method, path }) => method === 'PUT' && path.includes(kept));
      expect(puts()).toHaveLength(1);
      expect(await part('lost', one)).toMatchObject({ code: 0, stderr: expect.stringContaining(`2 of ${SEGMENTS}`) });
      expect(await part('lost', two)).toMatchObject({ code: 0, stderr: expect.stringContaining('1 done') });
      expect(puts()).toHaveLength(1);
      await expectSame('lost');
    },
    LONG_MS,
  );

  /** Requests that wait until they are released. */
  function hold(isMeant: (method: string, path: string) => boolean) {
    const state = { count: 0, release: () => {} };
    const released = new Promise<void>(resolve => {
      state.release = resolve;
    });
    const { fault } = place.proxy;
    place.proxy.fault = async request => {
      if (isMeant(request.method, request.path)) {
        state.count++;
        await released;
      }
      return fault(request);
    };
    return { release: () => state.release(), held: () => until(async () => state.count > 0 || undefined, 'a request') };
  }

  fullTest(
    'is published once where two machines join it at the same time',
    async () => {
      await plan('twice');
      const [one, two] = await partsOf('twice');
      await part('twice', one);
      const record = hold((method, path) => method === 'PUT' && path.includes('walk.run.json'));
      const runs = [one, two].map(
        number =>
          new CliRun([...partArgs('twice', two), ...TABLE, '--scratch', at(`twice-${number}`)], { env: place.env() }),
      );
      await record.held();
      // Both have the whole table once each of them asks for the record's place.
      await until(
        async () =>
          place.proxy.passed.filter(({ method, path }) => method === 'PUT' && path.includes('walk.csv')).length > 1 ||
          undefined,
        'both tables',
      );
      record.release();
      const ended = await Promise.all(runs.map(({ finished }) => finished));
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      expect(ended.map(({ stderr }) => /(\d) done/.exec(stderr)?.[1]).sort()).toEqual(['0', '1']);
      await expectSame('twice');
    },
    LONG_MS,
  );

  fullTest(
    'is left to the machine that has published it while another one still joins it',
    async () => {
      await plan('taken');
      const [one, two] = await partsOf('taken');
      await part('taken', one);
      const upload = hold((method, path) => method === 'PUT' && path.includes('walk.csv'));
      const first = new CliRun([...partArgs('taken', two), ...TABLE], { env: place.env() });
      await upload.held();
      const reading = hold((method, path) => method === 'HEAD' && path.endsWith('/2.segment'));
      const scratch = at('scratch-taken');
      const second = new CliRun([...partArgs('taken', one), ...TABLE, '--scratch', scratch], { env: place.env() });
      await reading.held();
      upload.release();
      expect(await first.finished).toMatchObject({ code: 0, stderr: expect.stringContaining('1 done') });
      reading.release();
      const left = await second.finished;
      expect([left.code, left.stderr]).toEqual([0, expect.stringContaining('another command joins the video')]);
      for (const suffix of ['.partial', '.csv', '.run.json', '.bin', '.mp4', '.lock'])
        expect(await filesBelow(scratch, suffix)).toEqual([]);
      await expectSame('taken');
    },
    LONG_MS,
  );

  fullTest(
    'leaves no segment that is stored after the video was published',
    async () => {
      await plan('late');
      const [, two] = await partsOf('late');
      const last = hold((method, path) => method === 'PUT' && path.includes('/4.segment'));
      const piece = new CliRun([...partArgs('late', two), ...TABLE], { env: place.env() });
      await last.held();
      const whole = await run('analyze', 's3://lab/clips', '-o', 's3://lab/late', '--segments', '1', ...TABLE);
      expect(whole).toMatchObject({ code: 0, stderr: expect.stringContaining('1 done') });
      last.release();
      expect(await piece.finished).toMatchObject({ code: 0, stderr: expect.stringContaining('another command joins') });
      await expectSame('late', 'batch.json');
      // As of a machine that is lost just after it has published the video.
      await bucket.put(`late/${segmentsPrefix('walk')}ab/4.segment`, 'left');
      expect(await part('late', two)).toMatchObject({ code: 0, stderr: expect.stringContaining('1 skipped') });
      await expectSame('late', 'batch.json');
    },
    LONG_MS,
  );

  fullTest(
    'survives a busy server, and segments that are damaged',
    async () => {
      await plan('faulty');
      const [one, two] = await partsOf('faulty');
      const refused = { PUT: 0, GET: 0 };
      place.proxy.fault = ({ method, path }) => {
        const isSegment = (method === 'PUT' || method === 'GET') && /\d\.segment/.test(path);
        return isSegment && ++refused[method] <= MANY ? { status: 503, code: 'SlowDown' } : undefined;
      };
      expect(await part('faulty', two)).toMatchObject({ code: 0 });
      expect(await segments('faulty')).toHaveLength(2);
      const [damaged = ''] = await segments('faulty');
      await bucket.put(`faulty/${damaged}`, 'bodyscript segment 1 5 '.concat('0'.repeat(64), '\nother'));
      const last = await part('faulty', one);
      expect([last.code, last.stderr]).toEqual([
        0,
        expect.stringMatching(/s3:\/\/lab\/faulty\/.*3\.segment: is damaged; analysing this segment here/),
      ]);
      expect(Math.min(refused.PUT, refused.GET)).toBeGreaterThan(MANY);
      await expectSame('faulty');
    },
    LONG_MS,
  );

  fullTest(
    'ends a command that may not write its segments',
    async () => {
      await plan('denied');
      const [one] = await partsOf('denied');
      place.proxy.fault = ({ method, path }) =>
        method === 'PUT' && path.includes('.segment') ? { status: 403, code: 'AccessDenied' } : undefined;
      const ended = await part('denied', one);
      expect([ended.code, ended.stderr]).toEqual([
        1,
        expect.stringMatching(/s3:\/\/lab\/denied\/\.bodyscript\/segments\/.*\.segment: access denied/),
      ]);
      expect(await segments('denied')).toEqual([]);
    },
    LONG_MS,
  );

  describe.runIf(IS_FULL && HAS_REDIS)('in a queue', () => {
    const submit = async (out: string, options = TABLE) => {
      const queue = ['--queue', redis?.url(databases++) ?? ''];
      const submitted = await run(
        'submit',
        's3://lab/clips',
        '-o',
        `s3://lab/${out}`,
        ...queue,
        '--json',
        '--segments',
        '1',
        ...options,
      );
      expect(JSON.parse(submitted.stdout)).toMatchObject({ videos: 1, jobs: 2, added: 2 });
      place.calm();
      return queue;
    };
    const counts = async (queue: readonly string[]) =>
      JSON.parse((await run('jobs', ...queue, '--json')).stdout).counts;

    test(
      'is several jobs; two workers analyse them, and one joins the video',
      async () => {
        const outputs = [...QUICK, '--export', 'trc'];
        await run('analyze', at('walk.mp4'), '-o', at('films'), '--segments', '1', ...outputs);
        const queue = await submit('queue', outputs);
        const work = ['work', ...queue, '--jobs', '1', '--until-empty'];
        const ended = await Promise.all([run(...work), run(...work)]);
        expect(ended.map(({ code }) => code)).toEqual([0, 0]);
        expect(ended.flatMap(({ stderr }) => stderr.match(/^done /gm) ?? [])).toHaveLength(1);
        const others = (await readdir(at('films'))).filter(name => /\.(mp4|trc)$/.test(name));
        expect(others.length).toBeGreaterThan(1);
        await expectSame('queue', ...others);
        for (const name of others)
          expect((await bucket.bytes(`queue/${name}`)).equals(await readFile(at('films', name)))).toBe(true);
        expect(await counts(queue)).toEqual({ waiting: 0, delayed: 0, active: 0, done: 2, failed: 0 });
      },
      LONG_MS,
    );

    test(
      'is downloaded once by a worker that analyses several of its jobs at a time',
      async () => {
        const queue = await submit('lanes');
        const scratch = at('scratch-lanes');
        const ended = await run('work', ...queue, '--jobs', '2', '--until-empty', '--scratch', scratch);
        expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('1 done')]);
        expect(place.downloads()).toHaveLength(1);
        await expectSame('lanes');
        // The jobs of a queue that has lost its memory find the results, and what a lost machine has left.
        await bucket.put(`lanes/${segmentsPrefix('walk')}ab/4.segment`, 'left');
        const other = await submit('lanes');
        expect(await run('work', ...other, '--jobs', '2', '--until-empty')).toMatchObject({ code: 0 });
        expect(await segments('lanes')).toEqual([]);
        expect([place.downloads(), place.published()]).toEqual([[], {}]);
        for (const suffix of ['.mp4', '.csv', '.segment']) expect(await filesBelow(scratch, suffix)).toEqual([]);
      },
      LONG_MS,
    );
  });
});
