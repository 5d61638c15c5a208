import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAST, jobsIn, makeClips, outcomes, reportOf } from '../support/batch-runs.js';
import { clipNamed, makeClip } from '../support/clips.js';
import { outputsIn } from '../support/csv.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { fullTest } from '../support/full-tests.js';
import '../support/one-worker.js';
import { CAN_OBEY_PERMISSIONS, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);

describe('a folder of videos', () => {
  test('each has its own files, subfolders are mirrored; the same command again skips all, other options none', async () => {
    const input = await makeClips(folder, 'mirror', 2);
    await mkdir(join(input, 'sub'));
    await copyFile(join(input, 'clip-00.mp4'), join(input, 'sub', 'clip-00.mp4'));
    await writeFile(join(input, 'notes.txt'), 'no video');
    const out = at('mirror-out');
    const first = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(first.stderr).toMatch(/3 videos: 3 done\n {2}skipped {6}1 non-video file \(--include\)/);
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(await outputsIn(out)).toEqual([
      'batch.json',
      'clip-00.csv',
      'clip-00.run.json',
      'clip-01.csv',
      'clip-01.run.json',
      'sub',
    ]);
    expect(await readdir(join(out, 'sub'))).toEqual(['clip-00.csv', 'clip-00.run.json']);
    expect(await reportOf(out)).toMatchObject({
      counts: { videos: 3, done: 3, failed: 0 },
      frames: 45,
      passedOver: { notVideo: 1 },
    });

    const again = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(again.stderr.match(/done already with the same options/g)).toHaveLength(3);
    expect(again.code).toBe(0);
    await rm(join(out, 'clip-01.csv'));
    const missing = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(missing.stderr).toMatch(/3 videos: 1 done, 2 skipped \(done already\)/);
    await rm(join(out, '.bodyscript'), { recursive: true });
    const byRecords = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(byRecords.stderr).toMatch(/3 videos: 0 done, 3 skipped \(done already\)/);
    const others = await runCli(['analyze', input, '-o', out, ...FAST, '--every', '2']);
    expect(others.stderr).toMatch(/3 videos: 3 done\n/);
    const forced = await runCli(['analyze', input, '-o', out, ...FAST, '--every', '2', '--force']);
    expect(forced.stderr).toMatch(/3 videos: 3 done\n/);
  });

  fullTest('from another working folder: other options, and a lost ledger, find the same video', async () => {
    const input = await makeClips(folder, 'elsewhere', 1);
    await mkdir(at('elsewhere/below'));
    const [above, below] = [{ cwd: at('elsewhere') }, { cwd: at('elsewhere/below') }];
    expect(input).toBe(at('elsewhere'));
    const first = await runCli(['analyze', 'clip-00.mp4', '-o', 'out', ...FAST], above);
    expect(first.code).toBe(0);
    const run = (...more: string[]) => runCli(['analyze', '../clip-00.mp4', '-o', '../out', ...FAST, ...more], below);
    const other = await run('--every', '2');
    expect([other.code, other.stderr]).toEqual([0, expect.stringMatching(/done/)]);
    await rm(at('elsewhere/out/.bodyscript'), { recursive: true });
    const inFull = ['analyze', join(input, 'clip-00.mp4'), '-o', at('elsewhere/out'), ...FAST, '--every', '2'];
    expect((await runCli(inFull, { cwd: at('') })).stderr).toMatch(/done already with the same options/);
    await rm(at('elsewhere/out/.bodyscript'), { recursive: true });
    expect((await runCli(['jobs', 'rebuild', '-o', 'out'], above)).code).toBe(0);
    const listed = await runCli(['jobs', 'list', '--json', '-o', 'out'], above);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ path: join(input, 'clip-00.mp4'), state: 'done' }]);
  });

  test('a hostile folder: the good ones succeed, each bad one has its own code, exit 3; a second run says the same', async () => {
    const input = await makeClips(folder, 'hostile', 5);
    const bad = (name: string) => join(input, `bad-${name}.mp4`);
    await writeFile(bad('empty'), '');
    await writeFile(bad('text'), 'this is text\n'.repeat(100));
    await makeWithFfmpeg(['-f', 'lavfi', '-i', 'sine=d=0.3', '-c:a', 'aac'], bad('audio'));
    await copyFile(join(input, 'clip-00.mp4'), bad('no-moov'));
    await truncate(bad('no-moov'), 3000);
    await makeWithFfmpeg(
      ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=1', '-c:v', 'libx264', '-g', '5', '-movflags', '+faststart'],
      bad('cut'),
    );
    await truncate(bad('cut'), Math.round((await readFile(bad('cut'))).length * 0.6));
    await makeClip(folder, clipNamed('constant rate, B-frames'));
    const codec = await readFile(at('constant.mp4'));
    codec.write('zzzz', codec.indexOf('avc1', codec.indexOf('stsd')), 'latin1');
    await writeFile(bad('codec'), codec);
    await copyFile(join(input, 'clip-00.mp4'), bad('unreadable'));
    await chmod(bad('unreadable'), 0o000);
    const out = at('hostile-out');
    const args = ['analyze', input, at('not-there.mp4'), '-o', out, ...FAST];
    const options = { obeyPermissions: CAN_OBEY_PERMISSIONS };
    const result = await runCli(args, options);
    expect(result.code).toBe(3);
    const expected = {
      'bad-audio': 'INPUT_NO_VIDEO_STREAM',
      'bad-codec': expect.stringMatching(/^INPUT_(CODEC_UNKNOWN|NO_FRAMES)$/),
      'bad-cut': 'INPUT_DAMAGED',
      'bad-empty': 'INPUT_EMPTY',
      'bad-no-moov': 'INPUT_DAMAGED',
      'bad-text': 'INPUT_NOT_A_VIDEO',
      'bad-unreadable': CAN_OBEY_PERMISSIONS ? 'INPUT_UNREADABLE' : 'done',
      'clip-00': 'done',
      'clip-01': 'done',
      'clip-02': 'done',
      'clip-03': 'done',
      'clip-04': 'done',
      'not-there': 'INPUT_MISSING',
    };
    const report = await reportOf(out);
    expect(outcomes(report)).toEqual(expected);
    // A failure of the video itself is not retried.
    expect(report.videos.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(result.stderr.match(/^failed {3}/gm)).toHaveLength(CAN_OBEY_PERMISSIONS ? 8 : 7);

    const again = await runCli(args, options);
    expect(again.code).toBe(3);
    expect(again.stderr).toMatch(
      /bad-text\.mp4: failed in an earlier run \(INPUT_NOT_A_VIDEO\); --retry-failed tries it again/,
    );
    expect((await jobsIn(out, '--state', 'failed')).length).toBe(CAN_OBEY_PERMISSIONS ? 8 : 7);
    await copyFile(join(input, 'clip-00.mp4'), bad('text'));
    expect((await runCli(args, options)).stderr).toMatch(/^done .*bad-text\.mp4: /m);
  });

  fullTest('a renamed video is recognised, with its results', async () => {
    const input = await makeClips(folder, 'moved', 1);
    const out = at('moved-out');
    await runCli(['analyze', input, '-o', out, ...FAST]);
    await rename(join(input, 'clip-00.mp4'), join(input, 'better-name.mp4'));
    const again = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(again.stderr).toMatch(
      /better-name\.mp4: done already with the same options: .*clip-00\.csv.*it was .*clip-00\.mp4/,
    );
  });

  fullTest('--shard: every video is in one part; jobs merge makes one ledger, with which no work is left', async () => {
    const input = await makeClips(folder, 'shards', 6);
    const out = at('shards-out');
    const parts = await Promise.all(
      [1, 2].map(i => runCli(['analyze', input, '-o', out, ...FAST, '--shard', `${i}/2`])),
    );
    const done = parts.map(({ stderr }) => Number(/videos: (\d+) done/.exec(stderr)?.[1]));
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect((await runCli(['jobs', '-o', out])).stderr).toMatch(/Its parts have one each\. Merge them/);
    expect((await runCli(['jobs', 'merge', '-o', out])).stdout).toMatch(/6 videos merged from 2 ledgers/);
    const whole = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(whole.stderr).toMatch(/6 videos: 0 done, 6 skipped \(done already\)/);
  });

  test('nothing to do is reported; so are invalid options', async () => {
    await mkdir(at('nothing'));
    const nothing = await runCli(['analyze', at('nothing'), '-o', at('nothing-out')]);
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringMatching(/nothing: no videos found.*--include/) });
    for (const [args, says] of [
      [[], /no input given/],
      [['x.mp4', '--shard', '3/2'], /--shard must be a part between 1/],
      [['x.mp4', '--jobs', 'many'], /--jobs must be auto or a whole number/],
      [['x.mp4', '-0'], /-0 needs a list/],
      [['x.mp4', '--timeout', '0'], /--timeout must be a time above 0/],
      [['--from-file', at('no-list')], /--from-file .*no-list: cannot be read \(no such file or folder\)/],
    ] as const) {
      const result = await runCli(['analyze', '-o', at('wrong-out'), ...args]);
      expect(result.stderr).toMatch(says);
      expect(result.code).toBe(2);
    }
  });
});

