import { LANDMARK_NAMES, type LandmarkName } from '../model/blazepose.js';
import { landmarkName as at, LANDMARK_IDS, type PairedPart, SEGMENTS, SIDES, type Side, TORSO } from '../model/body.js';
import { confidenceOf, type Pose } from '../model/pose.js';
import { lineTurnedOut, planeTurnedOut } from './angle-plane.js';
import { type Body, bodyOf } from './body-axes.js';
import { degreesBetween, isAlong, minus, turnDegrees, type Vector } from './vector.js';

/**
 * Joint angles after the conventions of the ISB (Wu et al., J. Biomech. 35 and 38): flexion is positive, the neutral
 * standing position is 0.
 *
 * ```
 *        head          neck        0 in line with the trunk, + chin forward
 *       /              trunk       0 upright, + forward (seen from the front: + to the picture's right)
 *   shoulder           shoulder    0 arm beside the trunk, + forward and sideways, - backward
 *    |   \             elbow       0 straight, + bent
 *   hip   elbow        wrist       0 straight, + bent to either side
 *    |      \          hip         0 thigh in line with the trunk, + thigh forward, - backward
 *   knee     wrist     knee        0 straight, + bent, - bent the wrong way
 *    |                 ankle       0 foot at a right angle to the shank, + toes up (dorsiflexion), - toes down
 *   ankle              pelvis, shoulder_girdle   0 level, + the person's left is higher
 *      \_ toe          *_segment   from the joint nearer to the trunk: 0 to the picture's right, + counter-clockwise
 * ```
 *
 * In the picture, forward is where the person faces. A person seen from the front or the back has no forward in 2D:
 * their angles in the picture have only a size. Angles in space come from world landmarks, whose vertical is the
 * camera's: a tilted camera tilts `trunk`, `pelvis`, `shoulder_girdle` and segments.
 */
export interface Angle {
  readonly name: string;
  /** In the picture, from pixels; undefined if the landmarks coincide. */
  readonly degrees2d: number | undefined;
  /** In space, from world landmarks. */
  readonly degrees3d: number | undefined;
  /**
   * Angle between the plane of the joint angle and the picture plane, in degrees 0-90, from the world landmarks;
   * undefined if they coincide. `degrees2d` is true near 0, and meaningless near 90 (`PLANE_LIMIT`).
   */
  readonly planeDegrees: number | undefined;
  /** The lowest confidence of its landmarks, or the lowest visibility if a table has no confidences, 0-1. */
  readonly confidence: number;
}

/** The landmarks of one kind of coordinates, y up. */
type Points = (name: LandmarkName) => Vector;

interface Coordinates {
  readonly of: Points;
  readonly middle: (a: LandmarkName, b: LandmarkName) => Vector;
  readonly isFlat: boolean;
}

interface Definition {
  readonly name: string;
  readonly landmarks: readonly LandmarkName[];
  measure(points: Coordinates, body: Body): number | undefined;
  /** Angle between its plane and the picture plane, 0-90 degrees. @param points of the world landmarks */
  turnedOut(points: Coordinates, body: Body): number | undefined;
}

const DOWN: Vector = [0, -1, 0];
const RIGHT_ANGLE = 90;

/**
 * How far one limb is rotated from the direction of another, forward being positive or negative.
 * @param forward 1 if a rotation forward is positive, -1 if one backward is
 */
function flexion(
  from: Vector,
  to: Vector,
  { facing, left }: Body,
  isFlat: boolean,
  forward: 1 | -1,
): number | undefined {
  if (isFlat) {
    const turn = turnDegrees(from, to);
    if (turn === undefined || facing === undefined) return turn && Math.abs(turn);
    return turn * (facing === 'right' ? forward : -forward);
  }
  const size = degreesBetween(from, to);
  // A rotation about another axis than the one through both hips is abduction: it has no sign.
  return size !== undefined && isAlong(from, to, left, forward) ? -size : size;
}

