import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { JobEntry } from '../../src/batch/ledger/job.js';
import { clipNamed, makeClip } from '../support/clips.js';
import { outputsIn } from '../support/csv.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { workingOn } from '../support/processes.js';
import { CAN_OBEY_PERMISSIONS, CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);
const onLinux = process.platform === 'linux';
/** What makes a test short: the numbers themselves are other tests' matter. */
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];

interface Report {
  readonly counts: Record<string, number>;
  readonly frames: number;
  readonly jobs: number;
  readonly passedOver: Record<string, number>;
  readonly videos: readonly {
    path: string;
    name: string;
    outcome: string;
    attempts: number;
    error: { code: string } | null;
    outputs: { path: string }[];
  }[];
}

async function reportOf(out: string): Promise<Report> {
  return JSON.parse(await readFile(join(out, 'batch.json'), 'utf8')) as Report;
}

const outcomes = ({ videos }: Report) =>
  Object.fromEntries(videos.map(({ name, outcome, error }) => [name, error?.code ?? outcome]));

async function jobsIn(out: string, ...options: string[]): Promise<JobEntry[]> {
  const { stdout } = await runCli(['jobs', 'list', '-o', out, '--json', ...options]);
  return JSON.parse(stdout) as JobEntry[];
}

/** Short clips in a folder. */
async function makeClips(name: string, count: number, seconds = 0.5): Promise<string> {
  const source = await makeWithFfmpeg(
    ['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=30:d=${seconds}`, '-c:v', 'libx264'],
    at(`source-${seconds}.mp4`),
  );
  await mkdir(at(name), { recursive: true });
  for (let i = 0; i < count; i++) await copyFile(source, at(join(name, `clip-${String(i).padStart(2, '0')}.mp4`)));
  return at(name);
}

async function expectNothingLeftRunning(path: string): Promise<void> {
  const end = Date.now() + 5000;
  while ((await workingOn(path)).length > 0 && Date.now() < end) await delay(50);
  expect(await workingOn(path)).toEqual([]);
}

/** The processes that a command has started to analyse videos. */
async function workersOf(cli: CliRun): Promise<number[]> {
  const { stdout } = await run('pgrep', ['-P', String(cli.pid), '-f', 'worker-main']).catch(() => ({ stdout: '' }));
  return stdout.trim().split('\n').filter(Boolean).map(Number);
}

async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await delay(30);
  }
  throw new Error(`waited in vain for ${what}`);
}

const exists = async (path: string) => ((await readFile(path).catch(() => undefined))?.length ?? 0) > 0 || undefined;

