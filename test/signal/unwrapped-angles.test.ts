import { expect, test } from 'vitest';
import type { Angle } from '../../src/signal/angles.js';
import { UnwrappedAngles } from '../../src/signal/unwrapped-angles.js';

const angle = (degrees2d: number | undefined, degrees3d?: number): Angle => ({
  name: 'left_thigh_segment',
  degrees2d,
  degrees3d,
  planeDegrees: 0,
  confidence: 1,
});
const follow = (values: readonly (number | undefined)[], step = 1 / 30) => {
  const unwrapped = new UnwrappedAngles();
  return values.map((value, frame) => unwrapped.next(0, frame * step, [angle(value)])[0]?.degrees2d);
};

test('a limb that rotates twice continues to 720 degrees and back', () => {
  const turn = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;
  const there = Array.from({ length: 73 }, (_, i) => i * 10);
  const path = [...there, ...[...there].reverse()];
  const found = follow(path.map(turn));
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(path[i]!, 9);
});

test('a short gap makes no difference; after one of more than a second angles restart in -180 to 180', () => {
  expect(follow([170, -175, undefined, undefined, -170])).toEqual([170, 185, undefined, undefined, 190]);
  const unwrapped = new UnwrappedAngles();
  unwrapped.next(0, 0, [angle(170)]);
  expect(unwrapped.next(0, 0.1, [angle(-170)])[0]?.degrees2d).toBe(190);
  expect(unwrapped.next(0, 1.2, [angle(-170)])[0]?.degrees2d).toBe(-170);
});

test('each person, and each type of angle, is unwrapped separately', () => {
  const unwrapped = new UnwrappedAngles();
  unwrapped.next(0, 0, [angle(170, -170)]);
  unwrapped.next(1, 0, [angle(-170)]);
  expect(unwrapped.next(0, 0.1, [angle(-170, 170)])[0]).toMatchObject({ degrees2d: 190, degrees3d: -190 });
  expect(unwrapped.next(1, 0.1, [angle(-175)])[0]?.degrees2d).toBe(-175);
});

test('continues from its state, which holds only people seen recently', () => {
  const before = new UnwrappedAngles();
  before.next(7, 0, [angle(170)]);
  before.next(0, 5, [angle(170)]);
  before.next(0, 5.1, [angle(-170)]);
  const turns = before.turnsAt(5.1);
  expect([...turns.keys()]).toEqual([0]);
  expect(new UnwrappedAngles(turns).next(0, 5.2, [angle(-160)])[0]?.degrees2d).toBe(200);
});
