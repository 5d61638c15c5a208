import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { segmentsPath } from '../../src/batch/own-folder.js';
import { planPath } from '../../src/batch/plan/plan-file.js';
import { fullTest, IS_FULL } from '../support/full-tests.js';
import { LONG_MS, makeLongClip, QUICK } from '../support/long-clip.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const CLIP = at('clips', 'walk.mp4');
const part = (out: string, number: number) => ['analyze', '--plan', at(out), '--part', String(number), ...QUICK];
const plan = (out: string, parts: number) =>
  runCli(['plan', CLIP, '-o', at(out), '--parts', String(parts), '--segments', '1']);
const merge = (out: string) => runCli(['jobs', 'merge', '-o', at(out)]);

async function filesOf(out: string): Promise<Buffer[]> {
  return Promise.all(['walk.csv', 'walk.overlay.mp4'].map(name => readFile(at(out, name))));
}

/** Names of the stored segments of the clip. */
async function stored(out: string): Promise<string[]> {
  const names = await readdir(segmentsPath(at(out), 'walk'), { recursive: true }).catch(() => []);
  return names.filter(name => name.endsWith('.segment')).map(name => name.replace(/.*[\\/]/, ''));
}

/** The results equal those of one command, and nothing else is left. */
async function expectSame(out: string): Promise<void> {
  const [mine, local] = [await filesOf(out), await filesOf('local')];
  expect(mine.map((bytes, i) => bytes.equals(local[i]!))).toEqual([true, true]);
  expect((await readdir(at(out))).filter(name => /partial|lock/.test(name))).toEqual([]);
  expect(await readdir(at(out, '.bodyscript'))).not.toContain('segments');
}

beforeAll(async () => {
  await mkdir(at('clips'));
  await makeLongClip(CLIP, 130);
  await runCli(['analyze', CLIP, '-o', at('local'), '--segments', '1', ...QUICK]);
}, LONG_MS);

describe('a long video in several parts of a plan', () => {
  test(
    'is divided; the part that stores the last segment joins it to the bytes of one command',
    async () => {
      const { code, stderr } = await plan('parts', 2);
      expect([code, stderr]).toEqual([0, expect.stringMatching(/1 video \(1 of them in segments\) in 2 parts/)]);
      const lines = (await readFile(planPath(at('parts')), 'utf8')).trimEnd().split('\n');
      expect(lines.slice(1).map(line => JSON.parse(line).piece)).toEqual([
        { from: 0, to: 2 },
        { from: 3, to: 4 },
      ]);
      const order = await partsOf('parts');
      const dry = await Promise.all(order.map(number => runCli([...part('parts', number), '--dry-run'])));
      const shares = dry.map(({ stdout }) => Number(/^analyse +(\d+) frames/.exec(stdout)?.[1]));
      const { frames } = JSON.parse(lines[1] ?? '');
      expect(shares).toEqual([Math.round(frames * 0.6), Math.round(frames * 0.4)]);

      const first = await runCli(part('parts', order[1]));
      expect([first.code, first.stderr]).toEqual([
        0,
        expect.stringMatching(/waiting .*its own segments are done; 3 of 5 segments wait for other parts/),
      ]);
      expect(first.stderr).toContain('0 done, 1 waiting for other parts');
      expect((await stored('parts')).sort()).toEqual(['3.segment', '4.segment']);
      expect((await merge('parts')).stderr).toMatch(
        new RegExp(
          `3 of 5 segments are missing, of part ${order[0]}; run: bodyscript analyze --plan .* --part ${order[0]}`,
        ),
      );

      const last = await runCli(part('parts', order[0]));
      expect([last.code, last.stderr]).toEqual([0, expect.stringContaining('1 done')]);
      await expectSame('parts');
      const merged = await merge('parts');
      expect(merged.stderr).toBe('');
      const { counts } = JSON.parse(await readFile(at('parts', 'batch.json'), 'utf8'));
      expect(counts).toEqual({ videos: 1, done: 1, skipped: 0, failed: 0, interrupted: 0, notRun: 0 });
      const again = await runCli(part('parts', order[1]));
      expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('1 skipped (done already)')]);
    },
    LONG_MS,
  );

  fullTest(
    'a part that was killed keeps its finished segments, and does the rest when it is run again',
    async () => {
      await plan('killed', 2);
      const [one, two] = await partsOf('killed');
      const run = new CliRun(part('killed', one));
      while ((await stored('killed')).length === 0) await delay(20);
      run.process.kill('SIGKILL');
      await run.finished;
      const [kept = ''] = await stored('killed');
      const writtenAt = async () => (await stat(await pathOf('killed', kept))).mtimeMs;
      const before = await writtenAt();
      expect((await runCli(part('killed', one))).stderr).toContain('2 of 5 segments wait for other parts');
      expect(await writtenAt()).toBe(before);
      expect((await runCli(part('killed', two))).code).toBe(0);
      await expectSame('killed');
    },
    LONG_MS,
  );

  fullTest(
    'a plain command uses what parts have stored, and analyses the rest',
    async () => {
      await plan('plain', 2);
      const [one] = await partsOf('plain');
      await runCli(part('plain', one));
      const { code } = await runCli(['analyze', CLIP, '-o', at('plain'), '--segments', '1', ...QUICK]);
      expect(code).toBe(0);
      await expectSame('plain');
    },
    LONG_MS,
  );

  fullTest(
    'jobs clean removes the segments of a video that has ended, and leaves others for a day',
    async () => {
      await plan('clean', 2);
      const [one] = await partsOf('clean');
      await runCli(part('clean', one));
      await merge('clean');
      const clean = () => runCli(['jobs', 'clean', '-o', at('clean')]);
      expect((await clean()).stdout).toContain('removed 0 files of 0 videos,');
      const root = segmentsPath(at('clean'), 'walk');
      for (const name of await readdir(root)) await utimes(join(root, name), 1e9, 1e9);
      await utimes(root, 1e9, 1e9);
      expect((await clean()).stdout).toContain('segments of 1 video');
      expect(await stored('clean')).toEqual([]);
    },
    LONG_MS,
  );
});