function joint(name: string, side: Side, landmarks: readonly PairedPart[], forward: 1 | -1 | 0): Definition {
  const [a, b, c] = landmarks.map(part => at(side, part)) as [LandmarkName, LandmarkName, LandmarkName];
  const limbs = ({ of }: Coordinates) => [minus(of(b), of(a)), minus(of(c), of(b))] as const;
  return {
    name: `${side}_${name}`,
    landmarks: [a, b, c],
    measure(points, body) {
      const [upper, lower] = limbs(points);
      return forward === 0 ? degreesBetween(upper, lower) : flexion(upper, lower, body, points.isFlat, forward);
    },
    turnedOut: (points, { left }) => planeTurnedOut(...limbs(points), forward === 0 ? undefined : left),
  };
}

const TRUNK_ENDS: readonly LandmarkName[] = TORSO.map(id => LANDMARK_NAMES[id]!);

/** From the midpoint of the shoulders down to that of the hips. */
function trunkDown({ middle }: Coordinates): Vector {
  return minus(middle('left_hip', 'right_hip'), middle('left_shoulder', 'right_shoulder'));
}

/** A limb against the trunk: hip, shoulder. */
function rootJoint(name: string, side: Side, from: PairedPart, to: PairedPart): Definition {
  const [near, far] = [at(side, from), at(side, to)];
  const limb = ({ of }: Coordinates) => minus(of(far), of(near));
  return {
    name: `${side}_${name}`,
    landmarks: [...TRUNK_ENDS, near, far],
    measure: (points, body) => flexion(trunkDown(points), limb(points), body, points.isFlat, 1),
    turnedOut: (points, { left }) => planeTurnedOut(trunkDown(points), limb(points), left),
  };
}

function ankle(side: Side): Definition {
  const [knee, ankle, heel, toe] = (['knee', 'ankle', 'heel', 'foot_index'] as const).map(part => at(side, part));
  const limbs = ({ of }: Coordinates) => [minus(of(ankle!), of(knee!)), minus(of(toe!), of(heel!))] as const;
  return {
    name: `${side}_ankle`,
    landmarks: [knee!, ankle!, heel!, toe!],
    measure(points) {
      const turn = degreesBetween(...limbs(points));
      return turn === undefined ? undefined : turn - RIGHT_ANGLE;
    },
    turnedOut: (points, { left }) => planeTurnedOut(...limbs(points), left),
  };
}

/** How much higher the left end of a line is. */
function obliquity(name: string, part: PairedPart): Definition {
  const [left, right] = [at('left', part), at('right', part)];
  return {
    name,
    landmarks: [left, right],
    measure({ of }) {
      const [x, y, z] = minus(of(left), of(right));
      return degrees(Math.atan2(y, Math.hypot(x, z)));
    },
    turnedOut: ({ of }) => lineTurnedOut(minus(of(left), of(right))),
  };
}

const TRUNK: Definition = {
  name: 'trunk',
  landmarks: TRUNK_ENDS,
  measure: (points, body) => {
    const down = trunkDown(points);
    // Downwards, so that a lean forward is a rotation backward.
    if (points.isFlat && body.facing === undefined) return negative(turnDegrees(DOWN, down));
    return flexion(DOWN, down, body, points.isFlat, -1);
  },
  turnedOut: (points, { left }) => planeTurnedOut(DOWN, trunkDown(points), left),
};

const NECK: Definition = {
  name: 'neck',
  landmarks: ['left_ear', 'right_ear', ...TRUNK_ENDS],
  measure: (points, body) => flexion(trunkDown(points), headDown(points), body, points.isFlat, -1),
  turnedOut: (points, { left }) => planeTurnedOut(trunkDown(points), headDown(points), left),
};

/** From the midpoint of the ears down to that of the shoulders. */
function headDown({ middle }: Coordinates): Vector {
  return minus(middle('left_shoulder', 'right_shoulder'), middle('left_ear', 'right_ear'));
}

