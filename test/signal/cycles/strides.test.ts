import { describe, expect, test } from 'vitest';
import type { GaitEvent, Walk } from '../../../src/signal/cycles/gait-events.js';
import { summarizeGait } from '../../../src/signal/cycles/gait-summary.js';
import { type Stride, stridesOf } from '../../../src/signal/cycles/strides.js';

const event = (kind: GaitEvent['kind'], side: GaitEvent['side'], time: number): GaitEvent => ({
  kind,
  side,
  time,
  frame: Math.round(time * 100),
  walk: 0,
});
const strike = (side: GaitEvent['side'], time: number) => event('heel_strike', side, time);
const off = (side: GaitEvent['side'], time: number) => event('toe_off', side, time);
const walk = (...events: GaitEvent[]): Walk => {
  return { from: 0, to: 400, heading: 'right', events: events.sort((a, b) => a.time - b.time) };
};

/** A stride of one second; the right foot strikes after 0.54 s, the left one stands for 0.62 s, the right for 0.6 s. */
const LIMPING = walk(
  strike('left', 1),
  off('right', 1.14),
  strike('right', 1.54),
  off('left', 1.62),
  strike('left', 2),
  off('right', 2.14),
  strike('right', 2.54),
  off('left', 2.62),
  strike('left', 3),
);

const measured = (stride: Stride, stepLength?: number, strideLength?: number) => ({
  ...stride,
  stepLength,
  strideLength,
});

describe('strides', () => {
  test('go from a heel strike to the next one of the same foot, with their steps and phases', () => {
    const strides = stridesOf([LIMPING]);
    expect(strides.map(({ side, start, end }) => [side, start, end])).toEqual([
      ['left', 1, 2],
      ['right', 1.54, 2.54],
      ['left', 2, 3],
    ]);
    const [left, right] = strides;
    expect(left?.step).toBeCloseTo(0.46, 9);
    expect(right?.step).toBeCloseTo(0.54, 9);
    expect(left?.stance).toBeCloseTo(0.62, 9);
    expect(right?.stance).toBeCloseTo(0.6, 9);
    // The right foot leaves 0.14 s after the left one strikes, the left one 0.08 s after the right one strikes.
    expect(left?.doubleSupport).toBeCloseTo(0.22, 9);
    expect(right?.doubleSupport).toBeCloseTo(0.22, 9);
  });

  test('phases without a toe-off stay unknown, and so do those with two', () => {
    const without = stridesOf([walk(...LIMPING.events.filter(({ kind, time }) => kind !== 'toe_off' || time > 1.9))]);
    expect(without[0]).toMatchObject({ stance: undefined, doubleSupport: undefined });
    expect(without[1]).toMatchObject({ doubleSupport: undefined });
    const twice = stridesOf([walk(...LIMPING.events, off('left', 1.7))]);
    expect(twice[0]?.stance).toBeUndefined();
  });

  test('a flight is a double support below 0', () => {
    const run = walk(
      strike('left', 0),
      off('left', 0.25),
      strike('right', 0.35),
      off('right', 0.6),
      strike('left', 0.7),
      off('left', 0.95),
      strike('right', 1.05),
    );
    expect(stridesOf([run])[1]?.doubleSupport).toBeCloseTo(-0.2, 9);
  });

  test('none crosses from one walk into the next', () => {
    const [first, second] = [LIMPING.events.slice(0, 4), LIMPING.events.slice(4)];
    expect(stridesOf([walk(...first), walk(...second)]).map(({ start }) => start)).toEqual([2]);
  });
});

describe('the summary of a gait', () => {
  const strides = stridesOf([LIMPING]);

  test('has the means of each foot, and their difference', () => {
    const lengths = strides.map(stride => measured(stride, stride.side === 'left' ? 0.5 : 0.6, 1.1));
    const summary = summarizeGait(lengths);
    expect(summary.cadence).toBeCloseTo(120, 9);
    expect(summary.left.stance.mean).toBeCloseTo(0.62, 9);
    expect(summary.right.swing.mean).toBeCloseTo(0.4, 9);
    expect(summary.left.stride).toMatchObject({ count: 2, mean: 1 });
    expect(summary.speed.mean).toBeCloseTo(1.1, 9);
    // |0.46 - 0.54| / 0.5, and so on.
    expect(summary.asymmetry.step).toBeCloseTo(16, 9);
    expect(summary.asymmetry.stance).toBeCloseTo((100 * 0.02) / 0.61, 9);
    expect(summary.asymmetry.stepLength).toBeCloseTo((100 * 0.1) / 0.55, 9);
  });

  test('has no number without strides', () => {
    const summary = summarizeGait(strides.slice(0, 1).map(stride => measured(stride)));
    expect(summary.left.stride.deviation).toBeNaN();
    expect(summary.right.step).toMatchObject({ count: 0, mean: Number.NaN });
    expect(summary.asymmetry.step).toBeNaN();
    expect(summary.strideLength.mean).toBeNaN();
  });
});
