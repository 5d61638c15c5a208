import { LIMB_JOINTS, TORSO } from '../model/blazepose.js';
import type { Landmark, Pose, WorldLandmark } from '../model/pose.js';

/** What speaks for and against a pose by itself. */
export interface PoseEvidence {
  /** Mean visibility of the limbs' joints, 0-1. */
  readonly visibility: number;
  /** Lowest visibility of shoulders and hips, 0-1. */
  readonly torsoVisibility: number;
  /** The network's own opinion that somebody is there, 0-1; 1 where the engine does not tell. */
  readonly presence: number;
  /** How different left and right limbs are, as the mean of `|ln(left / right)|` of their lengths in metres. */
  readonly asymmetry: number;
  /** How far arms and legs are from a human's, as the mean of `|ln(length / torso's / usual)|`. */
  readonly disproportion: number;
  /** How badly the landmarks in metres, projected, fit those in the picture: root mean square over the limbs' joints, in torso lengths. */
  readonly contradiction: number;
}

/** Bones on the left; those on the right are one id further. */
const LIMBS: readonly (readonly [from: number, to: number])[] = [
  [11, 13],
  [13, 15],
  [23, 25],
  [25, 27],
];
/** Lengths of arm (shoulder to wrist) and leg (hip to ankle) over the torso's (shoulders to hips) in BlazePose's metres: means of the samples. */
const USUAL_ARM = 1.05;
const USUAL_LEG = 1.6;
const SHORTEST = 1e-3;

function length(a: WorldLandmark, b: WorldLandmark): number {
  return Math.max(SHORTEST, Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z));
}

function middle<T extends { x: number; y: number; z: number }>(a: T, b: T): { x: number; y: number; z: number } {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, z: (a.z + b.z) / 2 };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Distance from the middle of the shoulders to the middle of the hips, in the units of `points`. */
export function torsoLength(points: readonly { x: number; y: number; z: number }[]): number {
  const { leftShoulder, rightShoulder, leftHip, rightHip } = TORSO;
  return length(middle(points[leftShoulder], points[rightShoulder]), middle(points[leftHip], points[rightHip]));
}

/**
 * Looks at one pose.
 * @param width of the picture in pixels
 */
export function evidenceOf(pose: Pose, width: number, height: number): PoseEvidence {
  const { landmarks, worldLandmarks: world } = pose;
  const torso = torsoLength(world);
  const [arms, legs] = [0, 1]
    .map(side => [
      length(world[11 + side], world[13 + side]) + length(world[13 + side], world[15 + side]),
      length(world[23 + side], world[25 + side]) + length(world[25 + side], world[27 + side]),
    ])
    .reduce<[number[], number[]]>(
      ([a, l], [arm, leg]) => [
        [...a, arm],
        [...l, leg],
      ],
      [[], []],
    );
  return {
    visibility: mean(LIMB_JOINTS.map(id => landmarks[id].visibility)),
    torsoVisibility: Math.min(...Object.values(TORSO).map(id => landmarks[id].visibility)),
    presence: pose.presence ?? 1,
    asymmetry: mean(
      LIMBS.map(([from, to]) =>
        Math.abs(Math.log(length(world[from], world[to]) / length(world[from + 1], world[to + 1]))),
      ),
    ),
    disproportion: mean([
      ...arms.map(arm => Math.abs(Math.log(arm / torso / USUAL_ARM))),
      ...legs.map(leg => Math.abs(Math.log(leg / torso / USUAL_LEG))),
    ]),
    contradiction: contradiction(landmarks, world, width, height),
  };
}

/** After the best scale and shift of the metres' x and y, without a turn: both have the picture's axes. */
function contradiction(
  landmarks: readonly Landmark[],
  world: readonly WorldLandmark[],
  width: number,
  height: number,
): number {
  const image = LIMB_JOINTS.map(id => [landmarks[id].x * width, landmarks[id].y * height]);
  const metres = LIMB_JOINTS.map(id => [world[id].x, world[id].y]);
  const centred = (points: readonly (readonly number[])[]) => {
    const [cx, cy] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
    return points.map(([x, y]) => [x - cx, y - cy]);
  };
  const [a, b] = [centred(image), centred(metres)];
  const dot = (p: number[][], q: number[][]) => p.reduce((sum, [x, y], i) => sum + x * q[i][0] + y * q[i][1], 0);
  const scale = dot(a, b) / Math.max(SHORTEST, dot(b, b));
  if (scale <= 0) return 1;
  const squares = a.map(([x, y], i) => (x - scale * b[i][0]) ** 2 + (y - scale * b[i][1]) ** 2);
  return Math.sqrt(mean(squares)) / (scale * torsoLength(world));
}

/** Mean distance of the limbs' joints of two poses, in lengths of the longer torso: near 0 when both are the same. */
export function poseDistance(a: Pose, b: Pose, width: number, height: number): number {
  const at = ({ landmarks }: Pose) => landmarks.map(({ x, y }) => ({ x: x * width, y: y * height, z: 0 }));
  const [p, q] = [at(a), at(b)];
  const scale = Math.max(torsoLength(p), torsoLength(q), trunkWidth(p), trunkWidth(q));
  return mean(LIMB_JOINTS.map(id => Math.hypot(p[id].x - q[id].x, p[id].y - q[id].y))) / scale;
}

/** Seen along the spine a torso is short, but its shoulders are wide. */
function trunkWidth(points: readonly { x: number; y: number; z: number }[]): number {
  return length(points[TORSO.leftShoulder], points[TORSO.rightShoulder]);
}
