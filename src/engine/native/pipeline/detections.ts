import type { Region } from '../../../model/region.js';
import { regionFromPoints, toPicture } from '../../../regions/region.js';

/** Side of the detector's input. */
export const DETECTOR_SIZE = 224;
/** Numbers for each box: centre, size, and four points. */
const BOX_NUMBERS = 12;
const POINTS = 4;
/** Scores are clipped to this before the logistic function (`TensorsToDetectionsCalculator`). */
const SCORE_LIMIT = 100;
/** Boxes that overlap by more belong to the same person (`NonMaxSuppressionCalculator`). */
const SAME_PERSON = 0.5;

/**
 * Cells along a side and anchors in each, from fine to coarse (`SsdAnchorsCalculator` with strides 8, 16, 32, 32, 32).
 */
const GRIDS = [
  { cells: 28, anchors: 2 },
  { cells: 14, anchors: 2 },
  { cells: 7, anchors: 6 },
] as const;

/** Centres of all 2254 anchors, x and y alternating, 0-1. All have size 1. */
const ANCHORS = Float32Array.from(
  GRIDS.flatMap(({ cells, anchors }) =>
    Array.from({ length: cells * cells * anchors }, (_, i) => {
      const cell = Math.floor(i / anchors);
      return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
    }),
  ).flat(),
);

/** A person from the detector, in fractions of its square input. */
interface Detection {
  readonly score: number;
  /** Left, top, right, bottom. */
  readonly box: readonly [number, number, number, number];
  /** Centre of the hips, top of the circle around the body, and two points of the upper body: x and y alternating. */
  readonly points: readonly number[];
}

function decode(boxes: Float32Array, i: number, score: number): Detection {
  const at = (k: number) => boxes[i * BOX_NUMBERS + k]! / DETECTOR_SIZE;
  const x = at(0) + ANCHORS[2 * i]!;
  const y = at(1) + ANCHORS[2 * i + 1]!;
  const points = Array.from({ length: 2 * POINTS }, (_, k) => at(4 + k) + ANCHORS[2 * i + (k % 2)]!);
  return { score, box: [x - at(2) / 2, y - at(3) / 2, x + at(2) / 2, y + at(3) / 2], points };
}

/** Of two boxes: left, top, right, bottom. */
export function intersectionOverUnion(a: Detection['box'], b: Detection['box']): number {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (across <= 0 || down <= 0) return 0;
  const area = (box: Detection['box']) => (box[2] - box[0]) * (box[3] - box[1]);
  return (across * down) / (area(a) + area(b) - across * down);
}

/** The mean of one person's boxes, weighted by their scores; its score is the best one's. */
function merged(detections: readonly Detection[]): Detection {
  const total = detections.reduce((sum, detection) => sum + detection.score, 0);
  const mean = (value: (detection: Detection) => number) =>
    detections.reduce((sum, detection) => sum + value(detection) * detection.score, 0) / total;
  return {
    score: detections[0]!.score,
    box: [mean(d => d.box[0]), mean(d => d.box[1]), mean(d => d.box[2]), mean(d => d.box[3])],
    points: detections[0]!.points.map((_, k) => mean(d => d.points[k]!)),
  };
}

/**
 * Weighted non-maximum suppression (`NonMaxSuppressionCalculator`, WEIGHTED): the best box absorbs those that overlap
 * it.
 */
function suppress(detections: readonly Detection[]): Detection[] {
  const people: Detection[] = [];
  let rest = [...detections].sort((a, b) => b.score - a.score);
  while (rest.length > 0) {
    const [best] = rest;
    const same = rest.filter(other => intersectionOverUnion(other.box, best!.box) > SAME_PERSON);
    if (same.length === 0) same.push(best!);
    people.push(merged(same));
    rest = rest.filter(other => !same.includes(other));
  }
  return people;
}

/**
 * The regions of detected people, the most certain first.
 * @param boxes raw output, 2254 x 12 @param scores raw output, 2254 logits
 * @param seen the region of the picture given to the detector
 * @param leastScore minimum score, 0-1
 */
export function regionsOfDetections(
  boxes: Float32Array,
  scores: Float32Array,
  seen: Region,
  leastScore: number,
): Region[] {
  const found: Detection[] = [];
  for (let i = 0; i < scores.length; i++) {
    const clipped = Math.max(-SCORE_LIMIT, Math.min(SCORE_LIMIT, scores[i]!));
    const score = 1 / (1 + Math.exp(-clipped));
    if (score >= leastScore) found.push(decode(boxes, i, score));
  }
  return suppress(found).map(({ points }) => {
    const [x, y] = toPicture(seen, points[0]!, points[1]!);
    const [upX, upY] = toPicture(seen, points[2]!, points[3]!);
    return regionFromPoints(x, y, upX, upY);
  });
}
