import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { torsoLength } from './metrics.js';
import {
  croppedTruth,
  firstFrames,
  type PredictedFrame,
  type PredictedPose,
  readPoses,
  readTruth,
  type TrueClip,
} from './poses.js';
import { confidentOf, reliabilityCells, reliabilityOf, summed } from './reliability.js';
import { type AccuracyRow, jointTable, reliabilityBy } from './report.js';
import { checkRules, rulesTable } from './rules.js';
import { scoreClip } from './score-clip.js';
import { RIGHT_JOINT, scoreJoints } from './score-joints.js';

const folder = await temporaryFolder();
const FRAMES = 10;
const wave = firstFrames(await readTruth(join(SAMPLES, 'wave.truth.json')), FRAMES);
const crossing = await readTruth(join(SAMPLES, 'crossing.truth.json'));
const empty = firstFrames(await readTruth(join(SAMPLES, 'empty-room.truth.json')), FRAMES);
const LEFT_WRIST = 15;

/** The truth in the form of a result, with some of each pose replaced, or none if undefined. */
function asFound(
  clip: TrueClip,
  change: (pose: PredictedPose, frame: number) => PredictedPose | undefined = pose => pose,
): PredictedFrame[] {
  return clip.frames.map((people, frame) => ({
    timestamp: clip.times[frame]!,
    people: people.flatMap(({ image, camera }, personId) => {
      const pose = change({ personId, score: 1, image, world: camera, confidence: image.map(() => 0.95) }, frame);
      return pose ? [pose] : [];
    }),
  }));
}

/** A pose with one joint shifted to the right by some torso lengths. */
function wristOff(pose: PredictedPose, torsos: number): PredictedPose {
  const torso = torsoLength(wave.frames[0]![0]!.camera, wave.focal);
  return { ...pose, image: pose.image.map(([x, y], id) => [id === LEFT_WRIST ? x + torsos * torso : x, y] as const) };
}

describe('single joints', () => {
  test("of the truth itself are all right, and the tool's confidence is right too", () => {
    const score = scoreJoints(wave, asFound(wave));
    expect(score).toMatchObject({ jointsWanted: 120, jointsRight: 120, confident: [120, 120], silentChanges: 0 });
    expect(score.limbReliability[9]).toEqual([120, 120]);
    expect(score.landmarkReliability[9]).toEqual([330, 330]);
  });

  test('are wrong beyond a fifth of the torso, and right within', () => {
    const off = (torsos: number) =>
      scoreJoints(
        wave,
        asFound(wave, pose => wristOff(pose, torsos)),
      ).jointsRight;
    expect([off(RIGHT_JOINT * 0.95), off(RIGHT_JOINT * 1.1)]).toEqual([120, 110]);
  });

  test('of a missing pose count as wrong, and none is reported', () => {
    const score = scoreJoints(
      wave,
      asFound(wave, (pose, frame) => (frame < 4 ? undefined : pose)),
    );
    expect(score).toMatchObject({ jointsWanted: 120, jointsRight: 72, confident: [72, 72] });
  });

  test('without confidence count as right if they are, and not against precision if they are not', () => {
    const unsure = asFound(wave, pose => ({
      ...wristOff(pose, 1),
      confidence: pose.image.map((_, id) => (id === LEFT_WRIST ? 0.3 : 0.8)),
    }));
    const score = scoreJoints(wave, unsure);
    expect(score).toMatchObject({ jointsRight: 110, confident: [110, 110] });
    expect(score.limbReliability[3]).toEqual([10, 0]);
  });

  test('outside the picture are not required, but judged if reported', () => {
    const waist = (wave.frames[0]![0]!.image[23]![1] + wave.frames[0]![0]!.image[11]![1]) / 2;
    const half = croppedTruth(wave, { left: 0, top: 0, width: wave.width, height: waist });
    const score = scoreJoints(half, asFound(wave));
    expect(score.jointsWanted).toBeLessThanOrEqual(60);
    expect(score.jointsRight).toBe(score.jointsWanted);
    expect(score.confident).toEqual([120, 120]);
    expect(half.frames[0]![0]!.limbsInSight).toBeLessThan(wave.frames[0]![0]!.limbsInSight);
  });

  test('of a crop are counted from its corner', () => {
    const part = croppedTruth(wave, { left: 30, top: 20, width: 400, height: 300 });
    const [x, y] = wave.frames[0]![0]!.image[0]!;
    expect(part.frames[0]![0]!.image[0]).toEqual([x - 30, y - 20]);
  });

  test('of a person in an empty room are all wrong', () => {
    const [pose] = asFound(wave)[0]!.people;
    const ghosts = empty.times.map(timestamp => ({ timestamp, people: [pose!] }));
    expect(scoreJoints(empty, ghosts)).toMatchObject({ jointsWanted: 0, jointsRight: 0, confident: [120, 0] });
  });

  test("without a confidence use the table's visibility, and the confidence if there is one", async () => {
    const header = 'frame_id,timestamp,person_id,landmark_id,visibility,x_px,y_px,world_x,world_y,world_z,status,score';
    const row = '0,0,0,0,0.25,1,2,0,0,0,found,0.9';
    await writeFile(join(folder, 'old.csv'), `${header}\n${row}\n`);
    await writeFile(join(folder, 'new.csv'), `${header},confidence\n${row},0.75\n`);
    const read = async (name: string) => (await readPoses(join(folder, name)))[0]?.people[0]?.confidence;
    expect([await read('old.csv'), await read('new.csv')]).toEqual([[0.25], [0.75]]);
  });
});

