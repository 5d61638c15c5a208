import { readFile } from 'node:fs/promises';
import { LANDMARK_COUNT } from '../../../src/model/blazepose.js';
import { LIMB_JOINTS } from '../../../src/model/body.js';
import { readCsv } from '../../support/csv.js';
import type { Point2, Point3 } from './metrics.js';

/** A person in a frame, as reported by the tool. */
export interface PredictedPose {
  readonly personId: number;
  /** The tool's own score, 0-1. */
  readonly score: number;
  /** 33 positions in pixels. */
  readonly image: readonly Point2[];
  /** 33 positions in metres around the middle of the hips. */
  readonly world: readonly Point3[];
  /**
   * The tool's confidence in each of them, 0-1: the column `confidence`, or `visibility` if it is absent. 1 without
   * either.
   */
  readonly confidence?: readonly number[];
}

/** The tool's result for a frame. */
export interface PredictedFrame {
  readonly timestamp: number;
  readonly people: readonly PredictedPose[];
}

/** The poses of a landmark table, by analysed frame. */
export async function readPoses(csv: string): Promise<PredictedFrame[]> {
  const rows = await readCsv(csv);
  const frames = new Map<
    string,
    {
      timestamp: number;
      people: Map<number, { score: number; image: Point2[]; world: Point3[]; confidence: number[] }>;
    }
  >();
  for (const row of rows) {
    const frame = frames.get(row.frame_id!) ?? { timestamp: Number(row.timestamp), people: new Map() };
    frames.set(row.frame_id!, frame);
    if (row.status === 'missing' || row.x_px === '') continue;
    const { people } = frame;
    const person = people.get(Number(row.person_id ?? 0)) ?? {
      score: Number(row.score),
      image: [],
      world: [],
      confidence: [],
    };
    people.set(Number(row.person_id ?? 0), person);
    person.image[Number(row.landmark_id)] = [Number(row.x_px), Number(row.y_px)];
    person.world[Number(row.landmark_id)] = [Number(row.world_x), Number(row.world_y), Number(row.world_z)];
    person.confidence[Number(row.landmark_id)] = Number(row.confidence ?? row.visibility);
  }
  return [...frames.values()].map(({ timestamp, people }) => ({
    timestamp,
    people: [...people].map(([personId, pose]) => ({ personId, ...pose })),
  }));
}

/** The true person in a frame. */
export interface TruePose {
  readonly image: readonly Point2[];
  /** 33 positions in metres from the camera. */
  readonly camera: readonly Point3[];
  /** Whether each is hidden, as defined in `samples/README.md`: 0, 1 or 2. */
  readonly sight: readonly number[];
  /** The number of limb joints that are not hidden by other objects and lie in the picture, 0-12. */
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

const limbsInSight = (sight: readonly number[]) => LIMB_JOINTS.filter(id => sight[id]! > 0).length;

/** Whether a point lies in a picture of that size. */
export function isInside(
  [x, y]: Point2,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

/** The truth of a clip's first frames. */
export function firstFrames(clip: TrueClip, frames: number): TrueClip {
  return { ...clip, times: clip.times.slice(0, frames), frames: clip.frames.slice(0, frames) };
}

/** The truth of the part of a clip's picture that begins at `left`, `top`. Everything outside is out of sight. */
export function croppedTruth(
  clip: TrueClip,
  part: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): TrueClip {
  const frames = clip.frames.map(people =>
    people.map((pose): TruePose => {
      const image = pose.image.map(([x, y]) => [x - part.left, y - part.top] as const);
      const sight = pose.sight.map((value, id) => (isInside(image[id]!, part) ? value : 0));
      return { ...pose, image, sight, limbsInSight: limbsInSight(sight) };
    }),
  );
  return { ...clip, width: part.width, height: part.height, frames };
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
        image: landmarks.map(([x, y]) => [x!, y!] as const),
        camera: landmarks.map(([, , x, y, z]) => [x!, y!, z!] as const),
        sight: landmarks.map(landmark => landmark[5]!),
        limbsInSight: limbsInSight(landmarks.map(landmark => landmark[5]!)),
      };
    }),
  );
  return { width, height, focal, people: people.length, times, frames };
}
