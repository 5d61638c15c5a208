import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { CliRun } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

test('a video in segments that is stopped before its first one is done has no partial results', async () => {
  const out = join(folder, 'out');
  const run = new CliRun(['analyze', join(SAMPLES, 'crossing.mp4'), '-o', out, '--model', 'lite', '--segments', '2']);
  while (!existsSync(join(out, 'crossing.csv.partial')) && run.process.exitCode === null) await delay(5);
  run.process.kill('SIGTERM');
  const { code, stderr } = await run.finished;
  expect(code, stderr).toBe(143);
  expect(stderr).toContain('nothing was saved yet\n');
  expect(stderr).not.toContain('partial results saved in');
  expect(await readdir(out)).toEqual(['.bodyscript']);
});
