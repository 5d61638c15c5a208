import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

test('--segments with --max-frames has the numbers of a run in one piece, also where the frame rate changes', async () => {
  const clip = join(folder, 'slow-start.mp4');
  // One frame in five of the first two seconds: the average rate puts the end of the selection too early.
  const thin = "select='gte(t,2)+not(mod(n,5))',scale=240:-2";
  await makeWithFfmpeg(['-i', join(SAMPLES, 'treadmill.mp4'), '-vf', thin, '-an'], clip);
  const tableOf = async (name: string, ...options: string[]) => {
    const usual = ['--model', 'lite', '--max-attempts', '1', '--no-overlay', '--max-frames', '16'];
    const { code, stderr } = await runCli(['analyze', clip, '-o', join(folder, name), ...usual, ...options]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('in one piece');
    return readFile(join(folder, name, 'slow-start.csv'), 'utf8');
  };
  const plain = await tableOf('plain');
  expect(
    new Set(
      plain
        .trimEnd()
        .split('\n')
        .slice(1)
        .map(line => line.split(',')[0]),
    ).size,
  ).toBe(16);
  expect(await tableOf('segments', '--segments', '2')).toBe(plain);
});