function segment(name: string, from: LandmarkName, to: LandmarkName): Definition {
  return {
    name: `${name}_segment`,
    landmarks: [from, to],
    measure({ of, isFlat }) {
      const [x, y, z] = minus(of(to), of(from));
      return degrees(isFlat ? Math.atan2(y, x) : Math.atan2(y, Math.hypot(x, z)));
    },
    turnedOut: ({ of }) => lineTurnedOut(minus(of(to), of(from))),
  };
}

const degrees = (radians: number) => (radians * 180) / Math.PI;
const negative = (value: number | undefined) => (value === undefined ? undefined : -value);

const DEFINITIONS: readonly Definition[] = [
  ...SIDES.flatMap(side => [
    ankle(side),
    joint('knee', side, ['hip', 'knee', 'ankle'], -1),
    rootJoint('hip', side, 'hip', 'knee'),
    rootJoint('shoulder', side, 'shoulder', 'elbow'),
    // The arm rotates about its own axis: flexion is positive, whichever way the hand goes.
    joint('elbow', side, ['shoulder', 'elbow', 'wrist'], 0),
    joint('wrist', side, ['elbow', 'wrist', 'index'], 0),
  ]),
  TRUNK,
  obliquity('pelvis', 'hip'),
  obliquity('shoulder_girdle', 'shoulder'),
  NECK,
  ...SIDES.flatMap(side =>
    Object.entries(SEGMENTS).map(([name, [from, to]]) => segment(`${side}_${name}`, at(side, from), at(side, to))),
  ),
];

/** The names of all angles, in order. */
export const ANGLE_NAMES: readonly string[] = DEFINITIONS.map(({ name }) => name);

/**
 * All angles of one pose.
 * @param display size of the picture in pixels: angles of fractions would be wrong by its aspect ratio
 */
export function anglesOf(pose: Pose, display: { readonly width: number; readonly height: number }): Angle[] {
  const flat = coordinates(true, id => {
    const mark = pose.landmarks[id];
    return mark ? [mark.x * display.width, -mark.y * display.height, 0] : undefined;
  });
  const space = coordinates(false, id => spaceVector(pose.worldLandmarks[id]));
  const body = bodyOf(space.of);
  return DEFINITIONS.map(definition => ({
    name: definition.name,
    degrees2d: finite(definition.measure(flat, body)),
    degrees3d: finite(definition.measure(space, body)),
    planeDegrees: finite(definition.turnedOut(space, body)),
    confidence: Math.min(
      ...definition.landmarks.map(name => confidenceOf(pose.landmarks[LANDMARK_IDS[name]] ?? UNSEEN)),
    ),
  }));
}

const UNSEEN = { visibility: 0 };
const NOWHERE: Vector = [Number.NaN, Number.NaN, Number.NaN];

function coordinates(isFlat: boolean, place: (id: number) => Vector | undefined): Coordinates {
  const of = (name: LandmarkName) => place(LANDMARK_IDS[name]) ?? NOWHERE;
  const middle = (a: LandmarkName, b: LandmarkName): Vector => {
    const [p, q] = [of(a), of(b)];
    return [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2];
  };
  return { of, middle, isFlat };
}

/**
 * Angle between the plane of each joint angle and the picture plane, in degrees 0-90, in the order of `ANGLE_NAMES`.
 * @param worldLandmarks by id, NaN if absent
 */
export function planesOf(worldLandmarks: Pose['worldLandmarks']): (number | undefined)[] {
  const space = coordinates(false, id => spaceVector(worldLandmarks[id]));
  const body = bodyOf(space.of);
  return DEFINITIONS.map(definition => finite(definition.turnedOut(space, body)));
}

/** y up, z towards the camera. */
function spaceVector(mark: Pose['worldLandmarks'][number] | undefined): Vector | undefined {
  return mark ? [mark.x, -mark.y, -mark.z] : undefined;
}

const finite = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? undefined : value);
