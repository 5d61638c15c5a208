import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { IS_FULL } from '../support/full-tests.js';
import { CliRun } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];
const STALL_SECONDS = 3;
const ASLEEP_MS = 8000;
await mkdir(join(folder, 'clips'));
const clip = await makeWithFfmpeg(
  ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=30:d=12', '-c:v', 'libx264', '-preset', 'ultrafast'],
  join(folder, 'clips', 'a.mp4'),
);
await copyFile(clip, join(folder, 'clips', 'b.mp4'));

/** A process and all its children. */
function treeOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) found.push(...rows.flatMap(([own = 0, above]) => (above === parent ? [own] : [])));
  return found;
}

async function untilFramesCome(out: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await readFile(join(out, 'a.csv.partial')).catch(() => '')).length > 20_000) return;
    await delay(50);
  }
  throw new Error('no frame came');
}

// It waits for stalls.
describe.runIf(IS_FULL && process.platform !== 'win32')('a run that is stopped for longer than --stall', () => {
  test.each([
    ['one video', [clip]],
    ['several videos', [join(folder, 'clips'), '--jobs', '2']],
  ])('goes on when it is woken: %s', { timeout: 120_000 }, async (name, inputs) => {
    const out = join(folder, name);
    const run = new CliRun(['analyze', ...inputs, '-o', out, ...FAST, '--stall', String(STALL_SECONDS)]);
    await untilFramesCome(out);
    const tree = treeOf(run.pid);
    expect(tree.length).toBeGreaterThan(1);
    for (const pid of tree) process.kill(pid, 'SIGSTOP');
    await delay(ASLEEP_MS);
    for (const pid of tree.reverse()) process.kill(pid, 'SIGCONT');
    const { code, stderr } = await run.finished;
    expect(stderr).not.toMatch(/no new frame|retrying once/);
    expect(code).toBe(0);
  });
});
