import { clamp } from '../math/curves.js';
import {
  add,
  apply,
  cross,
  dot,
  fromColumns,
  IDENTITY,
  length,
  type Mat3,
  multiply,
  normalize,
  ORIGIN,
  scale,
  subtract,
  turnX,
  turnY,
  turnZ,
  type Vec3,
} from '../math/vector.js';
import type { Build } from './people.js';

export type Side = 'L' | 'R';
export const SIDES: readonly Side[] = ['L', 'R'];
/** The figure faces +z with y up, so that its left is +x. */
export const signOf = (side: Side) => (side === 'L' ? 1 : -1);

type TrunkBone = 'pelvis' | 'spine' | 'chest' | 'neck' | 'head';
type LimbBone = 'clavicle' | 'upperArm' | 'forearm' | 'hand' | 'thigh' | 'shin' | 'foot';
export type BoneName = TrunkBone | `${LimbBone}${Side}`;

/** Where a bone starts, and its axes. Limb bones point along their own -y, trunk bones along +y. */
export interface BoneFrame {
  readonly position: Vec3;
  readonly rotation: Mat3;
}
export type Skeleton = Readonly<Record<BoneName, BoneFrame>>;

/** Position of a foot on the floor: the point below the ankle when it is flat. */
export interface FootTarget {
  readonly x: number;
  readonly z: number;
  /** Height of the sole above the floor. */
  readonly lift?: number;
  /** Degrees that the toes point to the figure's left. */
  readonly yaw?: number;
  /** Degrees: above 0 the toes are up and it rests on the heel, below 0 the heel is up and it rests on the ball. */
  readonly pitch?: number;
}

/** Position of a wrist, and rotation of the hand. */
interface HandTarget {
  readonly wrist: Vec3;
  readonly rotation: Mat3;
  /** Where the elbow points. */
  readonly elbow: Vec3;
}

/** Degrees: flexion (forward), abduction (away from the middle), inward twist. A knee's flexion bends it back. */
type JointAngles = Vec3;

/**
 * A figure at one moment, for a person of 1.75 m: others are scaled. Limbs with a target follow it (inverse
 * kinematics), the others follow their angles (forward kinematics).
 */
export interface Posture {
  /** Middle of the hip joints in metres, y from the floor; y is ignored with `onFloor`. */
  readonly pelvis: Vec3;
  /** Rotation of the whole body about the pelvis. */
  readonly facing?: Mat3;
  readonly angles: Readonly<Partial<Record<BoneName, JointAngles>>>;
  readonly feet?: Readonly<Record<Side, FootTarget>>;
  /** Direction of both knees; forward by default. */
  readonly knees?: Vec3;
  readonly hands?: Readonly<Record<Side, HandTarget>>;
  /** Moves the figure up or down until its lowest point touches the floor. */
  readonly onFloor?: boolean;
}

interface Joint {
  readonly name: BoneName;
  readonly parent: BoneName | undefined;
  /** In the parent's axes. */
  readonly offset: Vec3;
}

/** Position of the sole below the ankle, and the contact points of heel and ball of the foot. */
const SOLE = 0.088;
const HEEL_Z = -0.06;
const BALL_Z = 0.115;

const THIGH = 0.43;
const SHIN = 0.42;
const UPPER_ARM = 0.29;
const FOREARM = 0.255;

/** The joints of a build, parents first. */
function jointsOf(build: Build): readonly Joint[] {
  const s = build.height;
  const wide = s * build.shoulders;
  const leg = s * build.legs;
  const trunk: Joint[] = [
    { name: 'pelvis', parent: undefined, offset: ORIGIN },
    { name: 'spine', parent: 'pelvis', offset: [0, 0.12 * s, -0.005 * s] },
    { name: 'chest', parent: 'spine', offset: [0, 0.16 * s, 0] },
    { name: 'neck', parent: 'chest', offset: [0, 0.225 * s, -0.015 * s] },
    { name: 'head', parent: 'neck', offset: [0, 0.095 * s, 0.018 * s] },
  ];
  const limbs = SIDES.flatMap((side): Joint[] => {
    const g = signOf(side);
    return [
      { name: `clavicle${side}`, parent: 'chest', offset: [0.03 * g * wide, 0.195 * s, -0.005 * s] },
      { name: `upperArm${side}`, parent: `clavicle${side}`, offset: [0.15 * g * wide, 0, 0] },
      { name: `forearm${side}`, parent: `upperArm${side}`, offset: [0, -UPPER_ARM * s, 0] },
      { name: `hand${side}`, parent: `forearm${side}`, offset: [0, -FOREARM * s, 0] },
      { name: `thigh${side}`, parent: 'pelvis', offset: [0.092 * g * s, 0, 0] },
      { name: `shin${side}`, parent: `thigh${side}`, offset: [0, -THIGH * leg, 0] },
      { name: `foot${side}`, parent: `shin${side}`, offset: [0, -SHIN * leg, 0] },
    ];
  });
  return [...trunk, ...limbs];
}