describe('a silent change of the person', () => {
  const half = Math.floor(crossing.frames.length / 2);
  /** One id that is the first person, then the second, with a number of frames without people between. */
  const oneId = (gap: number) =>
    asFound(crossing, (pose, frame) => {
      if (frame >= half && frame < half + gap) return undefined;
      return pose.personId === (frame < half ? 0 : 1) ? { ...pose, personId: 0 } : undefined;
    });

  test('is counted if the id was never absent, and not if it was', () => {
    expect(scoreJoints(crossing, oneId(0)).silentChanges).toBe(1);
    expect(scoreJoints(crossing, oneId(1)).silentChanges).toBe(0);
  });

  test('is one for each id if two are swapped, and none if ids are true', () => {
    const swapped = asFound(crossing, (pose, frame) => ({
      ...pose,
      personId: frame < half ? pose.personId : 1 - pose.personId,
    }));
    expect(scoreJoints(crossing, swapped).silentChanges).toBe(2);
    expect(scoreJoints(crossing, asFound(crossing)).silentChanges).toBe(0);
  });

  test('is not hidden by a false body', () => {
    const away = (pose: PredictedPose) => ({ ...pose, image: pose.image.map(([x, y]) => [x + 5000, y] as const) });
    const frames = oneId(0).map((frame, i) => (i === half ? { ...frame, people: frame.people.map(away) } : frame));
    expect(scoreJoints(crossing, frames).silentChanges).toBe(1);
  });
});

describe('reliability', () => {
  const reported = [
    { confidence: 0, right: false },
    { confidence: 0.49, right: true },
    { confidence: 0.5, right: true },
    { confidence: 1, right: true },
    { confidence: 0.95, right: false },
  ];

  test('sorts by tenths, with 1 in the last, and sums', () => {
    const bins = reliabilityOf(reported);
    expect([bins[0], bins[4], bins[5], bins[9]]).toEqual([
      [1, 0],
      [1, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(summed([bins, bins])[9]).toEqual([4, 2]);
    expect(reliabilityCells(bins)[9]).toBe('50 % of 2');
    expect(confidentOf(reported)).toEqual([3, 2]);
  });
});

/** A row of the bench for `wave`, in which a number of frames were found. */
function rowOf(mode: string, model: string, found: number, cpuMsPerFrame: number): AccuracyRow {
  const frames = asFound(wave, (pose, frame) => (frame < found ? pose : undefined));
  const [score, joints] = [scoreClip(wave, frames), scoreJoints(wave, frames)];
  return {
    clip: 'wave',
    kind: 'clean',
    engine: 'native',
    mode,
    model,
    score,
    joints,
    msPerFrame: 2 * cpuMsPerFrame,
    cpuMsPerFrame,
  };
}

describe('the rules between modes', () => {
  const rows = [
    rowOf('track', 'full', 8, 10),
    rowOf('track', 'heavy', 10, 20),
    rowOf('smart', 'auto', 9, 30),
    rowOf('smart', 'full', 9, 30),
    rowOf('quality', 'auto', 9, 60),
  ].flatMap(row => (row.joints ? [{ ...row, joints: row.joints }] : []));

  test('compare smart with tracking for each network that it has, and quality with smart', () => {
    expect(checkRules(rows).map(({ rule, passes }) => `${rule} ${passes}`)).toEqual([
      'smart:auto >= track:full true',
      'smart:auto >= track:heavy false',
      'smart:full >= track:full true',
      'quality:auto >= smart:auto true',
    ]);
    expect(rulesTable(checkRules(rows))).toContain(
      '| wave | PASS 108 : 96 | FAIL 108 : 120 | PASS 108 : 96 | PASS 108 : 108 |',
    );
  });

  test('the table of joints shows times as shares of tracking, and sums all clips', () => {
    const lines = jointTable(rows).split('\n');
    expect(lines.find(line => line.startsWith('| wave | smart:auto'))).toMatch(
      /108 of 120 .* 3\.00 \| 3\.00 \| 1\.50 \| 1\.50 \| 30 \|$/,
    );
    expect(lines.find(line => line.startsWith('| all | quality:auto'))).toMatch(/108 of 120 .* 60 \|$/);
  });

  test('reliability is shown separately for the clips that it was fitted on', () => {
    const table = reliabilityBy([rowOf('track', 'full', 8, 10)], ['wave'], row => row.joints?.limbReliability);
    expect(table).toContain('| track:full | fitted on | - | - | - | - | - | - | - | - | - | 100 % of 96 |');
    expect(table).toContain('| track:full | others | - | - | - | - | - | - | - | - | - | - |');
  });
});
