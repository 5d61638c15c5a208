import type { LandmarkName } from '../model/blazepose.js';
import { landmarkName as at, type PairedPart, SIDES, type Side } from '../model/body.js';
import { cross, degreesBetween, dot, length, minus, type Vector } from './vector.js';

/**
 * Coordinates of OpenSim's full-body models (Rajagopal's and Pose2Sim's), in degrees: all are 0 when standing upright
 * with hanging arms. The axes of a body are x forward, y up and z to the right; rotations are about z, x and y, in this
 * order.
 */
export interface Coordinate {
  readonly name: string;
  /** undefined if landmarks coincide, or a rotation has no axis. */
  readonly degrees: number | undefined;
  /** The landmarks used. */
  readonly landmarks: readonly LandmarkName[];
}

/** Landmarks in space: x to the picture's right, y up, z towards the camera. */
type Places = (name: LandmarkName) => Vector;

/** The axes of a body: unit vectors, NaN if landmarks coincide. */
interface Axes {
  readonly x: Vector;
  readonly y: Vector;
  readonly z: Vector;
}

const TRUNK: readonly LandmarkName[] = SIDES.flatMap(side => [at(side, 'shoulder'), at(side, 'hip')]);
const GROUND: Axes = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };
/** A knee bent further than this is never hyperextended, whatever the foot suggests. */
const MOST_OVERSTRETCH = 30;
const RIGHT_ANGLE = 90;

const negative = ([x, y, z]: Vector): Vector => [-x, -y, -z];
const scaled = ([x, y, z]: Vector, by: number): Vector => [x * by, y * by, z * by];
const plus = (a: Vector, b: Vector): Vector => minus(a, negative(b));
const unit = (a: Vector): Vector => scaled(a, 1 / length(a));
/** The component of a direction at a right angle to another one, which is a unit vector. */
const across = (a: Vector, axis: Vector): Vector => minus(a, scaled(axis, dot(a, axis)));
const degrees = (radians: number) => (radians * 180) / Math.PI;
const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : undefined);

/** The three rotations of a body relative to another one. */
interface Rotations {
  /** About z: positive where what hangs down moves forward. */
  readonly flexion: number;
  /** About x: positive where what hangs down moves to the left. */
  readonly adduction: number;
  /** About y: positive where what is in front moves to the left. */
  rotation(right: Vector): number;
}

/** @param down direction of the body that hangs down in the neutral pose */
function rotations({ x, y, z }: Axes, down: Vector): Rotations {
  const of = (a: Vector): Vector => [dot(a, x), dot(a, y), dot(a, z)];
  const [forward, up, right] = of(unit(down));
  const flexion = Math.atan2(forward, -up);
  const adduction = Math.asin(-right);
  return {
    flexion: degrees(flexion),
    adduction: degrees(adduction),
    rotation(axis) {
      const [a, b, c] = of(axis);
      const back = -a * Math.sin(flexion) + b * Math.cos(flexion);
      const ahead = a * Math.cos(flexion) + b * Math.sin(flexion);
      return degrees(Math.atan2(ahead, c * Math.cos(adduction) - back * Math.sin(adduction)));
    },
  };
}

/** The lines through hips and shoulders, and the bodies that they define. */
function trunkOf(of: Places): { readonly pelvis: Axes; readonly torso: Axes; readonly shoulders: Vector } {
  const middle = (part: PairedPart) => scaled(plus(of(at('left', part)), of(at('right', part))), 0.5);
  const right = (part: PairedPart) => minus(of(at('right', part)), of(at('left', part)));
  const up = minus(middle('shoulder'), middle('hip'));
  const pelvisZ = unit(right('hip'));
  const pelvisY = unit(across(up, pelvisZ));
  const torsoY = unit(up);
  const torsoZ = unit(across(right('shoulder'), torsoY));
  return {
    pelvis: { x: cross(pelvisY, pelvisZ), y: pelvisY, z: pelvisZ },
    torso: { x: cross(torsoY, torsoZ), y: torsoY, z: torsoZ },
    shoulders: middle('shoulder'),
  };
}

/** The axis of a bent joint; for a straight joint, one that lies near it. */
function hingeAxis(hinge: Vector, spare: Vector): Vector {
  return unit(plus(hinge, scaled(spare, 1 - length(hinge))));
}

