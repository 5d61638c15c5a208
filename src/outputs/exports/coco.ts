import { basename } from 'node:path';
import type { ExportFacts } from '../../formats/export-facts.js';
import { Keypoints, rounded } from '../../formats/keypoint.js';
import type { LandmarkName } from '../../model/blazepose.js';
import type { TableFrame, TablePerson } from '../../model/table-frame.js';
import { OpenStack } from '../../system/open-stack.js';
import { settleAll } from '../../system/settle.js';
import type { Output } from '../output.js';
import { TextFile } from './text-file.js';

/** COCO's 17 keypoints, all of which exist in BlazePose. */
export const COCO_NAMES = [
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
/** 1-based pairs, as in COCO's own category. */
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
/** COCO's flag for a labelled, visible keypoint. An absent one has zeros. */
const SEEN = 2;

export const CATEGORY = {
  id: 1,
  name: 'person',
  supercategory: 'person',
  keypoints: COCO_NAMES,
  skeleton: COCO_SKELETON,
};

/**
 * COCO's keypoint annotations: one image for each frame (with the frame's id), one annotation for each pose; boxes
 * around the keypoints. Uncertain keypoints, and those outside the picture, are not labelled; a pose without any has no
 * annotation.
 */
export class CocoFile implements Output<'table'> {
  readonly #file: TextFile;
  /** The text after the images. */
  readonly #annotations: TextFile;
  readonly #name: string;
  readonly #keypoints: Keypoints;
  readonly #size: { readonly width: number; readonly height: number };
  #images = 0;
  #people = 0;

  private constructor(file: TextFile, annotations: TextFile, facts: ExportFacts) {
    const { stem, display } = facts;
    this.#keypoints = new Keypoints(facts);
    this.#file = file;
    this.#annotations = annotations;
    this.#name = basename(stem);
    this.#size = { width: display.width, height: display.height };
  }

  static async create(facts: ExportFacts): Promise<CocoFile> {
    const path = `${facts.stem}.coco.json`;
    await using opened = new OpenStack();
    const file = opened.add(await TextFile.create(path), it => it.remove());
    const annotations = opened.add(await TextFile.create(`${path}.annotations`), it => it.remove());
    const coco = new CocoFile(file, annotations, facts);
    const info = JSON.stringify({ description: coco.#name });
    await file.add(`{"info":${info},"licenses":[],"categories":${JSON.stringify([CATEGORY])},\n"images":[`);
    opened.keep();
    return coco;
  }

  async write({ frameId, timestamp, people }: TableFrame): Promise<void> {
    const file_name = `${this.#name}_${String(frameId).padStart(12, '0')}.jpg`;
    const image = { id: frameId, file_name, ...this.#size, timestamp };
    await this.#file.add(`${separator(this.#images++)}${JSON.stringify(image)}`);
    for (const person of people) {
      const found = annotation(person, this.#keypoints);
      if (!found) continue;
      const before = separator(this.#people++);
      const entry = { id: this.#people, image_id: frameId, ...found };
      await this.#annotations.add(`${before}${JSON.stringify(entry)}`);
    }
  }

  async finish(): Promise<void> {
    await this.#file.add('],\n"annotations":[');
    await this.#file.addAll(this.#annotations);
    await this.#file.add(']}\n');
    await this.#file.close();
    await this.#annotations.remove();
  }

  async publish(): Promise<readonly string[]> {
    await this.#file.publish();
    return [this.#file.path];
  }

  async abandon(): Promise<void> {
    await settleAll([this.#file.remove(), this.#annotations.remove()]);
  }
}

const separator = (before: number) => (before === 0 ? '\n' : ',\n');

function annotation(person: TablePerson, keypoints: Keypoints): object | undefined {
  const points = COCO_NAMES.map(name => keypoints.find(person, [name]));
  const placed = points.filter(point => point !== undefined);
  if (placed.length === 0) return undefined;
  const [xs, ys] = [placed.map(([x]) => x), placed.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return {
    category_id: 1,
    keypoints: points.flatMap(point => (point ? [point[0], point[1], SEEN] : [0, 0, 0])),
    num_keypoints: placed.length,
    bbox: [left, top, width, height].map(rounded),
    area: rounded(width * height),
    iscrowd: 0,
    score: person.score ?? 0,
    track_id: person.personId,
  };
}
