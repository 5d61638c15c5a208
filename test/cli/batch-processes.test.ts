import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  exists,
  expectNothingLeftRunning,
  FAST,
  jobsIn,
  makeClips,
  outcomes,
  reportOf,
  until,
  workersOf,
} from '../support/batch-runs.js';
import { outputsIn } from '../support/csv.js';
import { fullTest, IS_FULL } from '../support/full-tests.js';
import { workingOn } from '../support/processes.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);
const onLinux = process.platform === 'linux';

let made: Promise<{ readonly input: string; readonly calm: string }> | undefined;

/** Three clips, and their results without any disturbance. */
async function undisturbed() {
  made ??= makeClips(folder, 'three', 3, 4).then(async input => {
    const calm = at('three-calm');
    expect((await runCli(['analyze', input, '-o', calm, ...FAST])).code).toBe(0);
    return { input, calm };
  });
  return made;
}

describe.skipIf(!onLinux)('failures of processes', () => {
  test('a worker that is killed costs its video a retry and has no other effect', async () => {
    const input = await makeClips(folder, 'killed', 2, 4);
    const out = at('killed-out');
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '1']);
    await until(() => exists(join(out, 'clip-00.csv.partial')), 'the first rows');
    const [worker] = await until(
      async () => ((await workersOf(cli)).length > 0 ? workersOf(cli) : undefined),
      'a worker',
    );
    process.kill(worker!, 'SIGKILL');
    const result = await cli.finished;
    expect(result.stderr).toMatch(/clip-00\.mp4: the process that analysed it was killed \(SIGKILL\); retrying once/);
    expect(result.code).toBe(0);
    const [first] = (await reportOf(out)).videos;
    expect(first).toMatchObject({ name: 'clip-00', outcome: 'done', attempts: 2 });
    await expectNothingLeftRunning(out);
  });

  test.runIf(IS_FULL)('a worker that dies twice with one video: that one fails, the others succeed', async () => {
    const input = await makeClips(folder, 'twice', 2, 4);
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

  fullTest('a hanging decoder is noticed: no frame arrives, the video is retried', async () => {
    const input = await makeClips(folder, 'hangs', 1, 6);
    const out = at('hangs-out');
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '1', '--stall', '3']);
    await until(() => exists(join(out, 'clip-00.csv.partial')), 'the first rows');
    const [decoder] = await until(async () => {
      const found = await workingOn(join(input, 'clip-00.mp4'), 'rawvideo');
      return found.length > 0 ? found : undefined;
    }, 'the decoder');
    process.kill(decoder!, 'SIGSTOP');
    const result = await cli.finished;
    expect(result.stderr).toMatch(/clip-00\.mp4: no new frame for 3 s, after \d+ frames; retrying once/);
    expect(result.code).toBe(0);
    await expectNothingLeftRunning(out);
  });

  fullTest('--timeout stops a video that takes too long; it is recorded as failed, with its reason', async () => {
    const input = await makeClips(folder, 'slow', 1, 30);
    const out = at('slow-out');
    const result = await runCli(['analyze', input, '-o', out, ...FAST, '--mode', 'fast', '--timeout', '2']);
    expect(result.code).toBe(3);
    expect(outcomes(await reportOf(out))).toEqual({ 'clip-00': 'TIMED_OUT' });
    expect((await runCli(['jobs', 'show', 'clip-00', '-o', out])).stdout).toMatch(/took longer than 2 s \(--timeout\)/);
  });

  test('SIGINT: running videos stop within five seconds and continue in the next run, to the same bytes', async () => {
    const { input, calm } = await undisturbed();
    const out = at('stopped-out');
    const cli = new CliRun(['analyze', input, '-o', out, ...FAST, '--jobs', '2']);
    await until(() => exists(join(out, 'clip-01.csv.partial')), 'the first rows');
    await delay(700);
    const since = Date.now();
    cli.process.kill('SIGINT');
    const result = await cli.finished;
    expect(Date.now() - since).toBeLessThan(5000);
    expect(result.code).toBe(130);
    expect(result.stderr).toMatch(/^interrupted .*: stopped; partial results saved$/m);
    expect(result.stderr.match(/same command again|continue|next run/gi)).toHaveLength(2); // "again to continue", once.
    await expectNothingLeftRunning(out);
    expect((await jobsIn(out, '--state', 'interrupted')).length).toBeGreaterThan(0);
    expect((await runCli(['analyze', input, '-o', out, ...FAST])).code).toBe(0);
    for (const name of ['clip-00.csv', 'clip-01.csv', 'clip-02.csv']) {
      expect(await readFile(join(out, name), 'utf8')).toBe(await readFile(join(calm, name), 'utf8'));
    }
    const records = await Promise.all(
      ['clip-00', 'clip-01'].map(async name => JSON.parse(await readFile(join(out, `${name}.run.json`), 'utf8'))),
    );
    expect(records.flatMap(record => record.resumedAtFrames).length).toBeGreaterThan(0);
  });

  fullTest("after a command died while naming a video's files, they are not taken for another's", async () => {
    const input = await makeClips(folder, 'renames', 1);
    const out = at('renames-out');
    await runCli(['analyze', input, '-o', out, ...FAST]);
    const rows = await readFile(join(out, 'clip-00.csv'), 'utf8');
    // As when the table has its name, but the record does not yet.
    await rename(join(out, 'clip-00.run.json'), join(out, 'clip-00.run.json.partial'));
    await rm(join(out, '.bodyscript'), { recursive: true });
    expect((await runCli(['analyze', input, '-o', out, ...FAST])).stderr).toMatch(/1 video: 1 done\n/);
    expect(await readFile(join(out, 'clip-00.csv'), 'utf8')).toBe(rows);
    expect(await outputsIn(out)).toEqual(['batch.json', 'clip-00.csv', 'clip-00.run.json']);
  });

  test('kill -9 of the command: its workers and their ffmpegs end by themselves, the next command takes over at once', async () => {
    const input = await makeClips(folder, 'parent', 2, 4);
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

describe('a disk that fills up midway', () => {
  test.skipIf(!IS_FULL || process.getuid?.() !== 0 || !onLinux)(
    'ends all cleanly; when there is room, the same command goes on to the same bytes',
    async () => {
      const { input, calm } = await undisturbed();
      const disk = at('full-disk');
      await mkdir(disk);
      await run('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', disk]);
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
