import { describe, expect, test } from 'vitest';
import { Unwrapper } from '../../src/signal/unwrap.js';

function unwrapped(angles: readonly (number | undefined)[], turn?: number) {
  const series = new Unwrapper(turn);
  return angles.map(angle => series.next(angle));
}

describe('unwrapping angles', () => {
  test('turns jumps into steps, forward and backward', () => {
    expect(unwrapped([170, 179, -172, -160, 178, 165])).toEqual([170, 179, 188, 200, 178, 165]);
    expect(unwrapped([-175, 176, 100, 10, -90, 175])).toEqual([-175, -184, -260, -350, -450, -545]);
  });

  test('counts several turns', () => {
    const turns = Array.from({ length: 100 }, (_, i) => i * 37);
    expect(unwrapped(turns.map(angle => ((angle + 180) % 360) - 180))).toEqual(turns);
  });

  test('continues across a gap with the nearest angle', () => {
    expect(unwrapped([170, undefined, undefined, -170])).toEqual([170, undefined, undefined, 190]);
    expect(unwrapped([undefined, -170, undefined, 5])).toEqual([undefined, -170, undefined, 5]);
  });

  test('accepts radians as well', () => {
    expect(unwrapped([3, -3], 2 * Math.PI)[1]).toBeCloseTo(2 * Math.PI - 3, 12);
  });
});
