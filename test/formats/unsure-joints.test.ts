import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { csvFormat } from '../../src/formats/csv-writer.js';
import { tableFrameOf } from '../../src/formats/table-frame-of.js';
import { LANDMARK_NAMES, type LandmarkName } from '../../src/model/blazepose.js';
import type { Landmark } from '../../src/model/pose.js';
import { exportTable } from '../../src/postprocess/export-table.js';
import { standingPose } from '../support/fake-engine.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const DISPLAY = { width: 640, height: 480 };
let count = 0;

type Changes = Partial<Record<LandmarkName, Partial<Landmark>>>;

/** Exports one frame of a standing person, visible and certain except for the changes. */
async function exported(changes: Changes, minConfidence?: number, status: 'tracked' | 'filled' = 'tracked') {
  const stem = at(`table-${count++}`);
  const pose = standingPose(0.5, 0.5, 0.9, 0.8);
  const landmarks = pose.landmarks.map((mark, id) => ({ ...mark, ...changes[LANDMARK_NAMES[id]!] }));
  const person = { personId: 0, pose: { ...pose, landmarks }, status, strategy: 'original', score: 0.9 };
  const format = csvFormat('long');
  const lines = format.lines(tableFrameOf({ frameId: 0, timestamp: 0, status, people: [person] }, DISPLAY));
  await writeFile(`${stem}.csv`, format.head + lines);
  await exportTable(`${stem}.csv`, ['coco', 'openpose', 'trc', 'mot'], stem, { minConfidence });
  const [file = ''] = await readdir(`${stem}.openpose`);
  const [coco, openpose, trc, mot] = await Promise.all(
    [`${stem}.coco.json`, join(`${stem}.openpose`, file), `${stem}.trc`, `${stem}.mot`].map(path =>
      readFile(path, 'utf8'),
    ),
  );
  const [annotation] = JSON.parse(coco!).annotations;
  const points: number[] = JSON.parse(openpose!).people[0].pose_keypoints_2d;
  const markers = trc!.replace(/\n$/, '').split('\n').at(-1)?.split('\t').slice(2) ?? [];
  const [names = [], angles = []] = mot!
    .trimEnd()
    .split('\n')
    .slice(-2)
    .map(line => line.split('\t'));
  return {
    annotation,
    cocoOf: (index: number) => annotation.keypoints.slice(3 * index, 3 * index + 3),
    openposeOf: (index: number) => points.slice(3 * index, 3 * index + 3),
    markerOf: (name: LandmarkName) =>
      markers.slice(3 * LANDMARK_NAMES.indexOf(name), 3 * LANDMARK_NAMES.indexOf(name) + 3),
    angleOf: (name: string) => angles[names.indexOf(name)],
  };
}

/** Their indexes in COCO's and OpenPose's bodies. */
const COCO = { nose: 0, leftKnee: 13, rightKnee: 14 } as const;
const OPENPOSE = { nose: 0, neck: 1, leftKnee: 13, rightKnee: 10 } as const;
const ABSENT = [0, 0, 0];