/** A point given in a bone's axes, in the world. */
export function onBone(skeleton: Skeleton, bone: BoneName, point: Vec3): Vec3 {
  const { position, rotation } = skeleton[bone];
  return add(position, apply(rotation, point));
}

/** The rise of the collar bone with a raised arm, in degrees. */
function clavicleRise([flexion, abduction]: JointAngles): number {
  return Math.min(30, Math.max(0, Math.max(Math.abs(abduction), Math.abs(flexion) * 0.8) - 40) * 0.22);
}

function localRotation(name: BoneName, angles: Posture['angles']): Mat3 {
  const side = name.endsWith('L') ? 1 : -1;
  const [flexion, abduction, twist] = angles[name] ?? ORIGIN;
  if (name === 'clavicleL' || name === 'clavicleR') {
    return turnZ(clavicleRise(angles[name === 'clavicleL' ? 'upperArmL' : 'upperArmR'] ?? ORIGIN) * side);
  }
  if (name.startsWith('thigh'))
    return multiply(turnX(-flexion), multiply(turnZ(abduction * side), turnY(twist * side)));
  if (name.startsWith('shin')) return turnX(flexion);
  // Flexion tips the top of a trunk bone forward, and swings the far end of a limb forward.
  const isTrunk = !/[LR]$/.test(name);
  const about = isTrunk ? 1 : side;
  return multiply(turnZ(abduction * about), multiply(turnX(isTrunk ? flexion : -flexion), turnY(twist * about)));
}

/** Axes of a limb bone along `direction` whose front is as near to `front` as possible. */
function limbRotation(direction: Vec3, front: Vec3): Mat3 {
  const y = scale(normalize(direction), -1);
  const z = normalize(subtract(front, scale(y, dot(front, y))));
  return fromColumns(cross(y, z), y, z);
}

/**
 * Two bones from `start` to `end` with the joint between them on the side of `pole` (the law of cosines). A target out
 * of reach is approached with the limb almost straight.
 */
function reach(start: Vec3, end: Vec3, first: number, second: number, pole: Vec3): { middle: Vec3; end: Vec3 } {
  const line = subtract(end, start);
  const distance = clamp(length(line), Math.abs(first - second) + 0.001, (first + second) * 0.9995);
  const along = normalize(line);
  const side = normalize(subtract(pole, scale(along, dot(pole, along))));
  const along1 = (first * first - second * second + distance * distance) / (2 * distance);
  const out = Math.sqrt(Math.max(0, first * first - along1 * along1));
  return {
    middle: add(start, add(scale(along, along1), scale(side, out))),
    end: add(start, scale(along, distance)),
  };
}

/** The ankle of a foot on its target: rolled about the heel or the ball, whose position on the floor is fixed. */
export function ankleOf(target: FootTarget, height: number): BoneFrame {
  const pitch = target.pitch ?? 0;
  const rotation = multiply(turnY(target.yaw ?? 0), turnX(-pitch));
  const contact: Vec3 = [0, -SOLE * height, (pitch > 0 ? HEEL_Z : BALL_Z) * height];
  const flat = apply(turnY(target.yaw ?? 0), [0, 0, contact[2]]);
  const onFloor = add(scale([target.x, target.lift ?? 0, target.z], height), flat);
  return { rotation, position: subtract(onFloor, apply(rotation, contact)) };
}

type Bones = Record<BoneName, BoneFrame>;

function placeLeg(bones: Bones, side: Side, posture: Posture, target: FootTarget, build: Build): void {
  const ankle = ankleOf(target, build.height);
  const leg = build.height * build.legs;
  const hip = bones[`thigh${side}`].position;
  const toes = apply(turnY(target.yaw ?? 0), [0, 0, 1]);
  const knees = posture.knees ?? add(apply(posture.facing ?? IDENTITY, [0, 0, 1]), toes);
  const { middle, end } = reach(hip, ankle.position, THIGH * leg, SHIN * leg, knees);
  bones[`thigh${side}`] = { position: hip, rotation: limbRotation(subtract(middle, hip), knees) };
  bones[`shin${side}`] = { position: middle, rotation: limbRotation(subtract(end, middle), knees) };
  bones[`foot${side}`] = { position: end, rotation: ankle.rotation };
}

