import { join } from 'node:path';
import type { LandmarkName } from '../../src/model/blazepose.js';
import { LANDMARK_IDS } from '../../src/model/body.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { SAMPLES } from './reference-clips.js';

type Vector = readonly [number, number, number];

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const size = (a: Vector) => Math.sqrt(dot(a, a));
const degrees = (radians: number) => (radians * 180) / Math.PI;

/** Knee and hip flexion of a pose in space, in degrees, with OpenSim's names. */
export type LegAngles = Readonly<Record<'knee_angle_l' | 'knee_angle_r' | 'hip_flexion_l' | 'hip_flexion_r', number>>;

/**
 * Knees: between thigh and shank. Hips: between trunk and thigh in the sagittal plane, positive forward; both from the
 * lines between the joints.
 * @param at in metres, x to the picture's right, y up, z towards the camera
 */
function legAngles(at: (name: LandmarkName) => Vector): LegAngles {
  const across = plus(minus(at('left_hip'), at('right_hip')), minus(at('left_shoulder'), at('right_shoulder')));
  const left = across.map(value => value / size(across)) as unknown as Vector;
  const flat = (a: Vector): Vector => minus(a, left.map(value => value * dot(a, left)) as unknown as Vector);
  const down = minus(plus(at('left_hip'), at('right_hip')), plus(at('left_shoulder'), at('right_shoulder')));
  const of = (side: 'left' | 'right') => {
    const [hip, knee, ankle] = [at(`${side}_hip`), at(`${side}_knee`), at(`${side}_ankle`)];
    const [thigh, shank] = [minus(knee, hip), minus(ankle, knee)];
    const [trunk, leg] = [flat(down), flat(thigh)];
    return {
      knee: degrees(Math.atan2(size(cross(thigh, shank)), dot(thigh, shank))),
      hip: degrees(Math.atan2(-dot(cross(trunk, leg), left), dot(trunk, leg))),
    };
  };
  const [l, r] = [of('left'), of('right')];
  return { knee_angle_l: l.knee, knee_angle_r: r.knee, hip_flexion_l: l.hip, hip_flexion_r: r.hip };
}

/** The true angles of a sample's person in each frame; undefined if the person is absent. */
export async function trueLegAngles(sample: string, person = 0): Promise<(LegAngles | undefined)[]> {
  const { frames } = await readTruth(join(SAMPLES, `${sample}.truth.json`));
  return frames.map(people => {
    const points = people[person]?.camera;
    if (!points || points.length === 0) return undefined;
    return legAngles(name => {
      const [x = 0, y = 0, z = 0] = points[LANDMARK_IDS[name]] ?? [];
      return [x, -y, -z];
    });
  });
}
