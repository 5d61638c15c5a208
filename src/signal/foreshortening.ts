import { BODY_GROUPS, idsOf, landmarkName, type PairedPart, pairOf, SIDES } from '../model/body.js';
import { LengthCounts } from './length-counts.js';
import { minus, type Vector } from './vector.js';

type Points = readonly (Vector | undefined)[];

/** A segment of the body that keeps its length, between the midpoints of some landmarks. */
interface Segment {
  readonly near: readonly number[];
  readonly far: readonly number[];
  /** Landmark ids that move with its far end. */
  readonly carries: readonly number[];
}

const ids = (...parts: readonly PairedPart[]) =>
  SIDES.map(side => idsOf(...parts.map(part => landmarkName(side, part))));

function limb(from: PairedPart, to: PairedPart, ...beyond: readonly PairedPart[]): Segment[] {
  return ids(from, to, ...beyond).map(([near, ...carries]) => ({
    near: [near!],
    far: carries.slice(0, 1),
    carries,
  }));
}

/** Segments with one length: trunk, thighs and shanks. */
const KINDS: readonly (readonly Segment[])[] = [
  [
    {
      near: pairOf('hip'),
      far: pairOf('shoulder'),
      carries: [
        ...BODY_GROUPS.face,
        ...pairOf('shoulder'),
        ...pairOf('elbow'),
        ...pairOf('wrist'),
        ...BODY_GROUPS.hand,
      ],
    },
  ],
  limb('hip', 'knee', 'ankle', 'heel', 'foot_index'),
  limb('knee', 'ankle', 'heel', 'foot_index'),
];

const MM = 1000;
/** Nearly the longest of all frames: the very longest are errors. */
const LENGTH_SHARE = 0.95;
/** Foreshortened by less than this fraction of its length, a segment may simply be measured wrongly ... */
const LEAST_SHORTENING = 0.1;
/** ... and from this one on it certainly points along the camera's axis. */
const SURE_SHORTENING = 0.25;

/**
 * Depth from segment lengths: a segment that is foreshortened in the picture must point towards the camera or away from
 * it (Taylor 2000, Reconstruction of articulated objects from point correspondences in a single uncalibrated image).
 * Networks underestimate such depth, but know its sign.
 */
export class Foreshortening {
  readonly #lengths = KINDS.map(() => new LengthCounts());

  /** @param points metres by landmark id: x and y across the picture, z along the camera's axis */
  add(points: Points): void {
    for (const [kind, segments] of KINDS.entries()) {
      for (const segment of segments) this.#lengths[kind]?.add(Math.hypot(...lineOf(points, segment)) * MM);
    }
  }

  /** For the frames added before: returns one frame's points with the depth that its lengths require. */
  corrector(): (points: Points) => Points {
    const lengths = this.#lengths.map(counts => counts.quantile(LENGTH_SHARE) / MM);
    return points => {
      const shifts = new Array<number>(points.length).fill(0);
      for (const [kind, segments] of KINDS.entries()) {
        for (const segment of segments) {
          const shift = shiftOf(lineOf(points, segment), lengths[kind]!);
          if (Number.isFinite(shift)) for (const id of segment.carries) shifts[id]! += shift;
        }
      }
      return points.map((point, id) => point && ([point[0], point[1], point[2] + shifts[id]!] as const));
    };
  }
}

function lineOf(points: Points, { near, far }: Segment): Vector {
  return minus(middle(points, far), middle(points, near));
}

function middle(points: Points, of: readonly number[]): Vector {
  const mean = (axis: 0 | 1 | 2) => of.reduce((sum, id) => sum + (points[id]?.[axis] ?? Number.NaN), 0) / of.length;
  return [mean(0), mean(1), mean(2)];
}

/** By how much the far end moves along the camera's axis. */
function shiftOf([x, y, depth]: Vector, length: number): number {
  const flat = Math.hypot(x, y);
  const least = Math.sqrt(Math.max(0, length ** 2 - flat ** 2));
  const share = (1 - flat / length - LEAST_SHORTENING) / (SURE_SHORTENING - LEAST_SHORTENING);
  const clamped = Math.min(1, Math.max(0, share));
  const weight = clamped ** 2 * (3 - 2 * clamped);
  const wanted = (depth < 0 ? -1 : 1) * Math.max(Math.abs(depth), least);
  return weight * (wanted - depth);
}
