import { describe, expect, test } from 'vitest';
import { FINDER_SIZE, type FinderTensors, peopleOf } from '../../../src/engine/native/pipeline/people.js';
import type { Box } from '../../../src/model/person-box.js';

const GRIDS = [52, 26, 13];
const SEEN = { left: 0, top: 0, right: FINDER_SIZE, bottom: FINDER_SIZE };

interface Reported {
  readonly grid: number;
  readonly column: number;
  readonly row: number;
  readonly score: number;
  /** Whole cells to left, top, right and bottom. */
  readonly distances: readonly number[];
  readonly kind?: number;
}

/** The output of a network that is certain of each distance. */
function tensors(reported: readonly Reported[]): FinderTensors {
  const scores = GRIDS.map(cells => new Float32Array(cells * cells * 80));
  const distances = GRIDS.map(cells => new Float32Array(cells * cells * 44));
  for (const { grid, column, row, score, distances: sides, kind = 0 } of reported) {
    const cell = row * GRIDS[grid]! + column;
    scores[grid]![cell * 80 + kind] = score;
    for (const [side, distance] of sides.entries()) distances[grid]![(4 * cell + side) * 11 + distance] = 1000;
  }
  return { scores, distances };
}

/** In whole pixels. */
const edges = ({ left, top, right, bottom }: Box) => [left, top, right, bottom].map(Math.round);

describe('people of the finder', () => {
  test('a box is its cell with the distances from its centre, in the size of its grid', () => {
    const [fine, coarse] = peopleOf(
      tensors([
        { grid: 0, column: 10, row: 20, score: 0.9, distances: [1, 2, 3, 4] },
        { grid: 2, column: 6, row: 6, score: 0.5, distances: [1, 1, 1, 2] },
      ]),
      SEEN,
      SEEN,
      0.35,
    );
    // Cells of 8 pixels, with the centre of this one at 84, 164.
    expect(edges(fine!)).toEqual([76, 148, 108, 196]);
    expect(fine!.score).toBeCloseTo(0.9, 6);
    // Cells of 32 pixels, with the centre of this one at 208, 208.
    expect(edges(coarse!)).toEqual([176, 176, 240, 272]);
  });

  test('an uncertain distance is the mean of its possible values', () => {
    const doubtful = tensors([{ grid: 2, column: 6, row: 6, score: 0.5, distances: [1, 1, 1, 1] }]);
    doubtful.distances[2]!.fill(7);
    // All of 0 to 10 cells are equally likely: 5 cells of 32 pixels.
    expect(peopleOf(doubtful, SEEN, SEEN, 0.35).map(edges)).toEqual([[48, 48, 368, 368]]);
  });

  test('the most certain people come first; of two boxes that share more than half, the more certain one stays', () => {
    const reported = [
      { grid: 1, column: 5, row: 5, score: 0.5, distances: [2, 4, 2, 4] },
      { grid: 1, column: 5, row: 6, score: 0.7, distances: [2, 4, 2, 4] },
      { grid: 1, column: 9, row: 5, score: 0.8, distances: [2, 4, 2, 4] },
    ];
    const people = peopleOf(tensors(reported), SEEN, SEEN, 0.35);
    expect(people.map(({ score }) => Number(score.toFixed(3)))).toEqual([0.8, 0.7]);
  });

  test('leaves out uncertain boxes and objects other than people', () => {
    const reported = [
      { grid: 1, column: 5, row: 5, score: 0.3, distances: [2, 4, 2, 4] },
      { grid: 1, column: 15, row: 5, score: 0.9, distances: [2, 4, 2, 4], kind: 16 },
    ];
    expect(peopleOf(tensors(reported), SEEN, SEEN, 0.35)).toEqual([]);
    expect(peopleOf(tensors(reported), SEEN, SEEN, 0.2)).toHaveLength(1);
  });

  test('boxes are in pixels of the picture, clamped to the searched part', () => {
    const reported = [{ grid: 2, column: 0, row: 6, score: 0.9, distances: [9, 2, 2, 2] }];
    // The square shows twice its size in pixels, and begins left of the part.
    const seen = { left: 100, top: 300, right: 932, bottom: 1132 };
    const part = { left: 120, top: 300, right: 912, bottom: 1132 };
    expect(peopleOf(tensors(reported), seen, part, 0.35).map(edges)).toEqual([[120, 588, 260, 844]]);
  });
});
