/**
 * The topology of BlazePose: 33 landmarks, their names, and the lines between them (MediaPipe `PoseLandmarker`,
 * Apache-2.0).
 */

/** Names by landmark id, 0-32. Left and right are the person's own. */
export const LANDMARK_NAMES = [
  'nose',
  'left_eye_inner',
  'left_eye',
  'left_eye_outer',
  'right_eye_inner',
  'right_eye',
  'right_eye_outer',
  'left_ear',
  'right_ear',
  'mouth_left',
  'mouth_right',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
  'left_pinky',
  'right_pinky',
  'left_index',
  'right_index',
  'left_thumb',
  'right_thumb',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
  'left_heel',
  'right_heel',
  'left_foot_index',
  'right_foot_index',
] as const;

export type LandmarkName = (typeof LANDMARK_NAMES)[number];

export const LANDMARK_COUNT = LANDMARK_NAMES.length;

/** The side of the person's body that a landmark belongs to. */
export type BodySide = 'left' | 'right' | 'middle';

/** The part of the body that a connection draws. */
export type BodyPart = 'face' | 'torso' | 'arm' | 'leg';

export interface Connection {
  readonly from: number;
  readonly to: number;
  readonly side: BodySide;
  readonly part: BodyPart;
}

/** The side a landmark belongs to, from its name. */
export function sideOf(landmarkId: number): BodySide {
  const name = LANDMARK_NAMES[landmarkId];
  if (name === undefined || name === 'nose') return 'middle';
  return name.includes('left') ? 'left' : 'right';
}

const pairs = (part: BodyPart, list: readonly (readonly [number, number])[]): Connection[] =>
  list.map(([from, to]) => ({ from, to, part, side: sideOf(from) === sideOf(to) ? sideOf(from) : 'middle' }));

/** The 35 lines of MediaPipe's `POSE_CONNECTIONS`, with side and part. A line that joins both sides is `middle`. */
export const CONNECTIONS: readonly Connection[] = [
  ...pairs('face', [
    [1, 0],
    [2, 1],
    [3, 2],
    [7, 3],
    [4, 0],
    [5, 4],
    [6, 5],
    [8, 6],
    [9, 10],
  ]).map(line => (line.from === 9 ? line : { ...line, side: sideOf(line.from) })),
  ...pairs('torso', [
    [11, 12],
    [23, 24],
    [11, 23],
    [12, 24],
  ]),
  ...pairs('arm', [
    [11, 13],
    [13, 15],
    [15, 17],
    [15, 19],
    [15, 21],
    [17, 19],
    [12, 14],
    [14, 16],
    [16, 18],
    [16, 20],
    [16, 22],
    [18, 20],
  ]),
  ...pairs('leg', [
    [23, 25],
    [25, 27],
    [27, 29],
    [27, 31],
    [29, 31],
    [24, 26],
    [26, 28],
    [28, 30],
    [28, 32],
    [30, 32],
  ]),
];
