import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { CHECKPOINT_FILE, type Checkpoint, type Facts } from '../../src/analyze/checkpoint.js';
import { inspectVideo } from '../../src/analyze/inspect-video.js';
import type { Job } from '../../src/analyze/job.js';
import { loadCheckpoint } from '../../src/analyze/load-checkpoint.js';
import { planOutputs, tableOf } from '../../src/analyze/output-plan.js';
import { BodyscriptError } from '../../src/errors.js';
import { readChecked, writeChecked } from '../../src/formats/checked-file.js';
import { parseState, stateText } from '../../src/formats/state-text.js';
import { seeded } from '../support/chaos.js';
import { overwritten, withFlippedBit } from '../support/damage.js';
import { analyzeOptions, USUAL_ENGINE } from '../support/options.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const path = join(folder, 'checkpoint.bin');
const clip = join(SAMPLES, 'small.mp4');
const NATIVE = { engine: 'native', isSegmented: false } as const;
const BITS = 200;
const OVERWRITTEN = 50;
const options = analyzeOptions(folder, {
  engineName: 'native',
  engine: { ...USUAL_ENGINE, model: 'lite', people: 2 },
  mode: 'smart',
  lookAhead: 2,
  overlay: { to: 'auto', crf: 30, minVisibility: 0.5, labels: false },
  contactSheet: true,
  thumbnail: true,
});
const MS_A_FRAME = 40;
let whole: Buffer;
let job: Job;
let key: string;
let good: Checkpoint;

/** The file's content, in two parts. */
const parts = (text: string) => parseState(text) as [Facts, Pick<Checkpoint, 'analyzer' | 'lookAhead'>];

beforeAll(async () => {
  const stop = new AbortController();
  const onProgress = ({ frames }: { frames: number }) => {
    // On a fast machine the frames would be over before a second checkpoint is due.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MS_A_FRAME);
    if (frames >= 25) stop.abort(new BodyscriptError('INTERRUPTED', 'enough'));
  };
  const run = analyzeVideo(clip, options, {
    checkpoint: { path, resume: 'any' as const },
    signal: stop.signal,
    onProgress,
  });
  await expect(run).rejects.toThrow('enough');
  whole = await readFile(path);
  job = { ...(await inspectVideo(clip, options)), plan: planOutputs('small', options.outputs) };
  key = parts(await readChecked(path, CHECKPOINT_FILE))[0].key;
  good = (await loadCheckpoint(path, key, job, NATIVE)).checkpoint!;
}, 120_000);

async function load(bytes: Buffer | string) {
  await writeFile(path, bytes);
  return loadCheckpoint(path, key, job, NATIVE);
}

/** With one digit or letter changed. */
function digit(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other[at] = other[at]! ^ 1;
  return other;
}

/** A forged checkpoint: its checksum is right. */
async function loadMade(change: (facts: Made, memory: Made) => unknown) {
  const [facts, memory] = parts(await readChecked(await restored(), CHECKPOINT_FILE));
  change(facts, memory);
  await writeChecked(path, CHECKPOINT_FILE, `[${stateText(facts)},${stateText(memory)}]`);
  return loadCheckpoint(path, key, job, NATIVE);
}

async function restored(): Promise<string> {
  await writeFile(path, whole);
  return path;
}

// biome-ignore lint/suspicious/noExplicitAny: a forged value has no type
type Made = any;

