import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { LANDMARK_IDS, LIMB_JOINTS } from '../../../src/model/body.js';

/** A point in the picture in pixels. */
export type Point2 = readonly [x: number, y: number];
/** A point in metres: to the picture's right, down, away from the camera. */
export type Point3 = readonly [x: number, y: number, z: number];

/**
 * The id of the same landmark on the other side. Nose: itself. Eyes count inner, middle, outer, first left then right.
 */
export function otherSide(id: number): number {
  if (id === 0) return 0;
  if (id >= 1 && id <= 6) return id <= 3 ? id + 3 : id - 3;
  return id % 2 === 1 ? id + 1 : id - 1;
}

/** The same points with the names of left and right swapped. */
export function swapSides<T>(points: readonly T[]): T[] {
  return points.map((_, id) => points[otherSide(id)]!);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value that a fraction `q` (0-1) of the values do not exceed, without interpolation. NaN without values. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;
}

function middle(points: readonly Point3[], a: number, b: number): Point3 {
  return [0, 1, 2].map(k => (points[a]![k]! + points[b]![k]!) / 2) as unknown as Point3;
}

/**
 * Length in pixels of the true torso, from the middle of the shoulders to the middle of the hips, as it would appear if
 * it lay across the view at the depth of the hips: metres times `focal` (pixels) over depth. A torso that leans towards
 * the camera does not shrink, and with it the yardstick.
 */
export function torsoLength(camera: readonly Point3[], focal: number): number {
  const shoulders = middle(camera, LANDMARK_IDS.left_shoulder, LANDMARK_IDS.right_shoulder);
  const hips = middle(camera, LANDMARK_IDS.left_hip, LANDMARK_IDS.right_hip);
  return (Math.hypot(...shoulders.map((value, k) => value - hips[k]!)) * focal) / hips[2];
}

/** Distance of each limb joint to its truth, in pixels. */
export function jointErrors(predicted: readonly Point2[], truth: readonly Point2[]): number[] {
  return LIMB_JOINTS.map(id => Math.hypot(predicted[id]![0] - truth[id]![0], predicted[id]![1] - truth[id]![1]));
}

/**
 * Percentage of correct keypoints, 0-1: the part of the limb joints no further from their truth than `alpha` times the
 * torso (Yang and Ramanan, "Articulated Human Detection with Flexible Mixtures of Parts", PAMI 2013; with the torso as
 * the yardstick as in Sapp and Taskar's FLIC, where theirs is the side of the bounding box).
 */
export function pck(errors: readonly number[], torso: number, alpha: number): number {
  return errors.filter(error => error <= alpha * torso).length / errors.length;
}

/** Whether the prediction is nearer to the truth with its left and right swapped. */
export function isSwapped(predicted: readonly Point2[], truth: readonly Point2[]): boolean {
  return mean(jointErrors(swapSides(predicted), truth)) < mean(jointErrors(predicted, truth));
}

function rooted(points: readonly Point3[]): Point3[] {
  const root = middle(points, LANDMARK_IDS.left_hip, LANDMARK_IDS.right_hip);
  return points.map(point => point.map((value, k) => value - root[k]!) as unknown as Point3);
}

const distance = (a: Point3, b: Point3) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/**
 * Mean per-joint position error in metres over the limb joints, both poses moved to the middle of their hips (MPJPE,
 * "Protocol 1": Ionescu et al., "Human3.6M", PAMI 2014).
 */
export function rootAlignedError(predicted: readonly Point3[], truth: readonly Point3[]): number {
  const a = rooted(predicted);
  const b = rooted(truth);
  return mean(LIMB_JOINTS.map(id => distance(a[id]!, b[id]!)));
}

/** The points relative to their own centre, one row each. */
function centred(points: readonly Point3[]): Matrix {
  const matrix = new Matrix(LIMB_JOINTS.map(id => [...points[id]!]));
  return matrix.subRowVector(matrix.mean('column'));
}

/**
 * The same after the best turn, scale and shift (PA-MPJPE, "Protocol 2", same paper). The turn is that of Umeyama,
 * "Least-squares estimation of transformation parameters between two point patterns", PAMI 1991: the singular vectors
 * of the covariance, mirrored back where need be.
 */
export function procrustesError(predicted: readonly Point3[], truth: readonly Point3[]): number {
  const from = centred(predicted);
  const to = centred(truth);
  const svd = new SingularValueDecomposition(to.transpose().mmul(from));
  const u = svd.leftSingularVectors;
  const v = svd.rightSingularVectors;
  const isMirrored = determinant(u) * determinant(v) < 0;
  const signs = [1, 1, isMirrored ? -1 : 1];
  const turn = u.mmul(Matrix.diag(signs)).mmul(v.transpose());
  const scale = svd.diagonal.reduce((sum, value, k) => sum + value * signs[k]!, 0) / from.clone().pow(2).sum();
  const moved = turn.mmul(from.transpose()).mul(scale).transpose();
  return mean(
    moved
      .sub(to)
      .to2DArray()
      .map(row => Math.hypot(...row)),
  );
}

function determinant(m: Matrix): number {
  const [a, b, c, d, e, f, g, h, i] = m.to1DArray();
  return a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!);
}

/**
 * Mean acceleration error in pixels per frame^2 over the limb joints: the length of the difference between the second
 * differences of prediction and truth, over three frames in a row (as in VIBE: Kocabas et al., CVPR 2020, there in
 * mm/s^2). It sees jitter, not a steady offset.
 */
export function accelerationError(
  predicted: readonly [readonly Point2[], readonly Point2[], readonly Point2[]],
  truth: readonly [readonly Point2[], readonly Point2[], readonly Point2[]],
): number {
  const second = (frames: typeof predicted, id: number, k: 0 | 1) =>
    frames[0][id]![k] - 2 * frames[1][id]![k] + frames[2][id]![k];
  return mean(
    LIMB_JOINTS.map(id =>
      Math.hypot(second(predicted, id, 0) - second(truth, id, 0), second(predicted, id, 1) - second(truth, id, 1)),
    ),
  );
}