/** The numbers of the parts of a plan, in the order of the segments. */
async function partsOf(out: string): Promise<[number, number]> {
  const lines = (await readFile(planPath(at(out)), 'utf8')).trimEnd().split('\n').slice(1);
  return lines.map(line => JSON.parse(line).part) as [number, number];
}

async function pathOf(out: string, name: string): Promise<string> {
  const root = segmentsPath(at(out), 'walk');
  const [key = ''] = await readdir(root);
  return join(root, key, name);
}

describe.skipIf(!IS_FULL || !HAS_REDIS)('a long video in a queue', () => {
  const submit = (url: string, out: string) =>
    runCli(['submit', CLIP, '-o', at(out), '--queue', url, '--json', '--segments', '1', ...QUICK]);

  test(
    'is several jobs; two workers analyse them, and one joins the video',
    async () => {
      await using redis = await TestRedis.start();
      const url = redis.url(0);
      const submitted = await submit(url, 'queue');
      expect(JSON.parse(submitted.stdout)).toEqual({ videos: 1, jobs: 2, added: 2, known: 0, failed: 0, missing: [] });
      const work = ['work', '--queue', url, '--jobs', '1', '--until-empty'];
      const ended = await Promise.all([runCli(work), runCli(work)]);
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      const said = ended.map(({ stderr }) => stderr).join('\n');
      expect(said.match(/^done /gm)).toHaveLength(1);
      await expectSame('queue');
      const jobs = JSON.parse((await runCli(['jobs', '--queue', url, '--json'])).stdout);
      expect(jobs.counts).toEqual({ waiting: 0, delayed: 0, active: 0, done: 2, failed: 0 });
    },
    LONG_MS,
  );

  test(
    'is joined, too, where a segment was removed before its last job ended',
    async () => {
      await using redis = await TestRedis.start();
      const url = redis.url(0);
      await submit(url, 'removed');
      const run = new CliRun(['work', '--queue', url, '--jobs', '1', '--until-empty']);
      while (!run.stderr.includes('waiting  ')) await delay(20);
      await rm(await pathOf('removed', '0.segment'));
      const { code, stderr } = await run.finished;
      expect([code, stderr]).toEqual([0, expect.stringContaining('segments are missing though all its jobs have')]);
      await expectSame('removed');
    },
    LONG_MS,
  );
});