describe('a folder of videos', () => {
  test('each has its own files, subfolders are mirrored; the same command again does nothing, other options all', async () => {
    const input = await makeClips('mirror', 2);
    await mkdir(join(input, 'sub'));
    await copyFile(join(input, 'clip-00.mp4'), join(input, 'sub', 'clip-00.mp4'));
    await writeFile(join(input, 'notes.txt'), 'no video');
    const out = at('mirror-out');
    const first = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(first.stderr).toMatch(/3 videos: 3 done\n {2}passed over {2}1 that are no videos/);
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
    expect(missing.stderr).toMatch(/3 videos: 1 done, 2 done already/);
    await rm(join(out, '.bodyscript'), { recursive: true });
    const byRecords = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(byRecords.stderr).toMatch(/3 videos: 0 done, 3 done already/);
    const others = await runCli(['analyze', input, '-o', out, ...FAST, '--every', '2']);
    expect(others.stderr).toMatch(/3 videos: 3 done\n/);
    const forced = await runCli(['analyze', input, '-o', out, ...FAST, '--every', '2', '--force']);
    expect(forced.stderr).toMatch(/3 videos: 3 done\n/);
  });

  test('a hostile folder: the good ones are done, each bad one has its own code, exit 3; a second run says the same', async () => {
    const input = await makeClips('hostile', 5);
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
    // What failed by itself is not tried twice.
    expect(report.videos.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(result.stderr.match(/^error: /gm)).toHaveLength(CAN_OBEY_PERMISSIONS ? 8 : 7);

    const again = await runCli(args, options);
    expect(again.code).toBe(3);
    expect(again.stderr).toMatch(/bad-text\.mp4: failed before \(INPUT_NOT_A_VIDEO\); --retry-failed tries it again/);
    expect((await jobsIn(out, '--state', 'failed')).length).toBe(CAN_OBEY_PERMISSIONS ? 8 : 7);
    await copyFile(join(input, 'clip-00.mp4'), bad('text'));
    expect((await runCli(args, options)).stderr).toMatch(/bad-text\.mp4: done/);
  });

  test('a video that was renamed is known again, and its results with it', async () => {
    const input = await makeClips('moved', 1);
    const out = at('moved-out');
    await runCli(['analyze', input, '-o', out, ...FAST]);
    await rename(join(input, 'clip-00.mp4'), join(input, 'better-name.mp4'));
    const again = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(again.stderr).toMatch(
      /better-name\.mp4: done already with the same options: .*clip-00\.csv.*it was .*clip-00\.mp4/,
    );
  });

  test('--shard: every video is in one part; jobs merge makes one ledger, with which nothing is left to do', async () => {
    const input = await makeClips('shards', 6);
    const out = at('shards-out');
    const parts = await Promise.all(
      [1, 2].map(i => runCli(['analyze', input, '-o', out, ...FAST, '--shard', `${i}/2`])),
    );
    const done = parts.map(({ stderr }) => Number(/videos: (\d+) done/.exec(stderr)?.[1]));
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect((await runCli(['jobs', '-o', out])).stderr).toMatch(/Join the ledgers of its shards first/);
    expect((await runCli(['jobs', 'merge', '-o', out])).stdout).toMatch(/6 videos of 2 ledgers/);
    const whole = await runCli(['analyze', input, '-o', out, ...FAST]);
    expect(whole.stderr).toMatch(/6 videos: 0 done, 6 done already/);
  });

  test('nothing to do is told; wrong options are', async () => {
    await mkdir(at('nothing'));
    const nothing = await runCli(['analyze', at('nothing'), '-o', at('nothing-out')]);
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringMatching(/nothing: no video found .*--include/) });
    for (const [args, says] of [
      [[], /name a video, a folder/],
      [['x.mp4', '--shard', '3/2'], /--shard must be a part from 1/],
      [['x.mp4', '--jobs', 'many'], /--jobs must be auto or a whole number/],
      [['x.mp4', '-0'], /-0 is about a list/],
      [['x.mp4', '--timeout', '0'], /--timeout must be a time above 0/],
      [['--from-file', at('no-list')], /--from-file .*no-list: cannot be read \(ENOENT\)/],
    ] as const) {
      const result = await runCli(['analyze', '-o', at('wrong-out'), ...args]);
      expect(result.stderr).toMatch(says);
      expect(result.code).toBe(2);
    }
  });
});

