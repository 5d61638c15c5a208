import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LandmarkName } from '../model/blazepose.js';
import { outputError } from '../system/whole-file.js';
import type { TableFrame, TablePerson } from '../tables/landmark-frame.js';
import type { TableFollower } from '../tables/table-follower.js';
import type { ExportFacts } from './export-facts.js';
import { Keypoints } from './keypoint.js';
import { frameDigits } from './person-file.js';

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

/** OpenPose's JSON, a file for each frame in a folder: BODY_25 in pixels of the displayed picture, with their confidence; zeros for what is not sure, is outside the picture, or BlazePose has not. */
export class OpenPoseFolder implements TableFollower {
  readonly stage = 'export';
  readonly #folder: string;
  readonly #name: string;
  readonly #keypoints: Keypoints;
  #isThere = false;

  constructor(facts: ExportFacts) {
    this.#folder = `${facts.stem}.openpose`;
    this.#name = basename(facts.stem);
    this.#keypoints = new Keypoints(facts);
  }

  async add({ frameId, people }: TableFrame): Promise<void> {
    const file = join(this.#folder, `${this.#name}_${frameDigits(frameId)}_keypoints.json`);
    try {
      await this.#begin();
      const found = people.map(person => bodyOf(person, this.#keypoints));
      await writeFile(file, JSON.stringify({ version: 1.3, people: found }));
    } catch (cause) {
      throw outputError(file, cause);
    }
  }

  async finish(): Promise<void> {
    await this.#begin();
  }

  async publish(): Promise<readonly string[]> {
    return [`${this.#folder}/`];
  }

  /** Each file is whole by itself. */
  async abort(): Promise<void> {}

  async #begin(): Promise<void> {
    if (!this.#isThere) await mkdir(this.#folder, { recursive: true });
    this.#isThere = true;
  }
}

function bodyOf(person: TablePerson, keypoints: Keypoints): object {
  return {
    person_id: [person.personId],
    pose_keypoints_2d: BODY_25.flatMap(names => keypoints.find(person, names) ?? [0, 0, 0]),
    face_keypoints_2d: [],
    hand_left_keypoints_2d: [],
    hand_right_keypoints_2d: [],
    pose_keypoints_3d: [],
    face_keypoints_3d: [],
    hand_left_keypoints_3d: [],
    hand_right_keypoints_3d: [],
  };
}
