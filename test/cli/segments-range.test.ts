import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const clip = join(folder, 'walk.mp4');
const USUAL = ['--model', 'lite', '--max-attempts', '1', '--no-overlay', '--explain'];

beforeAll(async () => {
  const sample = join(SAMPLES, 'treadmill.mp4');
  await makeWithFfmpeg(['-stream_loop', '1', '-i', sample, '-vf', 'fps=8,scale=240:-2', '-an'], clip);
});

describe('analyze --segments with --start and --end', () => {
  test('analyses no frame outside of them, so the first segment has the very numbers of a run in one piece', async () => {
    const range = ['--start', '1.3', '--end', '4.2'];
    const results = async (out: string, ...options: string[]) => {
      const { code } = await runCli(['analyze', clip, '-o', join(folder, out), ...USUAL, ...range, ...options]);
      const read = (name: string) => readFile(join(folder, out, name), 'utf8');
      const record = JSON.parse(await read('walk.run.json'));
      return { code, csv: await read('walk.csv'), attempts: record.attempts, frames: record.frames };
    };
    const plain = await results('plain');
    expect(plain.frames.decoded).toBe(23);
    expect(await results('segments', '--segments', '2')).toEqual(plain);
  });
});
