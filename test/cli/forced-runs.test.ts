import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const out = join(await temporaryFolder(), 'out');
const ANALYZE = ['analyze', join(SAMPLES, 'wave.mp4'), '-o', out, '--mode', 'track', '--model', 'lite', '--no-overlay'];

const hasCheckpoint = async () =>
  (await readdir(join(out, '.bodyscript', 'checkpoints')).catch(() => [])).some(name => name.endsWith('.bin'));

/** Stops a command once it has saved its state. */
async function stopMidway(...more: string[]): Promise<void> {
  const run = new CliRun([...ANALYZE, ...more]);
  while (!(await hasCheckpoint()) && run.process.exitCode === null) await delay(5);
  run.process.kill('SIGTERM');
  expect((await run.finished).code, run.stderr).toBe(143);
}

/** Runs a command to its end. @returns the table, and where the run continued */
async function finish(...more: string[]): Promise<{ table: string; resumed: number }> {
  const { code, stderr } = await runCli([...ANALYZE, ...more]);
  expect(code, stderr).toBe(0);
  const record = JSON.parse(await readFile(join(out, 'wave.run.json'), 'utf8'));
  return { table: await readFile(join(out, 'wave.csv'), 'utf8'), resumed: record.resumedAtFrames.length };
}

test('--force continues what an earlier --force left, and starts over what a run without it left', async () => {
  const first = await finish();
  expect(first.resumed).toBe(0);
  await stopMidway('--force');
  expect(await finish('--force')).toEqual({ ...first, resumed: 1 });
  expect(await finish('--force')).toEqual(first);
  await stopMidway('--max-frames', '60');
  expect((await finish('--max-frames', '60', '--force')).resumed).toBe(0);
});
