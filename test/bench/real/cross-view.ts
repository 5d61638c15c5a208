/**
 * How right landmarks are on footage without labels: several calibrated, synchronous cameras film one person. Each
 * joint is triangulated from the other views and projected into this one; the distance there, in millimetres at the
 * joint's depth, is the error. The same numbers as `crossview.mjs` beside the footage, which is the measure that all
 * share.
 */
import { readFile } from 'node:fs/promises';
import { readCsv } from '../../support/csv.js';
import type { Point2, Point3 } from '../accuracy/metrics.js';

/** A pinhole camera with OpenCV's distortion. */
export interface Camera {
  /** Pixels, across and down. */
  readonly focal: Point2;
  readonly centre: Point2;
  /** k1, k2, p1, p2, k3. */
  readonly distortions: readonly number[];
  /** From the world's axes to the camera's, by row. */
  readonly rotation: readonly Point3[];
  /** Metres. */
  readonly translation: Point3;
}

/** A joint in a view: its position in pixels, and the tool's confidence. */
export interface SeenJoint {
  readonly x: number;
  readonly y: number;
  readonly visibility: number;
  readonly confidence: number;
}

/** Person 0 by frame and landmark id. */
export type View = readonly (readonly (SeenJoint | undefined)[] | undefined)[];

/** The visible joints of a man at a desk, by name. */
export const JUDGED_JOINTS = { shoulder: [11, 12], elbow: [13, 14], wrist: [15, 16] } as const;
type JudgedJoint = keyof typeof JUDGED_JOINTS;

/** A joint of one view compared with the other views. */
interface CrossViewError {
  readonly joint: JudgedJoint;
  readonly view: number;
  readonly frame: number;
  readonly millimetres: number;
  readonly confidence: number;
}

export interface CrossViewResult {
  readonly frames: number;
  /** Joints times frames times views: missing joints, and those in too few views, count only here. */
  readonly asked: number;
  readonly errors: readonly CrossViewError[];
  /** Frames of each view in which person 0 is missing. */
  readonly missing: readonly number[];
}

/** Number of other views needed to triangulate. */
const LEAST_OTHERS = 2;
/** An unseen joint still has a small weight, so that the equations do not become singular. */
const LEAST_WEIGHT = 0.01;
/** Iterations of undistortion, as in `crossview.mjs`. */
const ITERATIONS = 20;

