import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { runProgram } from '../../src/system/run-program.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];

async function script(name: string, text: string): Promise<string> {
  await writeFile(at(name), `#!/bin/sh\n${text}\n`);
  await chmod(at(name), 0o755);
  return at(name);
}

/** Whether a process runs; a zombie does not. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !stat.includes(') Z ');
}

async function pidIn(file: string): Promise<number> {
  while (!existsSync(file) || !/\n/.test(await readFile(file, 'utf8'))) await delay(20);
  return Number(await readFile(file, 'utf8'));
}

describe.runIf(process.platform === 'linux')('short programs', async () => {
  const clip = await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=0.1'], at('walk.mp4'));
  const { ffmpeg, ffprobe } = await findFfmpeg();

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a %s of the terminal while ffprobe works is an interruption, not a failure', async (signal, code) => {
    const pidFile = at(`${signal}.pid`);
    const slow = `[ "$1" = -version ] && exec "${ffprobe.path}" "$@"\necho $$ > "${pidFile}"\nexec sleep 100`;
    const probe = await script(`slow-${signal}`, slow);
    const args = [BIN, 'analyze', clip, '-o', at(signal), '--ffprobe', probe, ...FAST];
    const cli = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    cli.stderr.on('data', text => {
      stderr += text;
    });
    const ended = new Promise(resolve => cli.once('close', resolve));
    const pid = await pidIn(pidFile);
    process.kill(-cli.pid!, signal); // Like a terminal: the whole group.
    expect(await ended).toBe(code);
    expect(stderr).not.toContain('ffprobe was killed');
    expect(await isRunning(pid)).toBe(false);
    const { stdout } = await runCli(['jobs', 'list', '-o', at(signal), '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ state: 'interrupted' }]);
  });

  test('one that leaves a child with its pipes delays no one, and the child ends with it', async () => {
    const forking = await script('forking', `sleep 30 &\necho $! > "${at('left.pid')}"\nexec "${ffmpeg.path}" "$@"`);
    const before = performance.now();
    const { stdout, exitCode } = await runProgram(forking, ['-version'], 60_000);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(stdout).toMatch(/^ffmpeg version/);
    expect(exitCode).toBe(0);
    await delay(50);
    expect(await isRunning(await pidIn(at('left.pid')))).toBe(false);
  });
});
