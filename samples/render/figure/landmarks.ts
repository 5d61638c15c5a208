import { scale, type Vec3 } from '../math/vector.js';
import type { Build } from './people.js';
import { type BoneName, onBone, type Side, type Skeleton } from './skeleton.js';

/**
 * A landmark's position on a bone, for a figure of 1.75 m, and its depth in the flesh: it counts as visible if the
 * first surface on the way from the camera is at most this far in front of it.
 */
interface LandmarkPlace {
  readonly bone: BoneName;
  readonly at: Vec3;
  readonly depth: number;
}

const head = (x: number, y: number, z: number, depth = 0.02): LandmarkPlace => ({ bone: 'head', at: [x, y, z], depth });

/** Left, then right, mirrored. */
function pair(bone: (side: Side) => BoneName, [x, y, z]: Vec3, depth: number): LandmarkPlace[] {
  return [
    { bone: bone('L'), at: [x, y, z], depth },
    { bone: bone('R'), at: [-x, y, z], depth },
  ];
}
const headPair = (x: number, y: number, z: number, depth = 0.02) => pair(() => 'head', [x, y, z], depth);
const limbPair = (bone: 'upperArm' | 'forearm' | 'hand' | 'thigh' | 'shin' | 'foot', at: Vec3, depth: number) =>
  pair(side => `${bone}${side}`, at, depth);

/** Inner, middle, outer corner of one eye, then of the other. */
const EYES = [1, -1].flatMap(g => [0.022, 0.034, 0.046].map(x => head(x * g, 0.098, 0.088)));

/**
 * The 33 landmarks in BlazePose's order. Its own definitions ("BlazePose: On-device Real-time Body Pose tracking",
 * Bazarevsky et al. 2020, and the model card) were marked by people on photographs: points of the face, hand and foot
 * on the skin, the large joints at their centres. `samples/README.md` states where ours may differ, and by how much.
 */
const LANDMARKS: readonly LandmarkPlace[] = [
  head(0, 0.062, 0.122),
  ...EYES,
  ...headPair(0.078, 0.078, -0.002),
  ...headPair(0.024, 0.026, 0.092),
  ...limbPair('upperArm', [0, 0, 0], 0.11),
  ...limbPair('forearm', [0, 0, 0], 0.08),
  ...limbPair('hand', [0, 0, 0], 0.06),
  ...limbPair('hand', [0, -0.085, -0.036], 0.05),
  ...limbPair('hand', [0, -0.095, 0.026], 0.05),
  ...limbPair('hand', [0, -0.065, 0.05], 0.05),
  ...limbPair('thigh', [0, 0, 0], 0.17),
  ...limbPair('shin', [0, 0, 0], 0.1),
  ...limbPair('foot', [0, 0, 0], 0.07),
  ...limbPair('foot', [0, -0.07, -0.06], 0.06),
  ...limbPair('foot', [0, -0.075, 0.155], 0.06),
];

export interface TruePoint {
  /** Metres in the scene. */
  readonly position: Vec3;
  /** Metres of flesh that may lie between it and the camera. */
  readonly depth: number;
}

/** The true positions of the 33 landmarks. */
export function landmarksOf(skeleton: Skeleton, build: Build): TruePoint[] {
  return LANDMARKS.map(({ bone, at, depth }) => {
    const size = build.height * (bone === 'head' ? build.head : 1);
    return {
      position: onBone(skeleton, bone, scale(at, size)),
      depth: depth * size * (bone === 'head' ? 1 : build.girth),
    };
  });
}
