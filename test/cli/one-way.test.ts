import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const WAVE = join(SAMPLES, 'wave.mp4');
/** Longer than `--stall` in these tests, including the start of a process. */
const LONGER_THAN_STALL_MS = 6000;

describe('one video whose results are a stream', () => {
  test('does not count as stalled while its reader pauses', async () => {
    const run = new CliRun(['analyze', WAVE, '--mode', 'track', '--ndjson', '-'], { env: { BODYSCRIPT_STALL: '1' } });
    run.process.stdout?.pause();
    await delay(LONGER_THAN_STALL_MS);
    expect(run.process.exitCode).toBeNull(); // The lines exceed a pipe's buffer.
    run.process.stdout?.resume();
    expect(await run.finished).toMatchObject({ code: 0 });
    expect(run.stdout.length).toBeGreaterThan(500_000);
  }, 60_000);

  test('stops when --timeout is over, like a file', async () => {
    const stream = await runCli(['analyze', WAVE, '--csv', '-', '--timeout', '1']);
    const file = await runCli(['analyze', WAVE, '-o', at('late'), '--timeout', '1']);
    for (const { code, stderr } of [stream, file]) {
      expect(stderr).toMatch(/^error: took longer than 1 s \(--timeout\)\. Allow more/m);
      expect(code).toBe(1);
    }
  }, 60_000);

  test('from a silent stdin, stops at a signal', async () => {
    const run = spawn(process.execPath, ['bin/bodyscript.js', 'analyze', '-', '--csv', '-'], { stdio: 'pipe' });
    await delay(1500);
    run.kill('SIGTERM');
    const ended = await new Promise(resolve => run.on('close', (code, signal) => resolve(code ?? signal)));
    // Reading does not end, so the process ends itself, by the signal: a shell shows 143.
    expect(ended).toBe('SIGTERM');
  }, 60_000);
});

test('one video is analysed without a ledger if its library is not installed; several are not', async () => {
  const hook = at('without-libsql.mjs');
  await writeFile(
    hook,
    `import Module from 'node:module';
     const load = Module._load;
     Module._load = function (name, ...rest) {
       if (name === 'libsql') throw new Error('not installed');
       return load.call(this, name, ...rest);
     };`,
  );
  const node = ['--import', pathToFileURL(hook).href];
  const out = at('without');
  const args = ['--mode', 'track', '--max-frames', '3', '-o', out];
  const one = await runCli(['analyze', WAVE, ...args], { node });
  expect(one.stderr).toMatch(/^warning: the ledger of videos needs libsql .*analysing this video without/m);
  expect(one.stderr).toMatch(/wave\.mp4: done\n/);
  expect(one.code).toBe(0);
  expect(['wave.csv', 'wave.run.json'].map(name => existsSync(join(out, name)))).toEqual([true, true]);
  expect(existsSync(join(out, '.bodyscript', 'ledger.sqlite'))).toBe(false);
  const many = await runCli(['analyze', WAVE, join(SAMPLES, 'squat.mp4'), ...args], { node });
  expect(many.stderr).toMatch(/^error: the ledger of videos needs libsql .*analyse one video at a time/m);
  expect(many.code).toBe(1);
}, 60_000);