describe('a checkpoint', () => {
  test('is loaded as it was saved if it is complete', async () => {
    expect(good).toBeDefined();
    expect(good.nextFrame).toBeGreaterThan(5);
    expect(good.lookAhead?.waiting).toHaveLength(2);
    expect(await load(whole)).toEqual({ checkpoint: good });
  });

  test(`is refused with a word, or is as it was, in ${BITS} of ${BITS} with one bit changed and ${OVERWRITTEN} of ${OVERWRITTEN} overwritten`, async () => {
    const random = seeded(1);
    const damaged = [
      ...Array.from({ length: BITS }, () => withFlippedBit(whole, random)),
      ...Array.from({ length: OVERWRITTEN }, (_, kind) => overwritten(whole, kind, random)),
    ];
    let refused = 0;
    for (const bytes of damaged) {
      const { checkpoint, problem } = await load(bytes);
      if (bytes.equals(whole)) expect(checkpoint).toEqual(good);
      else {
        expect([checkpoint, problem]).toEqual([undefined, expect.stringMatching(/checkpoint\.bin: (is|has version) /)]);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(BITS + OVERWRITTEN - 10);
  }, 60_000);

  test.each<[string, Buffer | string]>([
    ["V8's own format", serialize({ key: 'x' })],
    ['text', 'hello\n'],
    ['a head alone', `bodyscript checkpoint 7 0 ${'0'.repeat(64)}\n`],
    ['another version', `bodyscript checkpoint 8 0 ${'0'.repeat(64)}\n`],
    ['nothing', ''],
  ])('is refused with a word where it is %s', async (_, bytes) => {
    expect(await load(bytes)).toEqual({ problem: expect.stringMatching(/checkpoint\.bin: (is|has version) /) });
  });

  test('is not read if it is too large', async () => {
    await writeFile(path, '');
    await truncate(path, 2 ** 30);
    expect(await loadCheckpoint(path, key, job, NATIVE)).toEqual({
      problem: expect.stringMatching('is larger than 64 MB'),
    });
  });

  test('of other options, or absent, is silently ignored', async () => {
    await restored();
    expect(await loadCheckpoint(path, 'other', job, NATIVE)).toEqual({});
    expect(await loadCheckpoint(join(folder, 'none.bin'), key, job, NATIVE)).toEqual({});
  });

  test.each<[string, (facts: Made, memory: Made) => unknown]>([
    ['nothing in it', facts => Object.assign(facts, { record: undefined, outputs: undefined })],
    ['a frame that is text', facts => Object.assign(facts, { nextFrame: '12' })],
    ['a frame before the video', facts => Object.assign(facts, { nextFrame: -1 })],
    ['more frames than were counted', facts => Object.assign(facts, { frames: facts.frames + 1 })],
    ['more frames counted than there were', facts => facts.record.tally.byStatus.tracked++],
    ['a pose without landmarks', (_, memory) => memory.lookAhead.waiting[0].people[0].pose.landmarks.pop()],
    [
      'a landmark that is no number',
      (_, memory) => Object.assign(memory.lookAhead.waiting[0].people[0].pose.landmarks[3], { x: Number.NaN }),
    ],
    [
      'a landmark that is text',
      (_, memory) => Object.assign(memory.lookAhead.waiting[0].people[0].pose.landmarks[3], { x: '1' }),
    ],
    ['waiting frames that were decided', facts => Object.assign(facts, { nextFrame: facts.nextFrame + 1 })],
    ['waiting frames in no order', (_, memory) => memory.lookAhead.waiting.reverse()],
    [
      'frames without end',
      (_, memory) => Object.assign(memory.lookAhead, { waiting: Array(100).fill(memory.lookAhead.waiting[0]) }),
    ],
    [
      'another analyzer',
      (_, memory) =>
        Object.assign(memory, { analyzer: { tracker: memory.analyzer.people.tracker, previous: undefined } }),
    ],
    ['an invalid analyzer', (_, memory) => Object.assign(memory, { analyzer: null })],
    ['an invalid engine', facts => Object.assign(facts, { engine: 'full' })],
    ['an engine with a clock of text', facts => Object.assign(facts.engine.clock, { last: 'now' })],
    [
      'people as a list',
      (_, memory) => Object.assign(memory.analyzer.people, { people: [...memory.analyzer.people.people] }),
    ],
    [
      'a person_id that is a path',
      (_, memory) => Object.assign(memory.lookAhead.waiting[0].people[0], { personId: '/../../x' }),
    ],
    [
      'a smoother of other length',
      (_, memory) =>
        Object.assign([...memory.lookAhead.tracks.values()][0].smoother, { visibility: new Float64Array(2) }),
    ],
    ['no outputs', facts => facts.outputs.clear()],
    ['a file of negative length', facts => Object.assign([...facts.outputs.values()][0], { bytes: -5 })],
    ['an invalid time', facts => Object.assign(facts.record, { startedAt: 'yesterday' })],
    ['infinite seconds', facts => Object.assign(facts.record, { wallMs: Number.POSITIVE_INFINITY })],
  ])('is rejected with a message if it was forged, checksum included, with %s', async (_, change) => {
    const { checkpoint, problem } = await loadMade(change);
    expect(checkpoint).toBeUndefined();
    expect(problem).toMatch(/checkpoint\.bin: (was not written by bodyscript|contradicts itself|has no state of)/);
  });

  test('is rejected with a message if one of its files is shorter, or has a digit changed', async () => {
    const csv = `${tableOf(job.plan)}.partial`;
    const before = await readFile(csv);
    await restored();
    for (const text of [before.subarray(0, 100), digit(before, 700), digit(before, 3)]) {
      await writeFile(csv, text);
      expect(await loadCheckpoint(path, key, job, NATIVE)).toEqual({ problem: `${csv} has changed since` });
    }
    await writeFile(csv, before);
    expect((await loadCheckpoint(path, key, job, NATIVE)).checkpoint).toEqual(good);
  });
});

describe('a checkpoint from which a run fails', () => {
  test('is removed, and the next run starts over', async () => {
    await restored();
    // The waiting frames are those of another video.
    const [facts, memory] = parts(await readChecked(path, CHECKPOINT_FILE));
    const waiting = memory.lookAhead?.waiting.map((frame, i) => ({ ...frame, frameId: 100_000 + i })) ?? [];
    await writeChecked(
      path,
      CHECKPOINT_FILE,
      `[${stateText(facts)},${stateText({ ...memory, lookAhead: { ...memory.lookAhead, waiting } })}]`,
    );
    const again = () => analyzeVideo(clip, options, { checkpoint: { path, resume: 'any' as const } });
    await expect(again()).rejects.toThrow(/frame 100000 of the interrupted run/);
    expect(await stat(path).catch(() => 'gone')).toBe('gone');
    expect((await again()).resumedAtFrames).toEqual([]);
  }, 120_000);
});
