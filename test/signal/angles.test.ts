import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LANDMARK_NAMES, type LandmarkName } from '../../src/model/blazepose.js';
import type { Pose } from '../../src/model/pose.js';
import { ANGLE_NAMES, anglesOf } from '../../src/signal/angles.js';
import { readCsv } from '../support/csv.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DISPLAY = { width: 1000, height: 500 };
/**
 * Metres of a person standing upright, seen from the right: x to the picture's right, where they face; y up; z towards
 * the camera.
 */
const STANDING: Partial<Record<LandmarkName, readonly [number, number, number]>> = {
  left_shoulder: [0, 1.5, -0.2],
  right_shoulder: [0, 1.5, 0.2],
  left_hip: [0, 1, -0.15],
  right_hip: [0, 1, 0.15],
  left_knee: [0, 0.5, -0.15],
  right_knee: [0, 0.5, 0.15],
  left_ankle: [0, 0.05, -0.15],
  right_ankle: [0, 0.05, 0.15],
  left_heel: [-0.05, 0, -0.15],
  right_heel: [-0.05, 0, 0.15],
  left_foot_index: [0.2, 0, -0.15],
  right_foot_index: [0.2, 0, 0.15],
  left_elbow: [0, 1.2, -0.2],
  right_elbow: [0, 1.2, 0.2],
  left_wrist: [0, 0.95, -0.2],
  right_wrist: [0, 0.95, 0.2],
  left_index: [0, 0.85, -0.2],
  right_index: [0, 0.85, 0.2],
  left_ear: [0, 1.7, -0.08],
  right_ear: [0, 1.7, 0.08],
};

type Moved = typeof STANDING;

/** @param turn degrees about the vertical; 180 faces the picture's left, 90 away from the camera */
function angles(moved: Moved = {}, turn = 0): Record<string, { flat: number | undefined; space: number | undefined }> {
  const places = { ...STANDING, ...moved };
  const [c, s] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const at = (name: LandmarkName) => {
    const [x, y, z] = places[name] ?? [0, 1.7, 0];
    return [c * x + s * z, y, c * z - s * x] as const;
  };
  const pose: Pose = {
    // 200 pixels per metre, in a picture twice as wide as high.
    landmarks: LANDMARK_NAMES.map(name => {
      const [x, y] = at(name);
      return {
        x: 0.5 + (x * 200) / DISPLAY.width,
        y: 0.9 - (y * 200) / DISPLAY.height,
        z: 0,
        visibility: name === 'left_wrist' ? 0.25 : 1,
      };
    }),
    worldLandmarks: LANDMARK_NAMES.map(name => {
      const [x, y, z] = at(name);
      return { x, y: -y, z: -z };
    }),
  };
  return Object.fromEntries(
    anglesOf(pose, DISPLAY).map(({ name, degrees2d, degrees3d }) => [name, { flat: degrees2d, space: degrees3d }]),
  );
}

/** Both numbers of an angle, rounded. */
const both = (found: ReturnType<typeof angles>, name: string) =>
  [found[name]?.flat, found[name]?.space].map(value => Math.round(value ?? Number.NaN) + 0);

