import { basename } from 'node:path';
import type { ExportFacts } from '../../formats/export-facts.js';
import { Keypoints } from '../../formats/keypoint.js';
import { frameDigits, isOpenPoseName } from '../../formats/person-file.js';
import type { LandmarkName } from '../../model/blazepose.js';
import type { TableFrame, TablePerson } from '../../model/table-frame.js';
import { WholeFolder } from '../../system/whole-folder.js';
import type { Output } from '../output.js';

/** OpenPose's BODY_25 from BlazePose's landmarks; two names: their midpoint; none: BlazePose lacks the point. */
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

/**
 * OpenPose's JSON, one file for each frame in a folder: BODY_25 in pixels of the displayed picture, with confidences;
 * zeros for points that are uncertain, outside the picture, or absent from BlazePose.
 */
export class OpenPoseFolder implements Output<'table'> {
  readonly #folder: WholeFolder;
  readonly #name: string;
  readonly #keypoints: Keypoints;

  private constructor(facts: ExportFacts, folder: WholeFolder) {
    this.#folder = folder;
    this.#name = basename(facts.stem);
    this.#keypoints = new Keypoints(facts);
  }

  static async create(facts: ExportFacts): Promise<OpenPoseFolder> {
    const isOwn = (name: string) => isOpenPoseName(name, basename(facts.stem));
    return new OpenPoseFolder(facts, await WholeFolder.create(`${facts.stem}.openpose`, isOwn));
  }

  async write({ frameId, people }: TableFrame): Promise<void> {
    const found = people.map(person => bodyOf(person, this.#keypoints));
    const name = `${this.#name}_${frameDigits(frameId)}_keypoints.json`;
    await this.#folder.add(name, JSON.stringify({ version: 1.3, people: found }));
  }

  async finish(): Promise<void> {}

  async publish(): Promise<readonly string[]> {
    await this.#folder.publish();
    return [`${this.#folder.path}/`];
  }

  async abandon(): Promise<void> {
    await this.#folder.remove();
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
