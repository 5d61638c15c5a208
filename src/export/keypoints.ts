import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANDMARK_NAMES, type LandmarkName } from '../model/blazepose.js';
import type { TableLandmark, TablePerson } from '../tables/landmark-frame.js';
import { pictureSizeOf } from '../tables/picture-size.js';
import { readLandmarks } from '../tables/read-landmarks.js';

/** OpenPose's BODY_25 from BlazePose's landmarks; two names: the middle of both; none: BlazePose has no such point. */
const BODY_25: readonly (readonly LandmarkName[])[] = [
  ['nose'],
  ['left_shoulder', 'right_shoulder'],
  ['right_shoulder'],
  ['right_elbow'],
  ['right_wrist'],
  ['left_shoulder'],
  ['left_elbow'],
  ['left_wrist'],
  ['left_hip', 'right_hip'],
  ['right_hip'],
  ['right_knee'],
  ['right_ankle'],
  ['left_hip'],
  ['left_knee'],
  ['left_ankle'],
  ['right_eye'],
  ['left_eye'],
  ['right_ear'],
  ['left_ear'],
  ['left_foot_index'],
  [],
  ['left_heel'],
  ['right_foot_index'],
  [],
  ['right_heel'],
];

/** COCO's 17 keypoints, all of which BlazePose has. */
const COCO_NAMES = [
  'nose',
  'left_eye',
  'right_eye',
  'left_ear',
  'right_ear',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
] as const satisfies readonly LandmarkName[];
/** 1-based pairs, as COCO's own category has them. */
const COCO_SKELETON = [
  [16, 14],
  [14, 12],
  [17, 15],
  [15, 13],
  [12, 13],
  [6, 12],
  [7, 13],
  [6, 7],
  [6, 8],
  [7, 9],
  [8, 10],
  [9, 11],
  [2, 3],
  [1, 2],
  [1, 3],
  [2, 4],
  [3, 5],
  [4, 6],
  [5, 7],
];
/** Less visible landmarks are labelled and not seen (`v` = 1). */
const SEEN = 0.5;

const markOf = ({ landmarks }: TablePerson, name: LandmarkName): TableLandmark | undefined =>
  landmarks[LANDMARK_NAMES.indexOf(name)];
const rounded = (value: number) => Number(value.toFixed(3));

function point(person: TablePerson, names: readonly LandmarkName[]): [x: number, y: number, confidence: number] {
  const marks = names.map(name => markOf(person, name));
  if (marks.length === 0 || marks.some(mark => mark?.xPx === undefined || mark.yPx === undefined)) return [0, 0, 0];
  const mean = (of: (mark: TableLandmark | undefined) => number) =>
    marks.reduce((sum, mark) => sum + of(mark), 0) / marks.length;
  const confidence = Math.min(...marks.map(mark => mark?.visibility ?? 0));
  return [rounded(mean(mark => mark?.xPx ?? 0)), rounded(mean(mark => mark?.yPx ?? 0)), confidence];
}

/** OpenPose's JSON, a file for each frame: BODY_25 in pixels of the displayed picture, the visibility as confidence, zeros for what BlazePose has not. @returns the folder */
export async function writeOpenPose(input: string, folder: string, stem: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for await (const { frameId, people } of readLandmarks(input)) {
    const found = people.map(person => ({
      person_id: [person.personId],
      pose_keypoints_2d: BODY_25.flatMap(names => point(person, names)),
      face_keypoints_2d: [],
      hand_left_keypoints_2d: [],
      hand_right_keypoints_2d: [],
      pose_keypoints_3d: [],
      face_keypoints_3d: [],
      hand_left_keypoints_3d: [],
      hand_right_keypoints_3d: [],
    }));
    const name = `${stem}_${String(frameId).padStart(12, '0')}_keypoints.json`;
    await writeFile(join(folder, name), JSON.stringify({ version: 1.3, people: found }));
  }
  return folder;
}

/** COCO's keypoint annotations: an image for each frame (its id is the frame's), an annotation for each pose; boxes around the keypoints. */
export async function* cocoPieces(input: string, stem: string): AsyncGenerator<string> {
  const { width, height } = await pictureSizeOf(input);
  const category = { id: 1, name: 'person', supercategory: 'person', keypoints: COCO_NAMES, skeleton: COCO_SKELETON };
  yield `{"info":{"description":"${stem}"},"licenses":[],"categories":${JSON.stringify([category])},\n"images":[`;
  let separator = '\n';
  for await (const { frameId, timestamp } of readLandmarks(input)) {
    yield `${separator}${JSON.stringify({ id: frameId, file_name: `${stem}_${String(frameId).padStart(12, '0')}.jpg`, width, height, timestamp })}`;
    separator = ',\n';
  }
  yield '],\n"annotations":[';
  separator = '\n';
  let id = 0;
  for await (const { frameId, people } of readLandmarks(input)) {
    for (const person of people) {
      yield `${separator}${JSON.stringify({ id: ++id, image_id: frameId, ...annotation(person) })}`;
      separator = ',\n';
    }
  }
  yield ']}\n';
}

function annotation(person: TablePerson): object {
  const points = COCO_NAMES.map(name => point(person, [name]));
  const placed = points.filter(([x, y, confidence]) => x !== 0 || y !== 0 || confidence !== 0);
  const [xs, ys] = [placed.map(([x]) => x), placed.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return {
    category_id: 1,
    keypoints: points.flatMap(([x, y, confidence]) => [x, y, x === 0 && y === 0 ? 0 : confidence >= SEEN ? 2 : 1]),
    num_keypoints: placed.length,
    bbox: [left, top, width, height].map(rounded),
    area: rounded(width * height),
    iscrowd: 0,
    score: person.score ?? 0,
    track_id: person.personId,
  };
}