/** Rodrigues' formula: the matrix of a rotation vector. */
function rotationMatrix(vector: readonly number[]): Point3[] {
  const angle = Math.hypot(...vector);
  const [x = 0, y = 0, z = 0] = vector.map(value => value / (angle || 1));
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const d = 1 - c;
  return [
    [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
    [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
    [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
  ];
}

/** The cameras of a `cameras.toml` as caliscope writes it, in its order. */
export async function readCameras(path: string): Promise<Camera[]> {
  const parts = (await readFile(path, 'utf8')).split(/^\[cameras\.\d+\]$/m).slice(1);
  return parts.map(text => {
    const value = (key: string): unknown => {
      const match = new RegExp(`^${key} = (\\[.*\\])$`, 'm').exec(text);
      if (!match) throw new TypeError(`${path}: a camera without ${key}`);
      return JSON.parse(match[1]!);
    };
    const matrix = value('matrix') as Point3[];
    const rotation = value('rotation') as number[] | Point3[];
    return {
      focal: [matrix[0]![0], matrix[1]![1]],
      centre: [matrix[0]![2], matrix[1]![2]],
      distortions: (value('distortions') as number[]).flat(),
      rotation: Array.isArray(rotation[0]) ? (rotation as Point3[]) : rotationMatrix((rotation as number[]).flat()),
      translation: (value('translation') as number[]).flat() as unknown as Point3,
    };
  });
}

/** Where the lens puts a point, in the same units (OpenCV's model of radial and tangential distortion). */
export function distort([k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0]: readonly number[], [x, y]: Point2): Point2 {
  const r = x * x + y * y;
  const radial = 1 + r * (k1 + r * (k2 + r * k3));
  return [x * radial + 2 * p1 * x * y + p2 * (r + 2 * x * x), y * radial + p1 * (r + 2 * y * y) + 2 * p2 * x * y];
}

/** Where a pixel would be at depth 1 without distortion, by fixed-point iteration (as `cv2.undistortPoints`). */
export function normalised({ focal, centre, distortions }: Camera, u: number, v: number): Point2 {
  const x0 = (u - centre[0]) / focal[0];
  const y0 = (v - centre[1]) / focal[1];
  let [x, y] = [x0, y0];
  for (let i = 0; i < ITERATIONS; i++) {
    const [dx, dy] = distort(distortions, [x, y]);
    x += x0 - dx;
    y += y0 - dy;
  }
  return [x, y];
}

/** A world point in a camera's axes, metres. */
export function inCamera({ rotation, translation }: Camera, place: Point3): Point3 {
  return rotation.map(
    (row, i) => row[0] * place[0] + row[1] * place[1] + row[2] * place[2] + translation[i]!,
  ) as unknown as Point3;
}

interface Observation {
  readonly camera: Camera;
  readonly at: Point2;
  readonly weight: number;
}

function determinant([a, b, c]: readonly Point3[]): number {
  return (
    a![0] * (b![1] * c![2] - b![2] * c![1]) -
    a![1] * (b![0] * c![2] - b![2] * c![0]) +
    a![2] * (b![0] * c![1] - b![1] * c![0])
  );
}

/** The point nearest to all rays: weighted linear least squares, by Cramer's rule on the normal equations. */
export function triangulate(observations: readonly Observation[]): Point3 {
  const normal = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  const right = [0, 0, 0];
  for (const { camera, at, weight } of observations) {
    for (const r of [0, 1] as const) {
      const row = [0, 1, 2].map(j => weight * (at[r] * camera.rotation[2]![j]! - camera.rotation[r]![j]!));
      const value = weight * (camera.translation[r] - at[r] * camera.translation[2]);
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) normal[i]![j]! += row[i]! * row[j]!;
        right[i]! += row[i]! * value;
      }
    }
  }
  const matrix = normal as unknown as Point3[];
  const whole = determinant(matrix);
  return [0, 1, 2].map(
    column =>
      determinant(matrix.map((row, r) => row.map((v, j) => (j === column ? right[r] : v)) as unknown as Point3)) /
      whole,
  ) as unknown as Point3;
}

/** Person 0 of a landmark table, by frame and landmark. */
export async function readView(csv: string): Promise<View> {
  const frames: (SeenJoint | undefined)[][] = [];
  for (const row of await readCsv(csv)) {
    frames[Number(row.frame_id)] ??= [];
    if (row.x_px === '' || Number(row.person_id ?? 0) !== 0) continue; // Python's table has no people.
    frames[Number(row.frame_id)]![Number(row.landmark_id)] = {
      x: Number(row.x_px),
      y: Number(row.y_px),
      visibility: Number(row.visibility),
      confidence: Number(row.confidence ?? row.visibility),
    };
  }
  return frames;
}

/**
 * Holds each view against the others. Cameras and views are in the same order.
 * @param references the views to triangulate from; the same ones by default, in which one bad view makes the others
 * look wrong as well
 */
export function judgeViews(
  cameras: readonly Camera[],
  views: readonly View[],
  references: readonly View[] = views,
): CrossViewResult {
  const frames = Math.min(...views.map(view => view.length));
  const errors: CrossViewError[] = [];
  let asked = 0;
  const joints = Object.entries(JUDGED_JOINTS) as [JudgedJoint, readonly number[]][];
  const judged = joints.flatMap(([joint, ids]) => ids.map(id => [joint, id] as const));
  for (let frame = 0; frame < frames; frame++) {
    for (const [joint, id] of judged) {
      const seen = views.map(view => view[frame]?.[id]);
      asked += views.length;
      const rays = references.map((view, v) => {
        const there = view[frame]?.[id];
        return there && { at: normalised(cameras[v]!, there.x, there.y), weight: weightOf(there) };
      });
      for (const [view, here] of seen.entries()) {
        const others = rays.flatMap((ray, v) => (v !== view && ray ? [{ camera: cameras[v]!, ...ray }] : []));
        if (!here || others.length < LEAST_OTHERS) continue;
        const millimetres = offBy(cameras[view]!, here, triangulate(others));
        errors.push({ joint, view, frame, millimetres, confidence: here.confidence });
      }
    }
  }
  const missing = views.map(
    view => Array.from({ length: frames }, (_, f) => view[f] ?? []).filter(f => f.length === 0).length,
  );
  return { frames, asked, errors, missing };
}

/** Distance in millimetres of a camera's joint from a point, at that point's depth. */
function offBy(camera: Camera, here: SeenJoint, place: Point3): number {
  const at = normalised(camera, here.x, here.y);
  const [x, y, z] = inCamera(camera, place);
  return 1000 * Math.abs(z) * Math.hypot(x / z - at[0], y / z - at[1]);
}

const weightOf = (joint: SeenJoint) => Math.max(LEAST_WEIGHT, joint.visibility);

/** The quantile as defined in `crossview.mjs`. */
export function quantileOf(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN;
}

/** The share of all required joints that are closer than a limit to the other views' position, 0-1. */
export function partWithin({ errors, asked }: CrossViewResult, millimetres: number): number {
  return errors.filter(error => error.millimetres < millimetres).length / asked;
}