function placeArm(bones: Bones, side: Side, target: HandTarget, build: Build): void {
  const s = build.height;
  const shoulder = bones[`upperArm${side}`].position;
  const { middle, end } = reach(shoulder, scale(target.wrist, s), UPPER_ARM * s, FOREARM * s, target.elbow);
  const front = scale(target.elbow, -1);
  bones[`upperArm${side}`] = { position: shoulder, rotation: limbRotation(subtract(middle, shoulder), front) };
  bones[`forearm${side}`] = { position: middle, rotation: limbRotation(subtract(end, middle), front) };
  bones[`hand${side}`] = { position: end, rotation: target.rotation };
}

/** The points that can touch the floor, in the axes of foot and hand, and the thickness of flesh around them. */
const FOOT_CONTACTS: readonly Vec3[] = [
  [0, -SOLE, 0.15],
  [0, -SOLE, HEEL_Z],
  [0.03, -SOLE, 0.11],
  [-0.03, -SOLE, 0.11],
];
const HAND_CONTACTS: readonly (readonly [Vec3, number])[] = [
  [[0, -0.1, 0], 0.03],
  [[0, -0.17, 0], 0.01],
];

/** The lowest point of hands and feet. */
export function lowestContact(skeleton: Skeleton, height: number): Vec3 {
  const points = SIDES.flatMap(side => [
    ...FOOT_CONTACTS.map(point => onBone(skeleton, `foot${side}`, scale(point, height))),
    ...HAND_CONTACTS.map(([point, flesh]) =>
      add(onBone(skeleton, `hand${side}`, scale(point, height)), [0, -flesh * height, 0]),
    ),
  ]);
  return points.reduce((lowest, point) => (point[1] < lowest[1] ? point : lowest));
}

function moved(skeleton: Skeleton, offset: Vec3): Skeleton {
  const entries = Object.entries(skeleton) as [BoneName, BoneFrame][];
  return Object.fromEntries(
    entries.map(([name, bone]) => [name, { ...bone, position: add(bone.position, offset) }]),
  ) as Skeleton;
}

/** Where the middle of the hips is: the height over the floor grows with the legs, the rest with the figure. */
function pelvisPlace([x, y, z]: Vec3, build: Build): Vec3 {
  return [x * build.height, ((y - SOLE) * build.legs + SOLE) * build.height, z * build.height];
}

/** The bones of a build in a posture (forward kinematics, then the limbs with targets). */
export function poseSkeleton(posture: Posture, build: Build): Skeleton {
  const bones: Partial<Bones> = {};
  for (const { name, parent, offset } of jointsOf(build)) {
    const own = localRotation(name, posture.angles);
    const above = parent && bones[parent];
    if (!above) {
      const rotation = multiply(posture.facing ?? IDENTITY, own);
      bones[name] = { position: pelvisPlace(posture.pelvis, build), rotation };
      continue;
    }
    // The collar bone lifts the shoulder; it does not rotate the arm.
    const axes = parent.startsWith('clavicle') ? bones.chest! : above;
    bones[name] = {
      position: add(above.position, apply(above.rotation, offset)),
      rotation: multiply(axes.rotation, own),
    };
  }
  const whole = bones as Bones;
  for (const side of SIDES) {
    if (posture.feet) placeLeg(whole, side, posture, posture.feet[side], build);
    if (posture.hands) placeArm(whole, side, posture.hands[side], build);
  }
  return posture.onFloor ? moved(whole, [0, -lowestContact(whole, build.height)[1], 0]) : whole;
}

/** The same bones with the figure rotated by `yaw` degrees about the vertical and moved to a position on the floor. */
export function placeSkeleton(skeleton: Skeleton, [x, z]: readonly [number, number], yaw: number): Skeleton {
  const turn = turnY(yaw);
  const entries = Object.entries(skeleton) as [BoneName, BoneFrame][];
  return Object.fromEntries(
    entries.map(([name, bone]) => [
      name,
      { position: add(apply(turn, bone.position), [x, 0, z]), rotation: multiply(turn, bone.rotation) },
    ]),
  ) as Skeleton;
}
