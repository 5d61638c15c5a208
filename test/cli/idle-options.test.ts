import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const clip = (name: string) => fileURLToPath(new URL(`../../samples/${name}.mp4`, import.meta.url));
const WAVE = clip('wave');

test.each<[readonly string[], string, string]>([
  [['--person', '4000,4000'], '--person 4000,4000 is outside the frame of ', 'Give x,y in pixels'],
  [
    ['--mode', 'track', '--min-score', '0.3'],
    '--min-score has no effect: --mode track does not judge',
    'Leave it out, or',
  ],
  [['--fps', '60'], '--fps has no effect: the video has its own frame times', 'give numbered pictures'],
  [['--labels', '--no-overlay'], '--labels has no effect: no overlay is written', 'add --overlay auto'],
  [['--max-memory', '10'], '--max-memory must be a size of at least 1M, e.g. 512M or 2G', 'See --help'],
])(
  '%j ends with the exit code of wrong usage, a cause and a remedy, and writes nothing',
  async (flags, cause, remedy) => {
    const out = join(folder, 'refused');
    const { code, stderr } = await runCli(['analyze', WAVE, '-o', out, ...flags]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(cause)]);
    expect(stderr).toContain(remedy);
    await expect(readFile(join(out, 'wave.csv'))).rejects.toThrow('ENOENT');
  },
);

test("a person's point is in the video's own pixels, even if pictures are scaled down", async () => {
  const where = async (person: string, more: readonly string[]) => {
    const out = join(folder, `person-${more.length}`);
    const flags = ['--person', person, '--max-frames', '2', '--no-overlay', '--force', '--overwrite', '-q', ...more];
    const { code, stderr } = await runCli(['analyze', clip('three-people'), '-o', out, ...flags]);
    expect([code, stderr]).toEqual([0, '']);
    for await (const { people } of readLandmarks(join(out, 'three-people.csv')))
      return people[0]?.landmarks[0]?.x ?? Number.NaN;
    return Number.NaN;
  };
  const lefts = await where('1,180', []);
  const rights = await where('479,180', []);
  expect(Math.abs(lefts - rights)).toBeGreaterThan(0.2);
  // Nearer to the person on the left; in the smaller pictures' pixels the one on the right would be.
  expect(await where('190,180', ['--max-size', '400'])).toBeCloseTo(lefts, 1);
}, 120_000);
