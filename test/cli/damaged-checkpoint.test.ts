import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../support/chaos.js';
import { overwritten, withFlippedBit } from '../support/damage.js';
import { firstOf } from '../support/full-tests.js';
import { checkpointIn, KilledRun } from '../support/killed-run.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const ARGS = [join(SAMPLES, 'small.mp4'), '--no-overlay', '--model', 'lite', '--max-frames', '110'];
const random = seeded(15);
let calm: Buffer;
let killed: KilledRun;
let copies = 0;

const copy = () => join(folder, `copy-${copies++}`);
const record = async (out: string) => JSON.parse(await readFile(join(out, 'small.run.json'), 'utf8'));

beforeAll(async () => {
  const { code, stderr } = await runCli(['analyze', ...ARGS, '-o', join(folder, 'calm')]);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  calm = await readFile(join(folder, 'calm', 'small.csv'));
  killed = await KilledRun.start(await temporaryFolder(), ARGS);
}, 120_000);

describe('a run that was killed', () => {
  test('continues from its checkpoint, to the same table', async () => {
    const { code, out } = await killed.goOn(copy());
    expect(code).toBe(0);
    expect((await readFile(join(out, 'small.csv'))).equals(calm)).toBe(true);
    expect((await record(out)).resumedAtFrames).toHaveLength(1);
  }, 60_000);

  const damages: [string, (bytes: Buffer) => Buffer][] = [
    ['one bit is another one', bytes => withFlippedBit(bytes, random)],
    ['a sector is zero', bytes => overwritten(bytes, 0, random)],
    ['it is of the version before', () => serialize({ key: 'x', nextFrame: 1 })],
  ];
  test.each(firstOf(damages, 1))(
    'starts again, says so and writes the same table when in its checkpoint %s',
    async (_, damage) => {
      const { code, stderr, out } = await killed.goOn(copy(), async there => {
        const path = (await checkpointIn(there)) as string;
        await writeFile(path, damage(await readFile(path)));
      });
      expect(code).toBe(0);
      expect(stderr).toMatch(/checkpoints\/\w+\.bin: is .*; analysing the video from the beginning/);
      expect((await readFile(join(out, 'small.csv'))).equals(calm)).toBe(true);
      const { resumedAtFrames, warnings } = await record(out);
      expect(resumedAtFrames).toEqual([]);
      // Where there is no ffmpeg but the package's, that is reported as well.
      const reported = (warnings as string[]).filter(warning => !warning.includes('inside the npm package'));
      expect(reported).toEqual([expect.stringMatching(/\.bin: is .*; analysing the video from the beginning/)]);
      expect(await checkpointIn(out)).toBeUndefined();
    },
    60_000,
  );

  test('starts over, and says so, if its table has changed', async () => {
    const { code, stderr, out } = await killed.goOn(copy(), async there => {
      const path = join(there, 'small.csv.partial');
      await writeFile(path, (await readFile(path)).subarray(0, 2000));
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/small\.csv\.partial has changed since; analysing the video from the beginning/);
    expect((await readFile(join(out, 'small.csv'))).equals(calm)).toBe(true);
  }, 60_000);
});
