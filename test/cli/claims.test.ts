import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Libsql from 'libsql';
import { describe, expect, test } from 'vitest';
import type { JobEntry } from '../../src/batch/ledger/job.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { fullTest, IS_FULL } from '../support/full-tests.js';
import { HAS_OTHER_MACHINES, OtherMachine } from '../support/other-machine.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const Sqlite = createRequire(import.meta.url)('libsql') as typeof Libsql;
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];
const OTHERS_LEASE_MS = 15_000;
const folder = await temporaryFolder();
const makeClip = (name: string, seconds: number) =>
  makeWithFfmpeg(
    ['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=30:d=${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast'],
    join(folder, name),
  );
await mkdir(join(folder, 'short'));
const clip = await makeClip('walk.mp4', 8);
/** Finished before a lease is renewed for the first time. */
const shortClip = await makeClip('short/walk.mp4', 2);

const args = (out: string, input = clip, more: readonly string[] = []) => [
  'analyze',
  input,
  '-o',
  out,
  ...FAST,
  ...more,
];

/** Another machine's command, with a host name that others share. */
const inContainer = (out: string, more: readonly string[] = []) => new OtherMachine('worker', args(out, clip, more));

async function jobIn(out: string): Promise<JobEntry | undefined> {
  const { code, stdout } = await runCli(['jobs', 'list', '-o', out, '--json']);
  return code === 0 ? (JSON.parse(stdout) as JobEntry[])[0] : undefined;
}

async function untilItRuns(out: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if ((await readFile(join(out, 'walk.csv.partial')).catch(() => '')).length > 5000) return;
    await delay(50);
  }
  throw new Error('it did not begin');
}

describe('a running video', () => {
  test.runIf(HAS_OTHER_MACHINES)(
    'is not taken by a container of the same host name, in which its process has another number',
    { timeout: 120_000 },
    async () => {
      const out = join(folder, 'containers');
      const first = inContainer(out);
      await untilItRuns(out);
      const second = inContainer(out);
      const codes = await Promise.all([first.finished, second.finished]);
      expect({ codes, reported: second.reported }).toEqual({
        codes: [0, 0],
        reported: expect.stringMatching(/done already/),
      });
      expect(first.reported).not.toMatch(/taken over this video/);
      expect(await jobIn(out)).toMatchObject({ state: 'done', attempts: 1, runner: { host: 'worker' } });
    },
  );

  test.runIf(IS_FULL && HAS_OTHER_MACHINES)(
    'is not taken by a container of the same host name without a ledger either: it waits, and takes the result',
    { timeout: 120_000 },
    async () => {
      const out = join(folder, 'bare-containers');
      const first = inContainer(out, ['--no-ledger']);
      await untilItRuns(out);
      const second = inContainer(out, ['--no-ledger']);
      const codes = await Promise.all([first.finished, second.finished]);
      expect({ codes, reported: second.reported }).toEqual({
        codes: [0, 0],
        reported: expect.stringMatching(/done already/),
      });
      expect(await readFile(join(out, 'walk.failed.json')).catch(() => 'none')).toBe('none');
    },
  );

  fullTest(
    'that another command has taken over is not published by the one that lost it, which waits for the other',
    {
      timeout: 60_000,
    },
    async () => {
      const out = join(folder, 'lost');
      const run = new CliRun(args(out, shortClip));
      await untilItRuns(out);
      // As a command on another machine does once the lease has expired.
      const db = new Sqlite(join(out, '.bodyscript', 'ledger.sqlite'));
      const other = JSON.stringify({ host: 'elsewhere', boot: 'b', namespace: 'n', pid: 7, started: '1' });
      const endsAt = Date.now() + OTHERS_LEASE_MS;
      db.prepare('UPDATE jobs SET runner = ?, lease_until = ?, version = version + 1').run(other, endsAt);
      db.close();
      while (Date.now() < endsAt - 1000) {
        expect(await readFile(join(out, 'walk.csv')).catch(() => 'none')).toBe('none');
        expect(await jobIn(out)).toMatchObject({ state: 'running', runner: { host: 'elsewhere' } });
        await delay(200);
      }
      // The other one never finishes it.
      expect((await run.finished).code).toBe(0);
      expect(await jobIn(out)).toMatchObject({ state: 'done' });
    },
  );
});
