import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { listFrames, makeWithFfmpeg } from '../support/ffmpeg.js';
import { IS_FULL } from '../support/full-tests.js';
import { HAS_OTHER_MACHINES, OtherMachine } from '../support/other-machine.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// Some minutes: a machine counts as lost after half a minute of silence.
const FAST = ['--model', 'lite', '--max-attempts', '1', '--overlay-size', '160'];
const TIMEOUT_MS = 300_000;
const folder = await temporaryFolder();
const [clips, calm] = [join(folder, 'clips'), join(folder, 'calm')];
const argsFor = (out: string, options: readonly string[] = []) => ['analyze', clips, '-o', out, ...FAST, ...options];
const FRAMES = 300;

interface Case {
  readonly name: string;
  readonly options: readonly string[];
  /** When the first machine returns. */
  readonly wakes: 'never' | 'meanwhile' | 'later';
}

const CASES: readonly Case[] = (['never', 'meanwhile', 'later'] as const).flatMap(wakes => [
  { name: 'with-ledger', options: [], wakes },
  { name: 'without-ledger', options: ['--no-ledger'], wakes },
]);

const fileSize = async (path: string) => (await stat(path)).size;

/** The first machine stops in the middle of the video; another one has taken it over when this returns. */
async function takeOver({ options, wakes }: Case, out: string): Promise<readonly [OtherMachine, OtherMachine]> {
  const [partial, size] = [join(out, 'walk.csv.partial'), await fileSize(join(calm, 'walk.csv'))];
  const first = new OtherMachine('first', argsFor(out, options));
  await first.untilWritten(partial, size / 4);
  await first.signal(wakes === 'never' ? 'SIGKILL' : 'SIGSTOP');
  const before = await fileSize(partial);
  const second = new OtherMachine('second', argsFor(out, options));
  await second.untilWritten(partial, before + size / 8);
  return [first, second];
}

async function expectCalmResults(out: string, messages: string): Promise<void> {
  const [table, expected] = await Promise.all([out, calm].map(each => readFile(join(each, 'walk.csv'), 'utf8')));
  expect(table === expected, messages).toBe(true);
  expect(await listFrames(join(out, 'walk.overlay.mp4'), 'v:0')).toHaveLength(FRAMES);
  const record = JSON.parse(await readFile(join(out, 'walk.run.json'), 'utf8'));
  expect(record).toMatchObject({ status: 'done', resumedAtFrames: [expect.any(Number)] });
  expect(record.resumedAtFrames[0]).toBeGreaterThan(0);
  expect((await readdir(out)).filter(file => /partial|failed|lock/.test(file))).toEqual([]);
}

// Most of a case is waiting.
describe.skipIf(!IS_FULL || !HAS_OTHER_MACHINES).concurrent('a machine with results in a shared folder', () => {
  beforeAll(async () => {
    await mkdir(clips);
    const source = ['-stream_loop', '1', '-i', join(SAMPLES, 'treadmill.mp4')];
    await makeWithFfmpeg([...source, '-vf', 'scale=240:-2', '-c:v', 'libx264'], join(clips, 'walk.mp4'));
    expect((await runCli(argsFor(calm))).code).toBe(0);
  }, TIMEOUT_MS);

  test.each(CASES.filter(({ wakes }) => wakes === 'never'))(
    'is lost ($name): another continues in the middle of the video, to the same bytes',
    async one => {
      const out = join(folder, `lost-${one.name}`);
      const [, second] = await takeOver(one, out);
      expect(await second.finished, second.reported).toBe(0);
      await expectCalmResults(out, second.reported);
    },
    TIMEOUT_MS,
  );

  test.each(CASES.filter(({ wakes }) => wakes !== 'never'))(
    'sleeps so long that another takes its video over, and wakes $wakes ($name): it takes the result of the other',
    async one => {
      const out = join(folder, `${one.wakes}-${one.name}`);
      const [first, second] = await takeOver(one, out);
      if (one.wakes === 'later') await second.finished;
      await first.signal('SIGCONT');
      const codes = await Promise.all([first.finished, second.finished]);
      const messages = `first: ${first.reported}\nsecond: ${second.reported}`;
      expect(codes, messages).toEqual([0, 0]);
      expect(first.reported).toMatch(/done already/);
      await expectCalmResults(out, messages);
    },
    TIMEOUT_MS,
  );
});
