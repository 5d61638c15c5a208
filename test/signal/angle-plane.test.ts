import { expect, test } from 'vitest';
import { lineTurnedOut, planeTurnedOut } from '../../src/signal/angle-plane.js';
import type { Vector } from '../../src/signal/vector.js';

const DOWN: Vector = [0, -1, 0];
const RADIANS = Math.PI / 180;
/** Towards the left of a person who faces this many degrees out of the picture plane. */
const leftOf = (turned: number): Vector => [-Math.sin(turned * RADIANS), 0, Math.cos(turned * RADIANS)];
/**
 * A shank below an upright thigh, with the knee bent by an angle, of a person who faces another angle out of the
 * picture.
 */
const shank = (bent: number, turned: number): Vector => {
  const [back, down] = [Math.sin(bent * RADIANS), Math.cos(bent * RADIANS)];
  return [-back * Math.cos(turned * RADIANS), -down, -back * Math.sin(turned * RADIANS)];
};

test.each([0, 20, 45, 70, 90])(
  'a bent knee that faces %d degrees out of the picture has its plane turned by as much',
  turned => {
    for (const bent of [20, 60, 120]) {
      expect(planeTurnedOut(DOWN, shank(bent, turned), leftOf(turned))).toBeCloseTo(turned, 6);
    }
  },
);

test.each([0, 30, 90])('a straight knee has the plane in which it would bend, rotated by %d degrees', turned => {
  expect(planeTurnedOut(DOWN, DOWN, leftOf(turned))).toBeCloseTo(turned, 6);
  expect(planeTurnedOut(DOWN, shank(8, turned), leftOf(turned))).toBeCloseTo(turned, 6);
});

test('the plane rotates without a jump where the knee begins to bend in another plane than its hinge suggests', () => {
  const turns = Array.from(
    { length: 300 },
    (_, i) => planeTurnedOut(DOWN, shank(i / 10, 60), leftOf(20)) ?? Number.NaN,
  );
  expect(turns[0]).toBeCloseTo(20, 6);
  expect(turns.at(-1)).toBeCloseTo(60, 6);
  for (const [i, turn] of turns.slice(1).entries()) expect(Math.abs(turn - turns[i]!)).toBeLessThan(1);
});

test('a straight arm bends any way: its plane is the nearest to the picture', () => {
  expect(planeTurnedOut(DOWN, DOWN, undefined)).toBeCloseTo(0, 6);
  const towards: Vector = [0, -1, 1];
  expect(planeTurnedOut(towards, towards, undefined)).toBeCloseTo(45, 6);
  const ahead: Vector = [0, 0, 1];
  expect(planeTurnedOut(ahead, ahead, undefined)).toBeCloseTo(90, 6);
});

test('a line leaves the picture plane by its depth', () => {
  expect(lineTurnedOut([3, 4, 0])).toBe(0);
  expect(lineTurnedOut([1, 0, -1])).toBeCloseTo(45, 6);
  expect(lineTurnedOut([0, 0, 2])).toBeCloseTo(90, 6);
});

test('limbs without a length, or a hinge along the limb, have no plane', () => {
  expect(planeTurnedOut([0, 0, 0], DOWN, leftOf(0))).toBeUndefined();
  expect(planeTurnedOut(DOWN, DOWN, DOWN)).toBeUndefined();
  expect(lineTurnedOut([0, 0, 0])).toBeUndefined();
});
