import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { planPath } from '../../src/batch/plan/plan-file.js';
import '../support/one-worker.js';
import { fullTest, IS_FULL } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const FAST = ['--no-overlay', '--model', 'lite', '--mode', 'fast', '--max-frames', '5'];
const analyze = (out: string, part: string, options: string[] = [], env: Record<string, string> = {}) =>
  runCli(['analyze', '--plan', out, '--part', part, ...FAST, ...options], { env });
const planned = async (out: string) =>
  (await readFile(planPath(out), 'utf8'))
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => JSON.parse(line));
const filesBelow = async (out: string) =>
  (await readdir(out, { recursive: true }))
    .filter(name => !name.startsWith('.bodyscript') && name.includes('.'))
    .sort();

beforeAll(async () => {
  await mkdir(at('clips/b'), { recursive: true });
  for (const name of ['wave.mp4', 'small.mp4', 'sit.mp4']) await cp(join(SAMPLES, name), at('clips', name));
  await cp(join(SAMPLES, 'small.mp4'), at('clips/b/small.mp4'));
  await writeFile(at('clips/bad.mp4'), 'no video');
});

describe('bodyscript plan', () => {
  test('names the video that makes parts uneven, and the number of parts that would do', async () => {
    const clips = [at('clips/wave.mp4'), at('clips/small.mp4')];
    const made = await runCli(['plan', ...clips, '-o', at('uneven'), '--parts', '5']);
    expect([made.code, made.stderr]).toEqual([
      0,
      expect.stringMatching(/wave\.mp4: has more work than the mean .*--segments auto/),
    ]);
    expect(made.stderr).toMatch(/there are more parts than videos: --parts 2 would do/);
    const auto = await runCli(['plan', ...clips, '-o', at('uneven'), '--parts', '5', '--segments', 'auto']);
    expect(auto.stderr).toMatch(/from ten minutes on, --segments 2 also shorter ones/);
    const even = await runCli(['plan', at('clips'), '-o', at('even'), '--parts', '1']);
    expect(even.stderr).not.toMatch(/more work|would do/);
  });

  test('names outputs and divides the videos; each part does its own, and together they do all', async () => {
    const out = at('results');
    const made = await runCli(['plan', at('clips'), '-o', out, '--parts', '2', '--json']);
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ videos: 5, parts: 2, emptyParts: 0, largest: 1, unreadable: 1 });
    const videos = await planned(out);
    expect(videos.map(({ name }) => name).sort()).toEqual(['b/small', 'bad', 'sit', 'small', 'wave']);
    expect(videos.find(({ name }) => name === 'wave')).toMatchObject({ frames: 120, width: 640, height: 480 });

    const [one, two] = [await analyze(out, 'auto', [], { SLURM_ARRAY_TASK_ID: '1' }), await analyze(out, '2')];
    expect([one.code, two.code].sort()).toEqual([0, 3]); // The bad one is in one of them.
    expect(await filesBelow(out)).toEqual([
      'b/small.csv',
      'b/small.run.json',
      'batch-1-of-2.json',
      'batch-2-of-2.json',
      'sit.csv',
      'sit.run.json',
      'small.csv',
      'small.run.json',
      'wave.csv',
      'wave.run.json',
    ]);
    const merged = await runCli(['jobs', 'merge', '-o', out]);
    expect(merged.code).toBe(0);
    const report = JSON.parse(await readFile(join(out, 'batch.json'), 'utf8'));
    expect(report.counts).toEqual({ videos: 5, done: 4, skipped: 0, failed: 1, interrupted: 0, notRun: 0 });
    expect(report.videos.find(({ name }: { name: string }) => name === 'bad').error.code).toBe('INPUT_NOT_A_VIDEO');
  });

  fullTest(
    'without a ledger, records show what is done and NAME.failed.json what failed; a ledger can be made from both',
    async () => {
      const out = at('bare');
      await runCli(['plan', at('clips'), '-o', out, '--parts', '1']);
      expect((await analyze(out, '1', ['--no-ledger'])).code).toBe(3);
      expect(await readdir(join(out, '.bodyscript'))).not.toContain('ledger-1-of-1.sqlite');
      expect(JSON.parse(await readFile(join(out, 'bad.failed.json'), 'utf8'))).toMatchObject({
        input: { path: at('clips/bad.mp4'), bytes: 8 },
        error: { code: 'INPUT_NOT_A_VIDEO' },
      });
      const again = await analyze(out, '1', ['--no-ledger']);
      expect([again.code, again.stderr]).toEqual([
        3,
        expect.stringMatching(/0 done, 4 skipped \(done already\), 1 failed/),
      ]);

      const rebuilt = await runCli(['jobs', 'rebuild', '-o', out]);
      expect(rebuilt.stdout).toContain('4 done, 1 failed, 0 already in the ledger');
      const withLedger = await runCli(['analyze', at('clips'), '-o', out, ...FAST]);
      expect([withLedger.code, withLedger.stderr]).toEqual([
        3,
        expect.stringMatching(/0 done, 4 skipped \(done already\), 1 failed/),
      ]);
      expect((await runCli(['jobs', 'rebuild', '-o', out])).stdout).toContain(
        '0 done, 0 failed, 5 already in the ledger',
      );
    },
  );

  test.runIf(IS_FULL)(
    'parts without a ledger merge into one ledger and one report, with what no part got to',
    async () => {
      const out = at('merged-bare');
      await runCli(['plan', at('clips'), '-o', out, '--parts', '3']);
      const missing = await runCli(['jobs', 'merge', '-o', at('clips')]);
      expect([missing.code, missing.stderr]).toEqual([
        2,
        expect.stringContaining('contains no plan, and no ledger of a part'),
      ]);
      for (const part of ['1', '2']) expect((await analyze(out, part, ['--no-ledger'])).code).toBeOneOf([0, 3]);
      const jobs = await runCli(['jobs', '-o', out]);
      expect([jobs.code, jobs.stderr]).toEqual([2, expect.stringContaining('bodyscript jobs rebuild')]);
      const merged = await runCli(['jobs', 'merge', '-o', out]);
      expect([merged.code, merged.stderr]).toEqual([0, '']);
      expect(merged.stdout).toMatch(/added from run records/);
      expect(merged.stdout).toMatch(
        /batch\.json: 5 videos: .*, \d not run \(batch-1-of-3\.json to batch-2-of-3\.json stay: 2 reports\)/,
      );
      const reportOf = async () => JSON.parse(await readFile(join(out, 'batch.json'), 'utf8'));
      const left = (await planned(out)).filter(({ part }) => part === 3).length;
      const first = await reportOf();
      expect(first).toMatchObject({ parts: 3, counts: { videos: 5, notRun: left, interrupted: 0 } });
      expect(left).toBeGreaterThan(0);
      expect(first.counts.done + first.counts.failed).toBe(5 - left);

      // The last part with a ledger: one merge takes both.
      await analyze(out, '3');
      const again = await runCli(['jobs', 'merge', '-o', out]);
      expect(again.stdout).toMatch(/merged from 1 ledger/);
      expect((await reportOf()).counts).toEqual({
        videos: 5,
        done: 4,
        skipped: 0,
        failed: 1,
        interrupted: 0,
        notRun: 0,
      });
    },
  );

  fullTest('a failure is forgotten once its video has results', async () => {
    const [clips, out] = [at('repaired'), at('repaired-out')];
    await mkdir(clips);
    await writeFile(join(clips, 'clip.mp4'), 'no video');
    await runCli(['analyze', clips, '-o', out, '--no-ledger', ...FAST]);
    expect(await filesBelow(out)).toContain('clip.failed.json');
    await cp(join(SAMPLES, 'small.mp4'), join(clips, 'clip.mp4'));
    const { code } = await runCli(['analyze', clips, '-o', out, '--no-ledger', ...FAST]);
    expect(code).toBe(0);
    expect(await filesBelow(out)).not.toContain('clip.failed.json');
  });

  test('a new plan keeps the names, even after a twin was added', async () => {
    const [clips, out] = [at('twins'), at('twins-out')];
    await mkdir(clips);
    await cp(join(SAMPLES, 'small.mp4'), join(clips, 'walk.mp4'));
    await runCli(['plan', clips, '-o', out, '--parts', '1']);
    await cp(join(SAMPLES, 'small.mp4'), join(clips, 'walk.mov'));
    await runCli(['plan', clips, '-o', out, '--parts', '3']);
    const names = (await planned(out)).map(({ path, name }) => [path.slice(-3), name]);
    expect(names.sort()).toEqual([
      ['mov', 'walk.mov'],
      ['mp4', 'walk'],
    ]);
    const empty = await analyze(out, '3');
    expect([empty.code, empty.stderr]).toEqual([0, expect.stringContaining('0 videos')]);
    const fewer = await runCli(['plan', join(clips, 'walk.mov'), '-o', out, '--parts', '1']);
    expect([fewer.code, fewer.stderr]).toEqual([
      0,
      expect.stringContaining('this plan replaces an earlier one, of which it lacks 1 video; give all videos again'),
    ]);
  });

  test.each([
    ['no --part', ['--plan', 'results'], 2, /--plan needs --part/],
    ['no --plan', ['--part', '1'], 2, /--part needs --plan/],
    ['inputs as well', ['clips', '--plan', 'results', '--part', '1'], 2, /--plan and clips both choose the videos/],
    ['another --out', ['--plan', 'results', '--part', '1', '-o', 'other'], 2, /is not the folder of the plan/],
    ['no such part', ['--plan', 'results', '--part', '9'], 2, /the plan has parts 1-2/],
    ['no plan', ['--plan', 'clips', '--part', '1'], 1, /no such plan.*bodyscript plan CLIPS/s],
  ])('an error that names the way out: %s', async (_, args, code, says) => {
    const result = await runCli(['analyze', ...args], { cwd: folder });
    expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(says)]);
  });

  test.each([
    ['a name that leads out', (line: string) => line.replace('"name":"sit"', '"name":"../sit"'), /leads out/],
    ['a part that the plan does not have', (line: string) => line.replace(/"part":\d/, '"part":7'), /part 7 of 2/],
    ['a line that is cut off', (line: string) => line.slice(0, 40), /not a valid plan/],
  ])('a plan is a stranger’s file: %s', async (_, change, says) => {
    const out = at('strange');
    await rm(out, { recursive: true, force: true });
    await mkdir(join(out, '.bodyscript'), { recursive: true });
    const lines = (await readFile(planPath(at('results')), 'utf8')).split('\n');
    await writeFile(
      planPath(out),
      lines.map((line, i) => (i > 0 && line.includes('"sit"') ? change(line) : line)).join('\n'),
    );
    const { code, stderr } = await analyze(out, '1');
    expect([code, stderr]).toEqual([1, expect.stringMatching(says)]);
  });

  fullTest('a video that changed since its failure is retried', async () => {
    const [clips, out] = [at('changed'), at('changed-out')];
    await mkdir(clips);
    await writeFile(join(clips, 'clip.mp4'), 'no video');
    const run = () => runCli(['analyze', clips, '-o', out, '--no-ledger', ...FAST]);
    const attempted = async () =>
      (await readFile(join(out, 'clip.failed.json'), 'utf8')).match(/"endedAt": "(.*)"/)?.[1];
    await run();
    const first = await attempted();
    await run();
    expect(await attempted()).toBe(first);
    await utimes(join(clips, 'clip.mp4'), 1, 1);
    await run();
    expect(await attempted()).not.toBe(first);
  });
});
