import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInChaos, seeded } from '../support/chaos.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { IS_FULL } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
/** `npm run bench:chaos` does the same with more clips, in more rounds. */
const [CLIPS, ROUNDS] = [12, 3];
const MINUTES = 60_000;

// A minute and more: `npm run test:full`. Its parts are in `batch.test.ts`.
test.skipIf(!IS_FULL || process.platform !== 'linux')(
  `${CLIPS} clips whose commands, workers and ffmpegs are killed at random come to the same bytes, each once, and nothing is left running`,
  async () => {
    const input = join(folder, 'in');
    await mkdir(input);
    const clips = ['dark', 'crossing', 'wave'];
    for (let i = 0; i < CLIPS; i++) {
      const name = clips[i % clips.length];
      const clip = join(folder, `${name}.mp4`);
      if (i < clips.length)
        await makeWithFfmpeg(['-i', join(SAMPLES, `${name}.mp4`), '-t', '1', '-c:v', 'libx264'], clip);
      await copyFile(clip, join(input, `${i}.mp4`));
    }
    const args = [input, '--jobs', '2', '--engine', 'native'];
    const calm = join(folder, 'calm');
    expect((await runCli(['analyze', ...args, '-o', calm, '-q'])).code).toBe(0);
    for (let round = 0; round < ROUNDS; round++) {
      const result = await runInChaos(args, join(folder, `round-${round}`), calm, [800, 2500], seeded(round));
      expect(result).toMatchObject({ different: [], orphans: [] });
      expect(result.jobs.map(({ state }) => state)).toEqual(Array(CLIPS).fill('done'));
      expect(new Set(result.jobs.map(({ path }) => path)).size).toBe(CLIPS);
      expect(Object.values(result.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    }
  },
  20 * MINUTES,
);
