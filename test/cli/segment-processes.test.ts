import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { fullTest } from '../support/full-tests.js';
import { LONG_MS, makeLongClip, QUICK } from '../support/long-clip.js';
import { descendantsOf, workingOn } from '../support/processes.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const args = (out: string, ...options: string[]) => [
  ...['analyze', at('walk.mp4'), '-o', at(out), '--segments', '1', '--no-overlay'],
  ...[...QUICK, ...options],
];
const csv = (out: string) => readFile(at(out, 'walk.csv'), 'utf8');

/** The process that analyses segments for a run; another than the given ones. */
async function segmentProcess(run: CliRun, but: readonly number[]): Promise<number> {
  let isOver = false;
  void run.finished.then(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const pid of await workingOn('segment-process.js')) {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
      const parent = Number(stat.split(') ')[1]?.split(' ')[1]);
      if (parent === run.process.pid && !but.includes(pid)) return pid;
    }
    await delay(20);
  }
  throw new Error(`the run is over: ${run.stderr}`);
}

beforeAll(async () => {
  await makeLongClip(at('walk.mp4'), 100);
  await runCli(args('whole'));
}, LONG_MS);

describe.runIf(process.platform === 'linux')('the process of a segment', () => {
  test(
    'that is killed is replaced, and its segment analysed again, to the same bytes',
    async () => {
      const run = new CliRun(args('killed'));
      const pid = await segmentProcess(run, []);
      // Its first segment is analysed, or about to be.
      while (!(await descendantsOf(pid)).some(({ name }) => name === 'ffmpeg')) await delay(10);
      process.kill(pid, 'SIGKILL');
      const { code, stderr } = await run.finished;
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(/was killed \(SIGKILL\); analysing (a segment|segment \d) again in a new one/),
      ]);
      expect(await csv('killed')).toBe(await csv('whole'));
    },
    LONG_MS,
  );

  fullTest(
    'that a signal has stopped is replaced before the run counts as stalled',
    async () => {
      const run = new CliRun(args('stopped', '--stall', '120'));
      const stopped = await segmentProcess(run, []);
      process.kill(stopped, 'SIGSTOP');
      const { code, stderr } = await run.finished;
      expect([code, stderr]).toEqual([0, expect.stringMatching(/sent nothing for 30 s; analysing .*segment.* again/)]);
      expect(await csv('stopped')).toBe(await csv('whole'));
      expect(() => process.kill(stopped, 0)).toThrow();
    },
    LONG_MS,
  );

  test(
    'that is killed again and again ends the run, with a remedy that is not what was done already',
    async () => {
      const run = new CliRun(args('dead'));
      const killed: number[] = [];
      for (let times = 0; times < 3; times++) {
        const pid = await segmentProcess(run, killed);
        killed.push(pid);
        process.kill(pid, 'SIGKILL');
      }
      const { code, stderr } = await run.finished;
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining('analyse the video in one piece, without --segments'),
      ]);
      expect(stderr).not.toContain('--segments 2');
      expect(stderr.match(/again in a new one/g)).toHaveLength(2);
    },
    LONG_MS,
  );
});