describe('joint angles', () => {
  test('are 0 in neutral standing, from either side and from the front', () => {
    for (const turn of [0, 180, 90]) {
      const found = angles({}, turn);
      for (const name of ANGLE_NAMES.filter(other => !other.endsWith('_segment') && !other.endsWith('ankle')))
        if (turn !== 90 || found[name]?.flat !== undefined)
          expect([turn, name, ...both(found, name)]).toEqual([turn, name, 0, 0]);
      if (turn !== 90) expect(both(found, 'left_ankle')).toEqual([0, 0]);
    }
  });

  test.each([
    ['knee bent by 90', { left_ankle: [-0.45, 0.5, -0.15] }, 'left_knee', 90],
    ['knee bent the wrong way by 45', { left_ankle: [0.3182, 0.1818, -0.15] }, 'left_knee', -45],
    ['thigh forward by 90', { left_knee: [0.5, 1, -0.15] }, 'left_hip', 90],
    ['thigh backward by 45', { left_knee: [-0.3536, 0.6464, -0.15] }, 'left_hip', -45],
    ['arm forward by 90', { left_elbow: [0.3, 1.5, -0.2] }, 'left_shoulder', 90],
    ['arm backward by 45', { left_elbow: [-0.2121, 1.2879, -0.2] }, 'left_shoulder', -45],
    ['elbow bent by 90', { left_wrist: [0.25, 1.2, -0.2] }, 'left_elbow', 90],
    ['toes up by 45', { left_foot_index: [0.1268, 0.1768, -0.15] }, 'left_ankle', 45],
    ['toes down by 45', { left_foot_index: [0.1268, -0.1768, -0.15] }, 'left_ankle', -45],
    ['head forward by 45', { left_ear: [0.2, 1.7, -0.08], right_ear: [0.2, 1.7, 0.08] }, 'neck', 45],
    [
      'trunk forward by 45',
      { left_shoulder: [0.3536, 1.3536, -0.2], right_shoulder: [0.3536, 1.3536, 0.2] },
      'trunk',
      45,
    ],
  ] as [string, Moved, string, number][])('%s, whichever way the person faces', (_, moved, name, degrees) => {
    for (const turn of [0, 180]) expect([turn, ...both(angles(moved, turn), name)]).toEqual([turn, degrees, degrees]);
  });

  test('seen from the front, angles in the picture have only a size, and those in space keep their sign', () => {
    const raised = angles({ left_elbow: [0, 1.5, -0.5], left_knee: [-0.3536, 0.6464, -0.15] }, -90);
    expect(both(raised, 'left_shoulder')).toEqual([90, 90]);
    expect(raised.left_hip?.space).toBeCloseTo(-45, 0);
    expect(both(angles({ left_hip: [0, 1.1, -0.15] }, -90), 'pelvis')).toEqual([18, 18]);
  });

  test('segments are measured by their direction in the picture, counter-clockwise from its right', () => {
    expect(both(angles(), 'left_thigh_segment')).toEqual([-90, -90]);
    expect(both(angles({ left_knee: [0.5, 1.5, -0.15] }), 'left_thigh_segment')).toEqual([45, 45]);
  });

  test('have the confidence of their least visible landmark', () => {
    const pose: Pose = {
      landmarks: LANDMARK_NAMES.map((name, id) => ({
        x: id / 40,
        y: (id * 7) % 5,
        z: 0,
        visibility: name === 'left_wrist' ? 0.25 : 0.9,
      })),
      worldLandmarks: [],
    };
    const found = anglesOf(pose, DISPLAY);
    expect(found.find(({ name }) => name === 'left_elbow')?.confidence).toBe(0.25);
    expect(found.find(({ name }) => name === 'right_elbow')).toMatchObject({ confidence: 0.9, degrees3d: undefined });
  });

  test('have the lowest confidence of their landmarks if they have any, however visible they are', () => {
    const landmarks = LANDMARK_NAMES.map((name, id) => ({
      x: id / 40,
      y: (id * 7) % 5,
      z: 0,
      visibility: name === 'left_wrist' ? 0.1 : 0.9,
      confidence: name === 'left_elbow' ? 0.4 : 0.95,
    }));
    const found = anglesOf({ landmarks, worldLandmarks: [] }, DISPLAY);
    const sure = (angle: string) => found.find(({ name }) => name === angle)?.confidence;
    expect([sure('left_elbow'), sure('right_elbow')]).toEqual([0.4, 0.95]);
  });

  test('follow the truth of a squat: knees and hips bend, and straighten again', async () => {
    const truth = JSON.parse(await readFile(join(SAMPLES, 'squat.truth.json'), 'utf8'));
    const knees = (truth.frames as number[][][][]).map(([points = []]) => {
      const pose: Pose = {
        landmarks: points.map(([x = 0, y = 0]) => ({ x: x / truth.width, y: y / truth.height, z: 0, visibility: 1 })),
        worldLandmarks: points.map(([, , x = 0, y = 0, z = 0]) => ({ x, y, z })),
      };
      return anglesOf(pose, truth).find(({ name }) => name === 'right_knee')?.degrees3d ?? Number.NaN;
    });
    expect(Math.max(...knees)).toBeGreaterThan(70);
    expect(Math.min(...knees)).toBeLessThan(15);
  });
});

test('--angles writes one row for each angle of each frame, empty without a person', async () => {
  const folder = await temporaryFolder();
  const args = [
    'analyze',
    join(SAMPLES, 'wave.mp4'),
    '-o',
    folder,
    '--angles',
    '--no-overlay',
    '--max-frames',
    '2',
    '-q',
  ];
  expect((await runCli(args)).code).toBe(0);
  const rows = await readCsv(join(folder, 'wave.angles.csv'));
  expect(rows).toHaveLength(2 * ANGLE_NAMES.length);
  expect(Number(rows.find(({ angle }) => angle === 'left_knee')?.degrees_2d)).toBeLessThan(10);
});
