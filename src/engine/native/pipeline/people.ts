import type { Box, PersonBox } from '../../../model/person-box.js';
import type { ColourPlane } from '../../../regions/letterbox.js';
import { intersectionOverUnion } from './detections.js';

/** Side of NanoDet's input. */
export const FINDER_SIZE = 416;
/**
 * Content of its input: blue, green and red, minus their mean and divided by their standard deviation, as in its
 * training (`normalize` in `config/nanodet-g.yml` of RangiLyu/nanodet; `keep_ratio` there is the letterbox). With red,
 * green and blue of 0-1 it would miss a third of the people that it finds this way.
 */
export const FINDER_PLANES: readonly ColourPlane[] = [
  { colour: 'blue', scale: 1 / 57.375, offset: -103.53 / 57.375 },
  { colour: 'green', scale: 1 / 57.12, offset: -116.28 / 57.12 },
  { colour: 'red', scale: 1 / 58.395, offset: -123.675 / 58.395 },
];
/** Default minimum score of a person. */
export const LEAST_SCORE = 0.35;

/** Cells along a side of NanoDet's heads, in the order of its outputs. */
const GRIDS = [52, 26, 13] as const;
/** COCO's classes; the first is a person. */
const CLASSES = 80;
/**
 * Each of a box's four distances is a mean of this many numbers, 0, 1, 2 ... cells, weighted by the network's
 * probabilities.
 */
const STEPS = 11;
/** Of two boxes that overlap by more, the more certain one stays. */
const SAME_PERSON = 0.5;

/** NanoDet's outputs, fine grid first; each grid row by row. */
export interface FinderTensors {
  /** For each grid: cells x 80, 0-1. */
  readonly scores: readonly Float32Array[];
  /** For each grid: cells x 44, logits: left, top, right, bottom with 11 each. */
  readonly distances: readonly Float32Array[];
}

interface ScoredBox {
  readonly score: number;
  /** Left, top, right, bottom in fractions of the input. */
  readonly box: readonly [number, number, number, number];
}

/** Mean of 0, 1, 2 ... by the softmax of some logits (generalised focal loss: Li et al., 2020, arXiv:2006.04388). */
function expectation(logits: Float32Array, start: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < STEPS; step++) highest = Math.max(highest, logits[start + step]!);
  let [total, sum] = [0, 0];
  for (let step = 0; step < STEPS; step++) {
    const share = Math.exp(logits[start + step]! - highest);
    total += share;
    sum += step * share;
  }
  return sum / total;
}

function candidates({ scores, distances }: FinderTensors, leastScore: number): ScoredBox[] {
  return GRIDS.flatMap((cells, grid) => {
    const found: ScoredBox[] = [];
    for (let cell = 0; cell < cells * cells; cell++) {
      const score = scores[grid]![cell * CLASSES]!;
      if (score < leastScore) continue;
      const x = (cell % cells) + 0.5;
      const y = Math.floor(cell / cells) + 0.5;
      const distance = (side: number) => expectation(distances[grid]!, (4 * cell + side) * STEPS);
      const box = [x - distance(0), y - distance(1), x + distance(2), y + distance(3)] as const;
      found.push({ score, box: [box[0] / cells, box[1] / cells, box[2] / cells, box[3] / cells] });
    }
    return found;
  });
}

/** Non-maximum suppression: the most certain first, and none that shares more than half with a more certain one. */
function suppress(found: readonly ScoredBox[]): ScoredBox[] {
  const people: ScoredBox[] = [];
  for (const candidate of [...found].sort((a, b) => b.score - a.score)) {
    const isNew = people.every(({ box }) => intersectionOverUnion(box, candidate.box) <= SAME_PERSON);
    if (isNew) people.push(candidate);
  }
  return people;
}

/**
 * The people that NanoDet detects, the most certain first (`get_bboxes` in `nanodet/model/head/gfl_head.py` of
 * RangiLyu/nanodet).
 * @param seen the square shown in its input, in pixels of the picture
 * @param part of the picture; boxes are clamped to it
 * @param leastScore minimum score, 0-1
 */
export function peopleOf(tensors: FinderTensors, seen: Box, part: Box, leastScore: number): PersonBox[] {
  const side = seen.right - seen.left;
  const x = (place: number) => Math.min(part.right, Math.max(part.left, seen.left + place * side));
  const y = (place: number) => Math.min(part.bottom, Math.max(part.top, seen.top + place * side));
  return suppress(candidates(tensors, leastScore)).map(({ score, box }) => ({
    left: x(box[0]),
    top: y(box[1]),
    right: x(box[2]),
    bottom: y(box[3]),
    score,
  }));
}