describe('two commands on one folder', () => {
  test('share the work: each video is analysed once', async () => {
    const input = await makeClips('shared', 12);
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

describe.skipIf(!onLinux)('what happens to processes', () => {
  test('a worker that is killed costs its video a second try and nothing else', async () => {
    const input = await makeClips('killed', 3, 8);
    const out = at('killed-out');
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '1']);
    await until(() => exists(join(out, 'clip-00.csv.partial')), 'the first rows');
    const [worker] = await until(
      async () => ((await workersOf(cli)).length > 0 ? workersOf(cli) : undefined),
      'a worker',
    );
    process.kill(worker as number, 'SIGKILL');
    const result = await cli.finished;
    expect(result.stderr).toMatch(
      /clip-00\.mp4: the process that analysed it was killed \(SIGKILL\); it is tried once more/,
    );
    expect(result.code).toBe(0);
    const [first] = (await reportOf(out)).videos;
    expect(first).toMatchObject({ name: 'clip-00', outcome: 'done', attempts: 2 });
    await expectNothingLeftRunning(out);
  });

  test('a worker that dies twice with one video: that one has failed, the others are done', async () => {
    const input = await makeClips('twice', 2, 8);
    const out = at('twice-out');
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '1']);
    let last = 0;
    for (let i = 0; i < 2; i++) {
      last = await until(async () => (await workersOf(cli)).find(pid => pid !== last), 'a new worker');
      await delay(300);
      process.kill(last, 'SIGKILL');
    }
    expect((await cli.finished).code).toBe(3);
    expect(outcomes(await reportOf(out))).toEqual({ 'clip-00': 'WORKER_DIED', 'clip-01': 'done' });
  });

  test('a decoder that hangs is noticed: no frame moves, the video is tried once more', async () => {
    const input = await makeClips('hangs', 1, 20);
    const out = at('hangs-out');
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '1', '--stall', '3']);
    await until(() => exists(join(out, 'clip-00.csv.partial')), 'the first rows');
    const [decoder] = await until(async () => {
      const found = await workingOn(join(input, 'clip-00.mp4'), 'rawvideo');
      return found.length > 0 ? found : undefined;
    }, 'the decoder');
    process.kill(decoder as number, 'SIGSTOP');
    const result = await cli.finished;
    expect(result.stderr).toMatch(/clip-00\.mp4: no frame moved for 3 s, after \d+ frames; it is tried once more/);
    expect(result.code).toBe(0);
    await expectNothingLeftRunning(out);
  });

  test('--timeout ends a video that takes too long; it is known as failed, with its reason', async () => {
    const input = await makeClips('slow', 1, 60);
    const out = at('slow-out');
    const result = await runCli(['analyze', input, '-o', out, ...FAST, '--mode', 'fast', '--timeout', '2']);
    expect(result.code).toBe(3);
    expect(outcomes(await reportOf(out))).toEqual({ 'clip-00': 'TIMED_OUT' });
    expect((await runCli(['jobs', 'show', 'clip-00', '-o', out])).stdout).toMatch(/took longer than 2 s \(--timeout\)/);
  });

  test('SIGINT: running videos stop within five seconds and go on in the next run, to the same bytes', async () => {
    const input = await makeClips('stopped', 3, 10);
    const out = at('stopped-out');
    await runCli(['analyze', input, '-o', at('calm-out'), ...FAST]);
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '2']);
    await until(() => exists(join(out, 'clip-01.csv.partial')), 'the first rows');
    await delay(700);
    const since = Date.now();
    cli.process.kill('SIGINT');
    const result = await cli.finished;
    expect(Date.now() - since).toBeLessThan(5000);
    expect(result.code).toBe(130);
    expect(result.stderr).toMatch(/interrupted; the next run goes on from there/);
    await expectNothingLeftRunning(out);
    expect((await jobsIn(out, '--state', 'interrupted')).length).toBeGreaterThan(0);
    expect((await runCli(['analyze', input, '-o', out, ...FAST])).code).toBe(0);
    for (const name of ['clip-00.csv', 'clip-01.csv', 'clip-02.csv']) {
      expect(await readFile(join(out, name), 'utf8')).toBe(await readFile(join(at('calm-out'), name), 'utf8'));
    }
    const records = await Promise.all(
      ['clip-00', 'clip-01'].map(async name => JSON.parse(await readFile(join(out, `${name}.run.json`), 'utf8'))),
    );
    expect(records.flatMap(record => record.resumedAtFrames).length).toBeGreaterThan(0);
  });

  test("a command that died between the naming of a video's files does not take them for another's", async () => {
    const input = await makeClips('renames', 1);
    const out = at('renames-out');
    await runCli(['analyze', input, '-o', out, ...FAST]);
    const rows = await readFile(join(out, 'clip-00.csv'), 'utf8');
    // As it is when the table has its name, and the record does not yet.
    await rename(join(out, 'clip-00.run.json'), join(out, 'clip-00.run.json.partial'));
    await rm(join(out, '.bodyscript'), { recursive: true });
    expect((await runCli(['analyze', input, '-o', out, ...FAST])).stderr).toMatch(/1 videos: 1 done\n/);
    expect(await readFile(join(out, 'clip-00.csv'), 'utf8')).toBe(rows);
    expect(await outputsIn(out)).toEqual(['batch.json', 'clip-00.csv', 'clip-00.run.json']);
  });

  test('kill -9 of the command: its workers and their ffmpegs end by themselves, the next command takes over at once', async () => {
    const input = await makeClips('parent', 2, 20);
    const out = at('parent-out');
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '2']);
    await until(() => exists(join(out, 'clip-01.csv.partial')), 'the first rows');
    cli.process.kill('SIGKILL');
    await cli.finished;
    const next = await runCli(['analyze', input, '-o', out, ...FAST, '--jobs', '2']);
    expect(next.code).toBe(0);
    expect(next.stderr).toMatch(/2 videos: 2 done/);
    await expectNothingLeftRunning(out);
  });
});

