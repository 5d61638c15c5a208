import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FAST, makeClips, reportOf } from '../support/batch-runs.js';
import { firstOf, fullTest } from '../support/full-tests.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const VIDEOS = 5;
const clips = await makeClips(folder, 'clips', VIDEOS);
const [long] = [join(await makeClips(folder, 'long', 1, 6), 'clip-00.mp4')];
const args = (input: string, out: string, ...more: string[]) => [
  'analyze',
  input,
  '-o',
  join(folder, out),
  '--no-ledger',
  ...FAST,
  ...more,
];
const failuresIn = async (out: string) =>
  (await readdir(join(folder, out))).filter(name => name.endsWith('.failed.json'));

/** Waits until a run writes its table. */
async function untilWriting(run: CliRun, partial: string): Promise<void> {
  while (!existsSync(partial)) {
    if (run.process.exitCode !== null) throw new Error(`ended early: ${run.stderr}`);
    await delay(20);
  }
}

test('the summary of a later run has the reason of an earlier failure', async () => {
  const bad = [join(folder, 'bad.mp4'), join(folder, 'worse.mp4')];
  for (const path of bad) await writeFile(path, 'no video');
  const again = () => runCli(['analyze', ...bad, '-o', join(folder, 'bad-out'), '--no-ledger', ...FAST]);
  await again();
  const { code, stderr } = await again();
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^ {2}failed {7}\S*bad\.mp4: .*\(INPUT_NOT_A_VIDEO\)/m)]);
});

fullTest('jobs retry holds for the parts of a plan, with ledgers and without', async () => {
  const [clip, out] = [join(folder, 'part.mp4'), join(folder, 'part-out')];
  await writeFile(clip, 'no video');
  await runCli(['plan', clip, '-o', out, '--parts', '1']);
  for (const options of [[], ['--no-ledger']]) {
    const part = () => runCli(['analyze', '--plan', out, '--part', '1', ...FAST, ...options]);
    const jobs = (command: string) => runCli(['jobs', command, '-o', out]);
    await part();
    expect((await part()).stderr).toContain('failed in an earlier run');
    await jobs('merge');
    expect((await jobs('retry')).stdout).toContain('retries 1 video');
    expect((await part()).stderr).not.toContain('failed in an earlier run');
    await jobs('merge');
    expect((await reportOf(out)).videos).toMatchObject([{ state: 'failed' }]);
  }
});

describe('two commands without a ledger on one folder of results', () => {
  const ways: [how: string, options: string[]][] = [
    ['as usual', []],
    ['with --force', ['--force']],
  ];
  test.each(firstOf(ways, 1))(
    '%s: each video is analysed once, and neither command reports a failure',
    async (_, options) => {
      const out = `both${options.join('')}`;
      const runs = [1, 2].map(() => new CliRun(args(clips, out, '--jobs', '2', ...options)));
      const results = await Promise.all(runs.map(run => run.finished));
      expect(results.map(({ code }) => code)).toEqual([0, 0]);
      const [done, already] = [/videos: (\d+) done/, /(\d+) skipped/].map(pattern =>
        results.map(({ stderr }) => Number(pattern.exec(stderr)?.[1])).reduce((sum, count) => sum + count, 0),
      );
      expect([done, already], results.map(({ stderr }) => stderr).join('\n')).toEqual([VIDEOS, VIDEOS]);
      expect(await failuresIn(out)).toEqual([]);
      expect((await readdir(join(folder, out))).filter(name => name.includes('lock'))).toEqual([]);
    },
    120_000,
  );

  fullTest(
    'a single video that another command analyses is waited for, and its result counts',
    async () => {
      const out = join(folder, 'single');
      const first = new CliRun(args(long, 'single'));
      await untilWriting(first, join(out, 'clip-00.csv.partial'));
      const second = await runCli(args(long, 'single'));
      expect([second.code, second.stderr]).toEqual([0, expect.stringMatching(/already/)]);
      expect((await first.finished).code).toBe(0);
    },
    60_000,
  );

  fullTest(
    'one with a ledger waits for one without, too',
    async () => {
      const out = join(folder, 'mixed');
      const first = new CliRun(args(long, 'mixed'));
      await untilWriting(first, join(out, 'clip-00.csv.partial'));
      const second = await runCli(['analyze', join(folder, 'long'), '-o', out, ...FAST]);
      expect([second.code, (await first.finished).code]).toEqual([0, 0]);
      expect((await reportOf(out)).counts).toMatchObject({ done: 0, skipped: 1, failed: 0 });
    },
    60_000,
  );

  test('what another command was at is analysed when that one was killed', async () => {
    const out = join(folder, 'killed');
    const first = new CliRun(args(long, 'killed'));
    await untilWriting(first, join(out, 'clip-00.csv.partial'));
    const second = new CliRun(args(long, 'killed'));
    await delay(1500);
    first.process.kill('SIGKILL');
    await first.finished;
    expect((await second.finished).code).toBe(0);
    expect(await failuresIn('killed')).toEqual([]);
    const record = JSON.parse(await readFile(join(out, 'clip-00.run.json'), 'utf8'));
    expect(record.status).toBe('done');
  }, 60_000);

  test('a video that fails is reported by both, and leaves one file', async () => {
    const bad = await makeClips(folder, 'bad-twice', 1);
    await writeFile(join(bad, 'clip-00.mp4'), 'no video');
    const runs = [1, 2].map(() => new CliRun(args(bad, 'bad-twice-out')));
    const results = await Promise.all(runs.map(run => run.finished));
    expect(results.map(({ code }) => code)).toEqual([3, 3]);
    expect(await failuresIn('bad-twice-out')).toEqual(['clip-00.failed.json']);
  }, 60_000);
});
