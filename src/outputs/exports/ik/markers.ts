import type { LandmarkName } from '../../../model/blazepose.js';
import { LANDMARK_IDS, landmarkName, type PairedPart, SIDES } from '../../../model/body.js';

/** A marker as named in Pose2Sim's BlazePose marker set. */
export interface IkMarker {
  readonly name: string;
  /** Of the landmark. */
  readonly id: number;
  /** Its weight in inverse kinematics: the trunk carries everything else; hands and face are small. */
  readonly weight: number;
}

const PAIRED: readonly (readonly [marker: string, part: PairedPart, weight: number])[] = [
  ['Eye', 'eye', 0.05],
  ['Shoulder', 'shoulder', 2],
  ['Elbow', 'elbow', 1],
  ['Wrist', 'wrist', 1],
  ['Hip', 'hip', 2],
  ['Knee', 'knee', 1],
  ['Ankle', 'ankle', 1],
  ['Heel', 'heel', 1],
  ['BigToe', 'foot_index', 1],
  ['Thumb', 'thumb', 0.05],
  ['Pinky', 'pinky', 0.05],
  ['Index', 'index', 0.05],
];

const marker = (name: string, landmark: LandmarkName, weight: number): IkMarker => ({
  name,
  id: LANDMARK_IDS[landmark],
  weight,
});

/** All markers of the set, in the order of the TRC's columns. */
export const IK_MARKERS: readonly IkMarker[] = [
  marker('Nose', 'nose', 0.1),
  ...PAIRED.flatMap(([name, part, weight]) =>
    SIDES.map(side => marker(`${side === 'left' ? 'L' : 'R'}${name}`, landmarkName(side, part), weight)),
  ),
];

/** A length of the body between two markers of each side, and the model's bodies that it scales. */
export interface IkMeasurement {
  readonly name: string;
  readonly pairs: readonly (readonly [string, string])[];
  readonly bodies: readonly string[];
}

const bothSides = (from: string, to: string) => (['L', 'R'] as const).map(side => [side + from, side + to] as const);
const twoBodies = (...names: string[]) => names.flatMap(name => [`${name}_r`, `${name}_l`]);
/** Pose2Sim's larger models have them; bodies that a model lacks are skipped. */
const LUMBAR = [1, 2, 3, 4, 5].map(number => `lumbar${number}`);

export const IK_MEASUREMENTS: readonly IkMeasurement[] = [
  { name: 'trunk', pairs: bothSides('Shoulder', 'Hip'), bodies: [...LUMBAR, 'torso', 'head'] },
  { name: 'pelvis', pairs: [['LHip', 'RHip']], bodies: ['pelvis', 'sacrum'] },
  { name: 'upper arm', pairs: bothSides('Shoulder', 'Elbow'), bodies: twoBodies('humerus') },
  { name: 'forearm', pairs: bothSides('Elbow', 'Wrist'), bodies: twoBodies('ulna', 'radius', 'hand') },
  { name: 'thigh', pairs: bothSides('Hip', 'Knee'), bodies: twoBodies('femur', 'patella') },
  { name: 'shank', pairs: bothSides('Knee', 'Ankle'), bodies: twoBodies('tibia') },
  { name: 'foot', pairs: bothSides('Heel', 'BigToe'), bodies: twoBodies('talus', 'calcn', 'toes') },
];