describe('a disk that is full in the middle', () => {
  test.skipIf(process.getuid?.() !== 0 || !onLinux)(
    'ends all cleanly; when there is room, the same command goes on to the same bytes',
    async () => {
      const input = await makeClips('full', 3, 10);
      const calm = at('full-calm');
      await runCli(['analyze', input, '-o', calm, ...FAST]);
      const disk = at('full-disk');
      await mkdir(disk);
      await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
      try {
        const full = await runCli(['analyze', input, '-o', disk, ...FAST, '--jobs', '1']);
        expect(full.stderr).toMatch(/error: .*the disk is full\. Free some space/);
        expect(full.code).toBe(1);
        await run('mount', ['-o', 'remount,size=50m', disk]);
        const again = await runCli(['analyze', input, '-o', disk, ...FAST, '--jobs', '1']);
        expect(again.code).toBe(0);
        for (const name of ['clip-00.csv', 'clip-01.csv', 'clip-02.csv']) {
          expect(await readFile(join(disk, name), 'utf8')).toBe(await readFile(join(calm, name), 'utf8'));
        }
      } finally {
        await run('umount', [disk]);
      }
    },
  );
});

describe('bodyscript jobs', () => {
  test('lists, shows, cleans what failed runs left, and has failed ones tried again; outputs stay', async () => {
    const input = await makeClips('jobs', 1);
    const cut = join(input, 'cut.mp4');
    await makeWithFfmpeg(
      ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=1', '-c:v', 'libx264', '-g', '5', '-movflags', '+faststart'],
      cut,
    );
    await truncate(cut, Math.round((await readFile(cut)).length * 0.6));
    const out = at('jobs-out');
    await runCli(['analyze', input, '-o', out, ...FAST]);
    const list = await runCli(['jobs', '-o', out]);
    expect(list.stdout).toMatch(/done +15 +\S+ s +\d+ MB +clip-00\n/);
    expect(list.stdout).toMatch(/failed .* cut {2}INPUT_DAMAGED\n/);
    expect(list.stdout).toMatch(/1 done, 1 failed/);
    const [failed] = await jobsIn(out, '--state', 'failed');
    expect(failed).toMatchObject({ name: 'cut', path: cut, state: 'failed', error: { code: 'INPUT_DAMAGED' } });
    expect((await runCli(['jobs', 'show', cut, '-o', out])).stdout).toMatch(/^state +failed$/m);
    expect((await runCli(['jobs', 'clean', '-o', out, '--older-than', '7d'])).stdout).toMatch(/^0 files/);
    expect((await runCli(['jobs', 'clean', '-o', out, '--dry-run'])).stdout).toMatch(
      /would remove .*cut\.csv\.partial/,
    );
    expect(await outputsIn(out)).toContain('cut.csv.partial');
    expect((await runCli(['jobs', 'clean', '-o', out])).stdout).toMatch(/removed .*cut\.csv\.partial/);
    expect(await outputsIn(out)).toEqual(['batch.json', 'clip-00.csv', 'clip-00.run.json']);
    expect((await runCli(['jobs', 'retry', '-o', out])).stdout).toMatch(/^1 videos/);
    expect((await runCli(['analyze', input, '-o', out, ...FAST])).stderr).toMatch(
      /error: .*cut\.mp4: damaged or cut off/,
    );
  });

  test('a folder without a ledger, and a video that is not in it, are wrong usage', async () => {
    expect(await runCli(['jobs', '-o', at('never')])).toMatchObject({ code: 2 });
    const out = at('jobs-out');
    expect(await runCli(['jobs', 'show', 'who', '-o', out])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/who: no such video in the ledger/),
    });
  });
});

describe('one video', () => {
  test('is known by the ledger as well: done already, other options, failed ones are tried each time', async () => {
    const input = await makeClips('single', 1);
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
  });
});