describe('an uncertain joint', () => {
  test('is absent in all formats of other tools, however visible it is; the others are present', async () => {
    const { cocoOf, openposeOf, markerOf, angleOf, annotation } = await exported({
      left_knee: { visibility: 1, confidence: 0.49 },
      right_knee: { visibility: 0.1, confidence: 0.5 },
    });
    expect([cocoOf(COCO.leftKnee), cocoOf(COCO.rightKnee)]).toEqual([
      ABSENT,
      [expect.any(Number), expect.any(Number), 2],
    ]);
    expect(annotation.num_keypoints).toBe(16);
    expect([openposeOf(OPENPOSE.leftKnee), openposeOf(OPENPOSE.rightKnee)[2]]).toEqual([ABSENT, 0.5]);
    expect(markerOf('left_knee')).toEqual(['', '', '']);
    expect(markerOf('right_knee').map(Number)).toEqual([
      expect.closeTo(-0.05, 5),
      expect.any(Number),
      expect.any(Number),
    ]);
    expect([angleOf('knee_angle_l'), angleOf('ankle_angle_l'), angleOf('elbow_flex_l')]).toEqual([
      'nan',
      'nan',
      expect.stringMatching(/\d/),
    ]);
  });

  test('follows its visibility in a table without confidences, and is present if filled', async () => {
    const unseen = Object.fromEntries(LANDMARK_NAMES.map(name => [name, { confidence: undefined, visibility: 0.9 }]));
    const changes = { ...unseen, left_knee: { confidence: undefined, visibility: 0.2 } };
    const untold = { ...unseen, left_knee: { confidence: undefined, visibility: 0 } };
    const [seen, filled] = [await exported(changes), await exported(untold, undefined, 'filled')];
    expect([seen.cocoOf(COCO.leftKnee), seen.openposeOf(OPENPOSE.leftKnee)]).toEqual([ABSENT, ABSENT]);
    expect([seen.openposeOf(OPENPOSE.nose)[2], seen.markerOf('left_knee').join('')]).toEqual([0.9, '']);
    expect([filled.cocoOf(COCO.leftKnee)[2], filled.angleOf('knee_angle_l')]).toEqual([2, expect.stringMatching(/\d/)]);
  });

  test('is defined by --min-confidence', async () => {
    const changes = { left_knee: { confidence: 0.1 } };
    const [all, few] = [await exported(changes, 0), await exported(changes, 0.85)];
    expect([all.cocoOf(COCO.leftKnee)[2], all.openposeOf(OPENPOSE.leftKnee)[2]]).toEqual([2, 0.1]);
    expect([all.markerOf('left_knee').includes(''), all.angleOf('knee_angle_l')]).toEqual([
      false,
      expect.not.stringContaining('nan'),
    ]);
    expect([few.annotation, few.openposeOf(OPENPOSE.nose), few.markerOf('nose')]).toEqual([
      undefined,
      ABSENT,
      ['', '', ''],
    ]);
    const wrong = await runCli(['export', at('table-0.csv'), '-f', 'coco', '--min-confidence', '2']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('--min-confidence must be a number from 0 to 1'),
    ]);
  });

  test("of OpenPose's neck has the lower confidence of both shoulders", async () => {
    const { openposeOf } = await exported({ left_shoulder: { confidence: 0.6 } });
    expect(openposeOf(OPENPOSE.neck)[2]).toBe(0.6);
    const without = await exported({ left_shoulder: { confidence: 0.3 } });
    expect(without.openposeOf(OPENPOSE.neck)).toEqual(ABSENT);
  });
});

test('a joint outside the picture is not a keypoint, and not in the box; it stays a marker', async () => {
  const outside = { left_ankle: { y: 1.2 }, right_ankle: { x: -0.01 } };
  const { annotation, cocoOf, markerOf } = await exported(outside);
  expect([cocoOf(15), cocoOf(16), annotation.num_keypoints]).toEqual([ABSENT, ABSENT, 15]);
  const [left, top, width, height] = annotation.bbox;
  expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
  expect([left + width <= DISPLAY.width, top + height <= DISPLAY.height]).toEqual([true, true]);
  expect(markerOf('left_ankle')).not.toContain('');
});

describe('half a body, filmed from the hips upwards', () => {
  beforeAll(async () => {
    const clip = at('half.mp4');
    await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-t', '0.5', '-vf', 'crop=640:250:0:0'], clip);
    const args = [
      'analyze',
      clip,
      '-o',
      folder,
      '--mode',
      'track',
      '--no-overlay',
      '--export',
      'coco,openpose,mot,trc',
    ];
    expect((await runCli([...args, '-q'])).code).toBe(0);
  });

  test('has no knees: not in keypoints, angles or markers', async () => {
    const { annotations } = JSON.parse(await readFile(at('half.coco.json'), 'utf8'));
    expect(annotations.length).toBeGreaterThan(10);
    for (const { keypoints, bbox, num_keypoints } of annotations) {
      expect(keypoints.slice(3 * COCO.leftKnee)).toEqual(Array(12).fill(0));
      expect([...keypoints.slice(0, 2)].every(value => value > 0)).toBe(true);
      expect([bbox[1] + bbox[3] <= 250, bbox[0] + bbox[2] <= 640, num_keypoints <= 13]).toEqual([true, true, true]);
    }
    const mot = (await readFile(at('half.mot'), 'utf8')).trimEnd().split('\n');
    const names = mot.find(line => line.startsWith('time'))?.split('\t') ?? [];
    const [first = []] = mot.slice(-annotations.length).map(line => line.split('\t'));
    expect(first[names.indexOf('knee_angle_l')]).toBe('nan');
    expect(first[names.indexOf('elbow_flex_l')]).not.toBe('nan');
    const row = (await readFile(at('half.trc'), 'utf8')).replace(/\n$/, '').split('\n').at(-1)?.split('\t') ?? [];
    const knee = 2 + 3 * LANDMARK_NAMES.indexOf('left_knee');
    expect([row.length, row.slice(knee, knee + 3), row[2]]).toEqual([101, ['', '', ''], expect.stringMatching(/\d/)]);
  });
});
