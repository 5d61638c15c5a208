import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type Libsql from 'libsql';
import { describe, expect, test } from 'vitest';
import type { JobEntry } from '../../src/batch/ledger/job.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const Sqlite = createRequire(import.meta.url)('libsql') as typeof Libsql;
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];
const CONTAINER = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts'];
const canUnshare = spawnSync('unshare', [...CONTAINER, 'true']).status === 0;
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

/** The command in its own PID namespace, with a host name that others share. */
function inContainer(out: string, more: readonly string[] = []): ChildProcess & { reported: string } {
  const words = ['hostname', 'worker', '&&', 'exec', process.execPath, BIN, ...args(out, clip, more)].join(' ');
  const child = spawn('unshare', [...CONTAINER, 'sh', '-c', words], { stdio: ['ignore', 'ignore', 'pipe'] });
  const run = Object.assign(child, { reported: '' });
  child.stderr?.on('data', text => {
    run.reported += text;
  });
  return run;
}

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
  test.runIf(canUnshare)(
    'is not taken by a container of the same host name, in which its process has another number',
    { timeout: 120_000 },
    async () => {
      const out = join(folder, 'containers');
      const first = inContainer(out);
      await untilItRuns(out);
      const second = inContainer(out);
      const codes = await Promise.all([first, second].map(async run => (await once(run, 'close'))[0] as number));
      expect({ codes, reported: second.reported }).toEqual({
        codes: [0, 0],
        reported: expect.stringMatching(/done already/),
      });
      expect(first.reported).not.toMatch(/taken over this video/);
      expect(await jobIn(out)).toMatchObject({ state: 'done', attempts: 1, runner: { host: 'worker' } });
    },
  );

  test.runIf(canUnshare)(
    'is not taken by a container of the same host name without a ledger either: it waits, and takes the result',
    { timeout: 120_000 },
    async () => {
      const out = join(folder, 'bare-containers');
      const first = inContainer(out, ['--no-ledger']);
      await untilItRuns(out);
      const second = inContainer(out, ['--no-ledger']);
      const codes = await Promise.all([first, second].map(async run => (await once(run, 'close'))[0] as number));
      expect({ codes, reported: second.reported }).toEqual({
        codes: [0, 0],
        reported: expect.stringMatching(/done already/),
      });
      expect(await readFile(join(out, 'walk.failed.json')).catch(() => 'none')).toBe('none');
    },
  );

  test('that another command has taken over is not published by the one that lost it', {
    timeout: 60_000,
  }, async () => {
    const out = join(folder, 'lost');
    const run = new CliRun(args(out, shortClip));
    await untilItRuns(out);
    // As a command on another machine does once the lease has expired.
    const db = new Sqlite(join(out, '.bodyscript', 'ledger.sqlite'));
    const other = JSON.stringify({ host: 'elsewhere', boot: 'b', namespace: 'n', pid: 7, started: '1' });
    db.prepare('UPDATE jobs SET runner = ?, lease_until = ?, version = version + 1').run(other, Date.now() + 60_000);
    db.close();
    const { stderr } = await run.finished;
    expect(stderr).toMatch(/taken over this video|interrupted/);
    expect(await readFile(join(out, 'walk.csv')).catch(() => 'none')).toBe('none');
    expect(await jobIn(out)).toMatchObject({ state: 'running', runner: { host: 'elsewhere' } });
  });
});
