import { describe, expect, test } from 'vitest';
import { StepRate } from '../../src/signal/step-rate.js';

function rateOf(times: readonly number[]): StepRate {
  const steps = new StepRate();
  for (const time of times) steps.add(time);
  return steps;
}

const even = (count: number, step: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * step);

describe('the rate of frames', () => {
  test('is that of even frames, to a millionth', () => {
    expect(rateOf(even(90, 1001 / 30000)).rate).toBeCloseTo(30000 / 1001, 4);
    expect(rateOf(even(90, 1001 / 30000)).pauses).toEqual({ count: 0, longest: 0 });
  });

  test('is the average where steps vary', () => {
    expect(rateOf([0, 0.03, 0.07, 0.1]).rate).toBeCloseTo(30, 6);
  });

  test('leaves out pauses, and counts them', () => {
    const steps = rateOf([...even(20, 0.04), ...even(20, 0.04, 600), ...even(20, 0.04, 630)]);
    expect(steps.rate).toBeCloseTo(25, 6);
    expect(steps.pauses).toEqual({ count: 2, longest: expect.closeTo(599.24, 6) });
  });

  test('is 0 for one frame, and for none', () => {
    expect([rateOf([]).rate, rateOf([1]).rate]).toEqual([0, 0]);
  });

  test('is that of the only step, however long', () => {
    expect(rateOf([0, 600]).rate).toBeCloseTo(1 / 600, 9);
  });
});
