import { describe, expect, test } from 'vitest';
import type { LandmarkName } from '../../src/model/blazepose.js';
import { openSimCoordinates } from '../../src/signal/opensim-coordinates.js';
import type { Vector } from '../../src/signal/vector.js';

/** A person who stands upright and faces x, arms beside the trunk; z is to the right. */
const UPRIGHT: Partial<Record<LandmarkName, Vector>> = {
  left_ear: [0, 1.65, -0.08],
  right_ear: [0, 1.65, 0.08],
  left_shoulder: [0, 1.4, -0.2],
  right_shoulder: [0, 1.4, 0.2],
  left_elbow: [0, 1.1, -0.2],
  right_elbow: [0, 1.1, 0.2],
  left_wrist: [0, 0.85, -0.2],
  right_wrist: [0, 0.85, 0.2],
  left_hip: [0, 0.9, -0.1],
  right_hip: [0, 0.9, 0.1],
  left_knee: [0, 0.48, -0.1],
  right_knee: [0, 0.48, 0.1],
  left_ankle: [0, 0.08, -0.1],
  right_ankle: [0, 0.08, 0.1],
  left_heel: [-0.05, 0, -0.1],
  right_heel: [-0.05, 0, 0.1],
  left_foot_index: [0.15, 0, -0.1],
  right_foot_index: [0.15, 0, 0.1],
};

const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180);

function coordinates(changes: Partial<Record<LandmarkName, Vector>> = {}, turn: (at: Vector) => Vector = at => at) {
  const places = { ...UPRIGHT, ...changes };
  const found = openSimCoordinates(name => turn(places[name] ?? [Number.NaN, Number.NaN, Number.NaN]));
  return Object.fromEntries(found.map(({ name, degrees }) => [name, degrees]));
}

const near = (value: number) => expect.closeTo(value, 6);

describe("OpenSim's coordinates", () => {
  test('are 0 for an upright person with hanging arms', () => {
    const all = coordinates();
    expect(Object.keys(all)).toHaveLength(27);
    for (const [name, value] of Object.entries(all)) expect([name, value]).toEqual([name, near(0)]);
  });

  test('of hip and knee are positive in flexion', () => {
    const bent: Partial<Record<LandmarkName, Vector>> = {
      right_knee: [0.42 * sin(60), 0.9 - 0.42 * cos(60), 0.1],
      right_ankle: [0.42 * sin(60) - 0.4 * sin(30), 0.9 - 0.42 * cos(60) - 0.4 * cos(30), 0.1],
    };
    expect(coordinates(bent)).toMatchObject({
      hip_flexion_r: near(60),
      hip_adduction_r: near(0),
      knee_angle_r: near(90),
    });
    expect(coordinates(bent)).toMatchObject({ hip_flexion_l: near(0), knee_angle_l: near(0) });
  });

  test('of a slightly hyperextended knee are negative', () => {
    const ankle: Vector = [0.4 * sin(10), 0.48 - 0.4 * cos(10), -0.1];
    expect(coordinates({ left_ankle: ankle }).knee_angle_l).toEqual(near(-10));
  });

  test('of abduction are negative on both sides', () => {
    const apart = (side: -1 | 1): Vector => [0, 0.9 - 0.42 * cos(25), side * (0.1 + 0.42 * sin(25))];
    const found = coordinates({ left_knee: apart(-1), right_knee: apart(1) });
    expect(found).toMatchObject({ hip_adduction_l: near(-25), hip_adduction_r: near(-25), hip_flexion_l: near(0) });
    const arms = coordinates({ left_elbow: [0, 1.4 - 0.3 * cos(70), -0.2 - 0.3 * sin(70)] });
    expect(arms).toMatchObject({ arm_add_l: near(-70), arm_flex_l: near(0), arm_add_r: near(0) });
  });

  test('of elbows and feet are positive when hand and toes rise', () => {
    const found = coordinates({
      right_wrist: [0.25, 1.1, 0.2],
      right_foot_index: [-0.05 + 0.2 * cos(15), 0.2 * sin(15), 0.1],
    });
    expect(found).toMatchObject({ elbow_flex_r: near(90), arm_rot_r: near(0), ankle_angle_r: near(15) });
  });

  test('of a leg rotated outward are negative rotation on both sides', () => {
    const toe = (side: -1 | 1): Vector => [-0.05 + 0.2 * cos(30), 0, side * (0.1 + 0.2 * sin(30))];
    const found = coordinates({ left_foot_index: toe(-1), right_foot_index: toe(1) });
    expect(found).toMatchObject({ hip_rotation_l: near(-30), hip_rotation_r: near(-30) });
  });

  test('of the pelvis state where the person faces, and how they lean', () => {
    // Towards the camera: x becomes z.
    expect(coordinates({}, ([x, y, z]) => [-z, y, x]).pelvis_rotation).toEqual(near(-90));
    const leaning = coordinates({}, ([x, y, z]) => [x * cos(20) + y * sin(20), y * cos(20) - x * sin(20), z]);
    expect(leaning).toMatchObject({ pelvis_tilt: near(-20), pelvis_rotation: near(0), hip_flexion_r: near(0) });
  });

  test('are unknown if landmarks are', () => {
    const found = coordinates({ right_knee: [Number.NaN, 0, 0] });
    expect([found.knee_angle_r, found.hip_flexion_r, found.knee_angle_l]).toEqual([undefined, undefined, near(0)]);
  });
});