function leg(of: Places, side: Side, pelvis: Axes): Coordinate[] {
  const [hip, knee, ankle, heel, toe] = (['hip', 'knee', 'ankle', 'heel', 'foot_index'] as const).map(part =>
    at(side, part),
  ) as [LandmarkName, LandmarkName, LandmarkName, LandmarkName, LandmarkName];
  const [suffix, sign] = side === 'left' ? ['l', -1] : ['r', 1];
  const thigh = unit(minus(of(knee), of(hip)));
  const shank = unit(minus(of(ankle), of(knee)));
  const foot = minus(of(toe), of(heel));
  const spare = unit(cross(foot, negative(thigh)));
  const bend = degreesBetween(thigh, shank);
  const hinge = cross(shank, thigh);
  const isOverstretched = bend !== undefined && bend < MOST_OVERSTRETCH && dot(hinge, spare) < 0;
  const { flexion, adduction, rotation } = rotations(pelvis, thigh);
  const axis = hingeAxis(isOverstretched ? negative(hinge) : hinge, spare);
  const turn = degreesBetween(shank, foot);
  const upper = [...TRUNK, knee];
  return [
    { name: `hip_flexion_${suffix}`, degrees: flexion, landmarks: upper },
    { name: `hip_adduction_${suffix}`, degrees: sign * adduction, landmarks: upper },
    { name: `hip_rotation_${suffix}`, degrees: sign * rotation(axis), landmarks: [...upper, ankle, heel, toe] },
    {
      name: `knee_angle_${suffix}`,
      degrees: bend === undefined || !isOverstretched ? bend : -bend,
      landmarks: [hip, knee, ankle],
    },
    {
      name: `ankle_angle_${suffix}`,
      degrees: turn === undefined ? undefined : turn - RIGHT_ANGLE,
      landmarks: [knee, ankle, heel, toe],
    },
  ];
}

function arm(of: Places, side: Side, torso: Axes): Coordinate[] {
  const [shoulder, elbow, wrist] = (['shoulder', 'elbow', 'wrist'] as const).map(part => at(side, part)) as [
    LandmarkName,
    LandmarkName,
    LandmarkName,
  ];
  const [suffix, sign] = side === 'left' ? ['l', -1] : ['r', 1];
  const upper = unit(minus(of(elbow), of(shoulder)));
  const fore = unit(minus(of(wrist), of(elbow)));
  const { flexion, adduction, rotation } = rotations(torso, upper);
  const axis = hingeAxis(cross(upper, fore), unit(across(torso.z, upper)));
  const landmarks = [...TRUNK, elbow];
  return [
    { name: `arm_flex_${suffix}`, degrees: flexion, landmarks },
    { name: `arm_add_${suffix}`, degrees: sign * adduction, landmarks },
    { name: `arm_rot_${suffix}`, degrees: sign * rotation(axis), landmarks: [...landmarks, wrist] },
    { name: `elbow_flex_${suffix}`, degrees: degreesBetween(upper, fore), landmarks: [shoulder, elbow, wrist] },
  ];
}

/** The three rotations of a body that stands on another one. */
function standing(names: readonly [string, string, string], parent: Axes, up: Vector, right: Vector) {
  const { flexion, adduction, rotation } = rotations(parent, negative(up));
  const values = [flexion, adduction, rotation(unit(across(right, unit(up))))];
  return (landmarks: readonly LandmarkName[]): Coordinate[] =>
    names.map((name, i) => ({ name, degrees: values[i], landmarks }));
}

/**
 * The coordinates of a pose that BlazePose's landmarks determine. They do not determine the flexion between pelvis and
 * trunk, nor the axial rotations of forearm, hand and foot.
 */
export function openSimCoordinates(of: Places): Coordinate[] {
  const { pelvis, torso, shoulders } = trunkOf(of);
  const ears = scaled(plus(of('left_ear'), of('right_ear')), 0.5);
  const head = standing(
    ['neck_flexion', 'neck_bending', 'neck_rotation'],
    torso,
    minus(ears, shoulders),
    minus(of('right_ear'), of('left_ear')),
  );
  const all = [
    ...standing(['pelvis_tilt', 'pelvis_list', 'pelvis_rotation'], GROUND, pelvis.y, pelvis.z)(TRUNK),
    ...SIDES.toReversed().flatMap(side => leg(of, side, pelvis)),
    ...standing(['L5_S1_Flex_Ext', 'L5_S1_Lat_Bending', 'L5_S1_axial_rotation'], pelvis, torso.y, torso.z)(TRUNK),
    ...head([...TRUNK, 'left_ear', 'right_ear']),
    ...SIDES.toReversed().flatMap(side => arm(of, side, torso)),
  ];
  return all.map(coordinate => ({ ...coordinate, degrees: finite(coordinate.degrees) }));
}

/** The names of all coordinates, in order. */
export const OPENSIM_COORDINATES: readonly string[] = openSimCoordinates(() => [0, 0, 0]).map(({ name }) => name);
