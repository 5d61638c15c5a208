import { readFile } from 'node:fs/promises';
import { LANDMARK_COUNT, LIMB_JOINTS } from '../../../src/model/blazepose.js';
import { readCsv } from '../../support/csv.js';
import type { Point2, Point3 } from './metrics.js';

/** Somebody in a frame, as the tool says. */
export interface PredictedPose {
  readonly personId: number;
  /** The tool's own score, 0-1. */
  readonly score: number;
  /** 33 places in pixels. */
  readonly image: readonly Point2[];
  /** 33 places in metres around the middle of the hips. */
  readonly world: readonly Point3[];
}

/** What the tool says of a frame. */
export interface PredictedFrame {
  readonly timestamp: number;
  readonly people: readonly PredictedPose[];
}

/** The poses of a landmark table, by analysed frame. */
export async function readPoses(csv: string): Promise<PredictedFrame[]> {
  const rows = await readCsv(csv);
  const frames = new Map<
    string,
    { timestamp: number; people: Map<number, { score: number; image: Point2[]; world: Point3[] }> }
  >();
  for (const row of rows) {
    const frame = frames.get(row.frame_id) ?? { timestamp: Number(row.timestamp), people: new Map() };
    frames.set(row.frame_id, frame);
    if (row.status === 'missing') continue;
    const { people } = frame;
    const person = people.get(Number(row.person_id)) ?? { score: Number(row.score), image: [], world: [] };
    people.set(Number(row.person_id), person);
    person.image[Number(row.landmark_id)] = [Number(row.x_px), Number(row.y_px)];
    person.world[Number(row.landmark_id)] = [Number(row.world_x), Number(row.world_y), Number(row.world_z)];
  }
  return [...frames.values()].map(({ timestamp, people }) => ({
    timestamp,
    people: [...people].map(([personId, pose]) => ({ personId, ...pose })),
  }));
}

/** Somebody in a frame, as it is. */
export interface TruePose {
  readonly image: readonly Point2[];
  /** 33 places in metres from the camera. */
  readonly camera: readonly Point3[];
  /** How many of the limb joints are not hidden by other things and lie in the picture, 0-12. */
  readonly limbsInSight: number;
}

export interface TrueClip {
  readonly width: number;
  readonly height: number;
  /** Focal length in pixels. */
  readonly focal: number;
  readonly people: number;
  readonly times: readonly number[];
  /** `frames[frame][person]`. */
  readonly frames: readonly (readonly TruePose[])[];
}

interface TruthFile {
  readonly schema: string;
  readonly width: number;
  readonly height: number;
  readonly verticalFieldOfViewDegrees: number;
  readonly people: readonly string[];
  readonly times: readonly number[];
  readonly frames: readonly (readonly (readonly number[])[])[][];
}

/** Reads a `NAME.truth.json`. */
export async function readTruth(path: string): Promise<TrueClip> {
  const file = JSON.parse(await readFile(path, 'utf8')) as TruthFile;
  if (file.schema !== 'bodyscript-truth/1') throw new TypeError(`${path}: unknown schema ${file.schema}`);
  const { width, height, times, people } = file;
  const focal = height / 2 / Math.tan((file.verticalFieldOfViewDegrees * Math.PI) / 360);
  const frames = file.frames.map(persons =>
    persons.map((landmarks): TruePose => {
      if (landmarks.length !== LANDMARK_COUNT) throw new TypeError(`${path}: ${landmarks.length} landmarks`);
      return {
        image: landmarks.map(([x, y]) => [x, y] as const),
        camera: landmarks.map(([, , x, y, z]) => [x, y, z] as const),
        limbsInSight: landmarks.filter((landmark, id) => LIMB_JOINTS.includes(id) && landmark[5] > 0).length,
      };
    }),
  );
  return { width, height, focal, people: people.length, times, frames };
}
