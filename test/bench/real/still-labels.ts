import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANDMARK_NAMES } from '../../../src/model/blazepose.js';
import { LANDMARK_IDS, LIMB_JOINTS } from '../../../src/model/body.js';
import { REAL_FOOTAGE } from '../../support/reference-clips.js';
import type { Point2 } from '../accuracy/metrics.js';

/** A box in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A person whose joints were marked by people. */
export interface LabelledPerson {
  /** The marked limb joints, by landmark id, including hidden ones. */
  readonly joints: ReadonlyMap<number, Point2>;
  /** All marks of the person, including face and middle of the body. */
  readonly marks: number;
  readonly box: Box;
}

export const DATA_SETS = ['coco', 'mpii', 'jhmdb'] as const;
export type DataSet = (typeof DATA_SETS)[number];

export interface LabelledPicture {
  readonly set: DataSet;
  readonly path: string;
  readonly people: readonly LabelledPerson[];
  /** Regions with people who are not marked individually. */
  readonly crowds: readonly Box[];
  /** Whether all people in the picture are marked, at least by a box. In MPII one of several is. */
  readonly isComplete: boolean;
}

/** MPII's joints in its order; the person's own left and right (http://human-pose.mpi-inf.mpg.de/#download). */
const MPII_JOINTS = [
  'right_ankle',
  'right_knee',
  'right_hip',
  'left_hip',
  'left_knee',
  'left_ankle',
  'pelvis',
  'thorax',
  'upper_neck',
  'head_top',
  'right_wrist',
  'right_elbow',
  'right_shoulder',
  'left_shoulder',
  'left_elbow',
  'left_wrist',
];
/** MPII states a person's height in units of this many pixels. */
const MPII_SCALE = 200;

/**
 * Converts a label's numbers to pixels whose first has its centre at 0.5, like ours. COCO counts from 0, Matlab from 1.
 */
const OFFSET: Readonly<Record<DataSet, number>> = { coco: 0.5, mpii: -0.5, jhmdb: -0.5 };

interface CocoFile {
  readonly categories: readonly { readonly keypoints: readonly string[] }[];
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly keypoints: readonly number[];
    readonly bbox: readonly [number, number, number, number];
    readonly iscrowd?: number;
  }[];
}

interface MpiiPerson {
  readonly image: string;
  readonly joints: readonly Point2[];
  readonly joints_vis: readonly number[];
  readonly center: Point2;
  readonly scale: number;
}

/** Marks by landmark id. Those that BlazePose lacks, or that are not limb joints, are counted separately. */
function person(
  names: readonly string[],
  marks: readonly (Point2 | undefined)[],
  box: Box,
  offset: number,
): LabelledPerson {
  const joints = new Map<number, Point2>();
  for (const [i, mark] of marks.entries()) {
    const id = LANDMARK_NAMES.indexOf(names[i] as (typeof LANDMARK_NAMES)[number]);
    if (mark && LIMB_JOINTS.includes(id)) joints.set(id, [mark[0] + offset, mark[1] + offset]);
  }
  return { joints, marks: marks.filter(mark => mark !== undefined).length, box };
}

/** COCO's file, and JHMDB's, which has the same format; it names its joints itself. */
async function readCocoLike(set: 'coco' | 'jhmdb', file: string): Promise<LabelledPicture[]> {
  const folder = join(REAL_FOOTAGE, 'stills', set);
  const { categories, images, annotations } = JSON.parse(await readFile(join(folder, file), 'utf8')) as CocoFile;
  const names = categories[0]?.keypoints ?? [];
  return images.map(image => {
    const own = annotations
      .filter(one => one.image_id === image.id)
      .map(({ keypoints, bbox: [left, top, width, height], iscrowd }) => {
        const marks = names.map((_, i): Point2 | undefined =>
          keypoints[3 * i + 2]! > 0 ? [keypoints[3 * i]!, keypoints[3 * i + 1]!] : undefined,
        );
        return { ...person(names, marks, { left, top, width, height }, OFFSET[set]), isCrowd: iscrowd === 1 };
      });
    return {
      set,
      path: join(folder, image.file_name),
      people: own.filter(one => !one.isCrowd),
      crowds: own.filter(one => one.isCrowd).map(one => one.box),
      isComplete: true,
    };
  });
}

async function readMpii(): Promise<LabelledPicture[]> {
  const folder = join(REAL_FOOTAGE, 'stills', 'mpii');
  const people = JSON.parse(await readFile(join(folder, 'test_mpii.json'), 'utf8')) as MpiiPerson[];
  return [...new Set(people.map(one => one.image))].map(name => ({
    set: 'mpii',
    path: join(folder, name),
    people: people
      .filter(one => one.image === name)
      .map(({ joints, joints_vis, center, scale }) => {
        const size = scale * MPII_SCALE;
        const box = { left: center[0] - size / 2, top: center[1] - size / 2, width: size, height: size };
        return person(
          MPII_JOINTS,
          joints.map((joint, i) => (joints_vis[i] ? joint : undefined)),
          box,
          OFFSET.mpii,
        );
      }),
    crowds: [],
    isComplete: false,
  }));
}

export async function readStillLabels(set: DataSet): Promise<LabelledPicture[]> {
  if (set === 'mpii') return readMpii();
  return readCocoLike(set, set === 'coco' ? 'test_coco.json' : 'test_jhmdb_sub1.json');
}

/**
 * A torso's diagonal in parts of the person's box, its longer side, where neither diagonal is marked: a person who
 * stands upright.
 */
const DIAGONAL_OF_BOX = 0.33;

/**
 * The yardstick: from the left shoulder to the right hip, as marked; else the other way across; else guessed from the
 * box.
 */
export function torsoDiagonal({ joints, box }: LabelledPerson): number {
  for (const [a, b] of [
    [LANDMARK_IDS.left_shoulder, LANDMARK_IDS.right_hip],
    [LANDMARK_IDS.right_shoulder, LANDMARK_IDS.left_hip],
  ] as const) {
    const [from, to] = [joints.get(a), joints.get(b)];
    if (from && to) return Math.hypot(from[0] - to[0], from[1] - to[1]);
  }
  return DIAGONAL_OF_BOX * Math.max(box.width, box.height);
}
