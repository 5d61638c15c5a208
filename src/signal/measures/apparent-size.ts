import { LEGS, LIMB_JOINTS } from '../../model/body.js';

/** A landmark in the picture, in pixels, and in space, in the networks' metres; NaN if uncertain. */
export interface SizedLandmark {
  readonly xPx: number;
  readonly yPx: number;
  readonly worldX: number;
  readonly worldY: number;
  readonly worldZ: number;
}

/**
 * Minimum distance from hip to ankle, as a share of thigh plus shank: for a crouching person the networks underestimate
 * limbs that point at the camera, and the person would seem to shrink.
 */
const STRAIGHT_LEGS = 0.9;
/** Fewer joints do not determine a size. */
const LEAST_JOINTS = 6;
/** A size is the median over this duration. */
const WINDOW_SECONDS = 0.5;
const LEAST_SIZES = 5;

/**
 * Pixels per metre of the networks at a person: distances of trunk and limb joints in the picture, over their distances
 * in space across the picture. Postures change both alike. NaN for a person who crouches or is hardly visible.
 */
export function apparentSize(landmarks: readonly SizedLandmark[]): number {
  if (!(legStraightness(landmarks) >= STRAIGHT_LEGS)) return Number.NaN;
  const sure = LIMB_JOINTS.map(id => landmarks[id]!).filter(
    ({ xPx, yPx, worldX, worldY }) => !Number.isNaN(xPx + yPx + worldX + worldY),
  );
  if (sure.length < LEAST_JOINTS) return Number.NaN;
  const scatter = (of: 'xPx' | 'yPx' | 'worldX' | 'worldY') => {
    const middle = sure.reduce((sum, mark) => sum + mark[of], 0) / sure.length;
    return sure.reduce((sum, mark) => sum + (mark[of] - middle) ** 2, 0);
  };
  return Math.sqrt((scatter('xPx') + scatter('yPx')) / (scatter('worldX') + scatter('worldY')));
}

/** From hip to ankle over thigh plus shank, of both legs. */
function legStraightness(landmarks: readonly SizedLandmark[]): number {
  let [direct, along] = [0, 0];
  for (const [hip, knee, ankle] of LEGS.map(ids => ids.map(id => landmarks[id]!))) {
    direct += apart(hip!, ankle!);
    along += apart(hip!, knee!) + apart(knee!, ankle!);
  }
  return direct / along;
}

function apart(a: SizedLandmark, b: SizedLandmark): number {
  return Math.hypot(a.worldX - b.worldX, a.worldY - b.worldY, a.worldZ - b.worldZ);
}

/**
 * From the smallest to the largest size of a person, as a share of the median: 0 for a person who stays in one plane.
 * Undefined if too little was seen.
 * @param times in seconds @param sizes by frame, NaN if absent
 */
export function sizeChange(times: readonly number[], sizes: readonly number[]): number | undefined {
  const windows: number[][] = [];
  let began = Number.NaN;
  for (const [i, size] of sizes.entries()) {
    if (Number.isNaN(size)) continue;
    if (!(times[i]! - began < WINDOW_SECONDS && times[i]! >= began)) {
      windows.push([]);
      began = times[i]!;
    }
    windows.at(-1)!.push(size);
  }
  const medians = windows.filter(({ length }) => length >= LEAST_SIZES).map(middleOf);
  if (medians.length === 0) return undefined;
  const [least = 0, most = 0] = [medians.reduce((a, b) => Math.min(a, b)), medians.reduce((a, b) => Math.max(a, b))];
  return (most - least) / middleOf(medians);
}

function middleOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
