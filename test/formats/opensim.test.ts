import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import { LANDMARK_IDS } from '../../src/model/body.js';
import type { Pose } from '../../src/model/pose.js';
import type { TableFrame } from '../../src/model/table-frame.js';
import { OPENSIM_COORDINATES } from '../../src/signal/opensim-coordinates.js';
import { degreesBetween, minus, type Vector } from '../../src/signal/vector.js';
import { standingPose } from '../support/fake-engine.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf } from '../support/full-tests.js';
import { type MadeFrame, writeMadeTable } from '../support/made-table.js';
import { momentsOf, type OpenSimTable, poseModel, readByOpenSim } from '../support/opensim.js';
import { pythonWith } from '../support/readers.js';
import { HAS_OPENSIM_MODEL, SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { truePose } from '../support/true-pose.js';

const OPENSIM = pythonWith('opensim');
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const LEAST_CONFIDENCE = 0.5;

/** A person who moves a little in each frame, with uncertain joints. */
function poseAt(frame: number, unsure: readonly number[] = []): Pose {
  const pose = standingPose(0.4 + 0.001 * frame, 0.5, 0.9, 0.9);
  const landmarks = pose.landmarks.map((mark, id) => (unsure.includes(id) ? { ...mark, confidence: 0.2 } : mark));
  return { ...pose, landmarks };
}

const step = 1 / 30;
const LAST = LANDMARK_NAMES.length - 1;
const one = (count: number, time: (i: number) => number): MadeFrame[] =>
  Array.from({ length: count }, (_, i) => ({ time: time(i), people: { 0: poseAt(i) } }));

/** Expected markers of a person: world landmarks, y up and z to the camera, NaN if uncertain. */
function wantedRows(frames: readonly TableFrame[], person: number): number[][][] {
  return frames.map(({ people }) => {
    const found = people.find(({ personId }) => personId === person);
    return LANDMARK_NAMES.map((_, id) => {
      const mark = found?.landmarks[id];
      if (!mark || !((mark.confidence ?? 1) >= LEAST_CONFIDENCE)) return [Number.NaN, Number.NaN, Number.NaN];
      return [mark.worldX ?? Number.NaN, -(mark.worldY ?? Number.NaN), -(mark.worldZ ?? Number.NaN)];
    });
  });
}

async function framesOf(path: string): Promise<TableFrame[]> {
  const frames: TableFrame[] = [];
  for await (const frame of readLandmarks(path)) frames.push(frame);
  return frames;
}

/** Compares OpenSim's reading of a person's TRC with its source table. */
async function expectAsTable(trc: string, table: string, person = 0): Promise<OpenSimTable> {
  const [read, frames] = await Promise.all([readByOpenSim(OPENSIM!, trc), framesOf(table)]);
  expect(read.labels).toEqual(LANDMARK_NAMES);
  const plain = (rows: readonly (readonly (readonly number[])[])[]) => rows.map(row => row.map(cell => cell.map(zero)));
  expect(plain(read.rows)).toEqual(plain(wantedRows(frames, person)));
  return read;
}

/** -0 is 0. */
const zero = (value: number) => value + 0;

async function exportMade(name: string, frames: readonly MadeFrame[]): Promise<string> {
  await writeMadeTable(at(`${name}.csv`), frames);
  const { code, stderr } = await runCli(['export', at(`${name}.csv`), '-f', 'trc']);
  expect([name, code]).toEqual([name, 0]);
  return stderr;
}

describe.skipIf(!OPENSIM)('OpenSim reads a TRC', () => {
  test('of frames without people at the beginning, in the middle and at the end', async () => {
    const frames = Array.from({ length: 12 }, (_, i) => ({
      time: i * step,
      people: [0, 1, 5, 6, 11].includes(i) ? {} : { 0: poseAt(i) },
    }));
    await exportMade('comes-and-goes', frames);
    const { times, rate } = await expectAsTable(at('comes-and-goes.trc'), at('comes-and-goes.csv'));
    expect(times).toEqual(frames.map(({ time }) => expect.closeTo(time, 6)));
    expect(rate).toBeCloseTo(30, 2);
  });

  test('with single uncertain joints, including the last of a row', async () => {
    const unsure = [[LAST], [0], [LAST, LAST - 1], [], [...LANDMARK_NAMES.keys()], [3, 17]];
    await exportMade(
      'unsure',
      unsure.map((ids, i) => ({ time: i * step, people: { 0: poseAt(i, ids) } })),
    );
    const { rows } = await expectAsTable(at('unsure.trc'), at('unsure.csv'));
    expect(rows.map(row => row.filter(([x]) => Number.isNaN(x)).length)).toEqual([
      1,
      1,
      2,
      0,
      LANDMARK_NAMES.length,
      2,
    ]);
  });

  test('of several people who come and go, each in a file with one row for every frame', async () => {
    const frames = Array.from({ length: 10 }, (_, i) => ({
      time: i * step,
      people: { ...(i < 6 && { 0: poseAt(i) }), ...(i > 3 && i !== 7 && { 2: poseAt(i + 20, [LAST]) }) },
    }));
    await exportMade('two', frames);
    for (const person of [0, 2]) {
      const { times } = await expectAsTable(at(`two.person-${person}.trc`), at('two.csv'), person);
      expect(times).toHaveLength(10);
    }
  });

  test('of every third frame, with their rate', async () => {
    await exportMade(
      'third',
      one(10, i => i * 3 * step),
    );
    expect((await expectAsTable(at('third.trc'), at('third.csv'))).rate).toBeCloseTo(10, 2);
  });

  test('of frames with a varying rate, each with its own time', async () => {
    const times = [0, 0.031, 0.07, 0.1, 0.128, 0.17, 0.2];
    await exportMade(
      'varies',
      one(times.length, i => times[i]!),
    );
    const read = await expectAsTable(at('varies.trc'), at('varies.csv'));
    expect(read.times).toEqual(times.map(time => expect.closeTo(time, 6)));
    expect(read.rate).toBeCloseTo(30, 2);
  });

  test('of a video with a pause of ten minutes, at the rate of the other frames, and reports it', async () => {
    const stderr = await exportMade(
      'pause',
      one(20, i => (i < 10 ? i * 0.04 : 600 + i * 0.04)),
    );
    const { times, rate } = await expectAsTable(at('pause.trc'), at('pause.csv'));
    expect([rate, times.at(-1)]).toEqual([25, expect.closeTo(600.76, 6)]);
    expect(stderr).toMatch(/warning: pause\.trc: the frames pause once, for 600\.04 s at most; DataRate is that of/);
  });

  test('of a file whose clock restarts, with rising times', async () => {
    await exportMade(
      'restarts',
      one(12, i => 1.4 + (i % 6) * step),
    );
    const { times, rate } = await expectAsTable(at('restarts.trc'), at('restarts.csv'));
    expect(times).toEqual(times.map((_, i) => expect.closeTo(i * step, 5)));
    expect(rate).toBeCloseTo(30, 2);
  });

  test('of a filtered table', async () => {
    const frames = Array.from({ length: 30 }, (_, i) => ({
      time: i * step,
      people: (i > 8 && i < 12) || i > 27 ? {} : { 0: poseAt(i, i === 20 ? [LAST] : []) },
    }));
    await writeMadeTable(at('rough.csv'), frames);
    expect((await runCli(['filter', at('rough.csv'), '-o', at('smooth.csv')])).code).toBe(0);
    expect((await runCli(['export', at('smooth.csv'), '-f', 'trc'])).code).toBe(0);
    const { rows } = await expectAsTable(at('smooth.trc'), at('smooth.csv'));
    expect([rows[10]?.[0]?.[0], rows[29]?.[0]?.[0]]).toEqual([expect.any(Number), Number.NaN]);
  });

  test('in metres of the picture, of a person who comes and goes', async () => {
    const frames = [0, 1, 2, 3].map(i => ({ time: i * step, people: i === 2 ? {} : { 0: poseAt(i, [LAST]) } }));
    await writeMadeTable(at('metres.csv'), frames);
    expect((await runCli(['export', at('metres.csv'), '-f', 'trc', '--person-height', '1.8'])).code).toBe(0);
    const { rows } = await readByOpenSim(OPENSIM!, at('metres.trc'));
    expect(rows.map(row => row.filter(([x]) => Number.isNaN(x)).length)).toEqual([1, 1, LANDMARK_NAMES.length, 1]);
  });

  test('of a video that a person enters and leaves', async () => {
    const grey = "drawbox=t=fill:color=gray:enable='lt(n,2)+gte(n,6)'";
    await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-vf', grey, '-frames:v', '8'], at('enters.mkv'));
    const args = ['analyze', at('enters.mkv'), '-o', folder, '--mode', 'still', '--no-overlay', '--export', 'trc'];
    expect((await runCli(args)).code).toBe(0);
    const { rows } = await expectAsTable(at('enters.trc'), at('enters.csv'));
    expect(rows.map(row => Number.isNaN(row[0]![0]))).toEqual([true, true, false, false, false, false, true, true]);
  });
});

describe.skipIf(!OPENSIM)('OpenSim reads a MOT', () => {
  test.each(firstOf(['turn', 'cartwheel', 'wave', 'walk-towards', 'squat'], 2))(
    'of %s without leaps, also behind a gap, a row for each frame',
    async sample => {
      const frames = await Promise.all(
        Array.from({ length: 100 }, async (_, i) => ({
          time: i * step,
          people: i > 40 && i < 44 ? {} : { 0: await truePose(sample, i) },
        })),
      );
      await writeMadeTable(at(`${sample}.csv`), frames);
      expect((await runCli(['export', at(`${sample}.csv`), '-f', 'mot'])).code).toBe(0);
      const { rows, labels, times } = await readByOpenSim(OPENSIM!, at(`${sample}.mot`));
      expect([labels, times.length]).toEqual([OPENSIM_COORDINATES, 100]);
      const there = rows.filter((_, i) => i < 41 || i > 43).map(row => row.map(([value]) => value ?? Number.NaN));
      const steps = there
        .slice(1)
        .flatMap((row, i) => row.map((value, column) => Math.abs(value - there[i]![column]!)));
      expect(Math.max(...steps)).toBeLessThanOrEqual(180);
      expect(rows[42]!.every(([value]) => Number.isNaN(value))).toBe(true);
    },
  );

  test.skipIf(!HAS_OPENSIM_MODEL)('as the coordinates of its model, for inverse dynamics', async () => {
    const poses = await Promise.all(Array.from({ length: 60 }, (_, i) => truePose('squat', i)));
    await writeMadeTable(
      at('moves.csv'),
      poses.map((pose, i) => ({ time: i * step, people: { 0: pose } })),
    );
    expect((await runCli(['export', at('moves.csv'), '-f', 'mot'])).code).toBe(0);
    expect(await momentsOf(OPENSIM!, at('moves.mot'), 60 * step)).toBe(60);
  });

  test.skipIf(!HAS_OPENSIM_MODEL)('as the pose of its model: limbs point in their true directions', async () => {
    const poses = await Promise.all([0, 20, 40, 60, 80].map(frame => truePose('squat', frame)));
    await writeMadeTable(
      at('posed.csv'),
      poses.map((pose, i) => ({ time: i * step, people: { 0: pose } })),
    );
    expect((await runCli(['export', at('posed.csv'), '-f', 'mot'])).code).toBe(0);
    const places = await poseModel(OPENSIM!, at('posed.mot'));
    const LIMBS = [
      ['femur_r', 'tibia_r', 'right_hip', 'right_knee'],
      ['tibia_l', 'talus_l', 'left_knee', 'left_ankle'],
      ['humerus_l', 'ulna_l', 'left_shoulder', 'left_elbow'],
    ] as const;
    for (const [i, { worldLandmarks }] of poses.entries()) {
      for (const [near, far, from, to] of LIMBS) {
        const [a, b] = [places[near]![i] as unknown as Vector, places[far]![i] as unknown as Vector];
        const [p, q] = [from, to].map(name => worldLandmarks[LANDMARK_IDS[name]]!);
        const wanted: Vector = [q!.x - p!.x, p!.y - q!.y, p!.z - q!.z];
        expect([i, near, degreesBetween(minus(b, a), wanted)! < 12]).toEqual([i, near, true]);
      }
    }
  });
});
