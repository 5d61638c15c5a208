import { describe, expect, test } from 'vitest';
import { type Anchor, LabelPlaces, type Obstacles, type PlacedLabel } from '../../src/draw/label-places.js';
import type { Point } from '../../src/draw/stroke.js';

const SIZE = { width: 640, height: 480 };
/** A person from the side, whose left and right joints nearly coincide, in pixels from the head. */
const JOINTS: readonly Point[] = [
  [0, 0],
  [6, 2],
  [-14, 50],
  [-8, 52],
  [-20, 90],
  [-2, 94],
  [4, 120],
  [14, 126],
  [-12, 110],
  [-6, 110],
  [4, 160],
  [10, 166],
  [-10, 210],
  [22, 214],
].map(([x = 0, y = 0]) => ({ x, y }));
const RADIUS = 3;

function crowd(lefts: readonly number[], off = 0): { anchors: Anchor[]; obstacles: Obstacles } {
  const people = lefts.map(left => JOINTS.map(({ x, y }) => ({ x: left + x + off, y: 120 + y })));
  const anchors = people.flatMap((joints, person) =>
    joints.slice(2).map((joint, i) => ({
      ...joint,
      key: `${person}/${i}`,
      width: 36,
      height: 18,
      middle: { x: joints[8]!.x, y: joints[8]!.y },
    })),
  );
  const bones = people.flatMap(joints => joints.slice(1).map((joint, i) => [joints[i]!, joint] as const));
  return { anchors, obstacles: { joints: people.flat(), bones, jointRadius: RADIUS, boxes: [] } };
}

function overlapping(labels: readonly PlacedLabel[]): string[] {
  return labels.flatMap((one, i) =>
    labels
      .slice(i + 1)
      .filter(
        ({ box }) =>
          one.box.left < box.right && box.left < one.box.right && one.box.top < box.bottom && box.top < one.box.bottom,
      )
      .map(other => `${one.anchor.key} on ${other.anchor.key}`),
  );
}

const hidden = (labels: readonly PlacedLabel[], joints: readonly Point[]) =>
  joints.filter(({ x, y }) =>
    labels.some(({ box }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom),
  );

describe('places for labels', () => {
  test.each<[string, number[]]>([
    ['one person', [300]],
    ['four people beside each other', [80, 230, 390, 550]],
    ['two people who cross', [300, 318]],
    ['a person at the edge', [12]],
  ])('of %s: all in the picture, none on another or on a joint', (_, lefts) => {
    const { anchors, obstacles } = crowd(lefts);
    const labels = new LabelPlaces(SIZE).place(anchors, obstacles);
    expect(labels).toHaveLength(anchors.length);
    expect(overlapping(labels)).toEqual([]);
    expect(hidden(labels, obstacles.joints)).toEqual([]);
    for (const { box } of labels) {
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
      expect([box.right <= SIZE.width, box.bottom <= SIZE.height]).toEqual([true, true]);
    }
  });

  test('stay beside their joints while those move a little', () => {
    const places = new LabelPlaces(SIZE);
    const offsets = [0, 1, 2, 3, 2, 1, 0].map(off => {
      const { anchors, obstacles } = crowd([200, 330], off);
      return places.place(anchors, obstacles).map(({ anchor, box }) => [box.left - anchor.x, box.top - anchor.y]);
    });
    for (const [frame, after] of offsets.slice(1).entries()) {
      const moved = after.filter(([x = 0, y = 0], i) => {
        const [lastX = 0, lastY = 0] = offsets[frame]![i]!;
        return Math.hypot(x - lastX, y - lastY) > 2;
      });
      expect(moved.length).toBeLessThanOrEqual(2);
    }
  });

  test('keep off what else is written', () => {
    const { anchors, obstacles } = crowd([300]);
    const boxes = [{ left: 306, top: 100, right: 420, bottom: 360 }];
    const labels = new LabelPlaces(SIZE).place(anchors, { ...obstacles, boxes });
    expect(labels.filter(({ box }) => box.right > 306 && box.left < 420 && box.top < 360)).toEqual([]);
  });

  test('a picture too small for all has them all the same, inside', () => {
    const { anchors, obstacles } = crowd([30]);
    const labels = new LabelPlaces({ width: 80, height: 60 }).place(anchors, obstacles);
    expect(labels).toHaveLength(12);
    for (const { box } of labels) expect([box.right <= 80, box.bottom <= 60]).toEqual([true, true]);
  });
});