describe('two commands on one folder', () => {
  test('share the videos: each is analysed once', async () => {
    const input = await makeClips(folder, 'shared', 12);
    const out = at('shared-out');
    const args = ['analyze', input, '-o', out, ...FAST, '--jobs', '1'];
    const results = await Promise.all([runCli(args), runCli(args)]);
    const done = results.map(({ stderr }) => Number(/videos: (\d+) done/.exec(stderr)?.[1]));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect((done[0] ?? 0) + (done[1] ?? 0)).toBe(12);
    const jobs = await jobsIn(out);
    expect(jobs.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(12).fill('done 1'));
  });
});

describe('bodyscript jobs', () => {
  test('lists, shows, removes leftovers of failed runs, and has failed ones retried; outputs stay', async () => {
    const input = await makeClips(folder, 'jobs', 1);
    const cut = join(input, 'cut.mp4');
    await makeWithFfmpeg(
      ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=1', '-c:v', 'libx264', '-g', '5', '-movflags', '+faststart'],
      cut,
    );
    await truncate(cut, Math.round((await readFile(cut)).length * 0.6));
    const out = at('jobs-out');
    await runCli(['analyze', input, '-o', out, ...FAST]);
    const list = await runCli(['jobs', '-o', out]);
    expect(list.stdout).toMatch(/done +15 +[\d.]+ % +\S+ s +\d+ MB +\d{4}-\d\d-\d\d \d\d:\d\d +clip-00\n/);
    expect(list.stdout).toMatch(/failed .* cut\n +INPUT_DAMAGED: .*damaged or cut off/);
    expect(list.stdout).toMatch(/1 done, 1 failed/);
    const [failed] = await jobsIn(out, '--state', 'failed');
    expect(failed).toMatchObject({ name: 'cut', path: cut, state: 'failed', error: { code: 'INPUT_DAMAGED' } });
    expect((await runCli(['jobs', 'show', cut, '-o', out])).stdout).toMatch(/^state +failed$/m);
    expect((await runCli(['jobs', 'clean', '-o', out, '--older-than', '7d'])).stdout).toMatch(/^removed 0 files/);
    expect((await runCli(['jobs', 'clean', '-o', out, '--dry-run'])).stdout).toMatch(
      /would remove .*cut\.csv\.partial/,
    );
    expect(await outputsIn(out)).toContain('cut.csv.partial');
    expect((await runCli(['jobs', 'clean', '-o', out])).stdout).toMatch(/removed .*cut\.csv\.partial/);
    expect(await outputsIn(out)).toEqual(['batch.json', 'clip-00.csv', 'clip-00.run.json']);
    expect((await runCli(['jobs', 'retry', '-o', out])).stdout).toMatch(
      /^the next "bodyscript analyze" retries 1 video$/m,
    );
    expect((await runCli(['analyze', input, '-o', out, ...FAST])).stderr).toMatch(
      /^failed .*cut\.mp4: damaged or cut off/m,
    );
  });

  fullTest('jobs show finds a video by its file name, unless two videos share it', async () => {
    const input = await makeClips(folder, 'shown', 1);
    const out = at('shown-out');
    await runCli(['analyze', input, '-o', out, ...FAST]);
    const shown = await runCli(['jobs', 'show', 'clip-00.mp4', '-o', out]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/^state +done$/m)]);
    await mkdir(join(input, 'copy'));
    await copyFile(join(input, 'clip-00.mp4'), join(input, 'copy', 'clip-00.mp4'));
    await runCli(['analyze', input, '-o', out, ...FAST]);
    const two = await runCli(['jobs', 'show', 'clip-00.mp4', '-o', out]);
    expect([two.code, two.stderr]).toEqual([2, expect.stringMatching(/several videos have this file name/)]);
  });

  test('a folder without a ledger, and a video that is not in it, are usage errors', async () => {
    expect(await runCli(['jobs', '-o', at('never')])).toMatchObject({ code: 2 });
    const out = at('jobs-out');
    expect(await runCli(['jobs', 'show', 'who', '-o', out])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/who: no such video in the ledger/),
    });
  });
});

describe('one video', () => {
  fullTest(
    'is in the ledger as well: skipped if done, analysed with other options, and always retried after a failure',
    async () => {
      const input = await makeClips(folder, 'single', 1);
      const clip = join(input, 'clip-00.mp4');
      const out = at('single-out');
      expect((await runCli(['analyze', clip, '-o', out, ...FAST])).stderr).toMatch(/clip-00\.mp4: done\n/);
      const again = await runCli(['analyze', clip, '-o', out, ...FAST]);
      expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(/done already.*--force/) });
      expect((await runCli(['analyze', clip, '-o', out, ...FAST, '--force'])).stderr).toMatch(/clip-00\.mp4: done\n/);
      await writeFile(clip, 'text');
      for (let i = 0; i < 2; i++) {
        expect(await runCli(['analyze', clip, '-o', out, ...FAST])).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/^error: .*not a video/m),
        });
      }
      expect((await runCli(['analyze', input, '-o', out, ...FAST])).code).toBe(3);
    },
  );
});
