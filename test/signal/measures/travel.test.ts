import { describe, expect, test } from 'vitest';
import { groundAxes } from '../../../src/signal/measures/ground-axes.js';
import { betweenMeasures, jointMeasures } from '../../../src/signal/measures/joint-ways.js';
import type { Measurement } from '../../../src/signal/measures/measurement.js';
import { scaleByStature, scaleWithoutPerson, spreadBySize } from '../../../src/signal/measures/picture-scale.js';
import { SPEED_HZ, travelMeasures, zigzag } from '../../../src/signal/measures/travel.js';
import { waysOf } from '../../../src/signal/measures/way.js';
import { normal } from './jumper.js';

const EXACT = scaleWithoutPerson({ kind: 'given', pxPerMetre: 200 })!;
const every = (seconds: number, rate = 30) =>
  Array.from({ length: Math.round(seconds * rate) + 1 }, (_, i) => i / rate);

function travel(times: readonly number[], along: (t: number) => number, up: (t: number) => number = () => 1) {
  const [x, y] = [times.map(along), times.map(up)];
  return named(travelMeasures(waysOf(times, x, y), waysOf(times, x, y, SPEED_HZ), EXACT));
}

const named = (rows: readonly Measurement[]) => Object.fromEntries(rows.map(row => [row.measure, row]));

describe('the path of a person', () => {
  test('straight on at a constant speed', () => {
    const { distance, displacement, mean_speed, peak_speed, vertical_range } = travel(every(4), t => 1 - 1.5 * t);
    expect(distance?.value).toBeCloseTo(6, 2);
    expect(displacement?.value).toBeCloseTo(-6, 2);
    expect(mean_speed?.value).toBeCloseTo(1.5, 3);
    expect(Math.abs(peak_speed!.value - 1.5)).toBeLessThan(2 * peak_speed!.uncertainty);
    expect(vertical_range?.value).toBeCloseTo(0, 6);
    expect([distance?.from, distance?.to]).toEqual([0, 4]);
  });

  test('back and forth is a distance without displacement', () => {
    const { distance, displacement } = travel(every(8), t => 2 * Math.sin((Math.PI * t) / 4));
    expect(distance?.value).toBeCloseTo(8, 1);
    expect(displacement?.value).toBeCloseTo(0, 2);
    expect(distance?.note).toContain('turns: 2');
  });

  test('a person who stands with jitter does not move, however long', () => {
    const noise = normal(3);
    const jitter = () => 0.008 * noise();
    const { distance, mean_speed, peak_speed, vertical_range } = travel(every(60), jitter, jitter);
    expect(distance!.value).toBeLessThan(2 * distance!.uncertainty);
    expect(mean_speed!.value).toBeLessThan(0.01);
    expect(vertical_range!.value).toBeLessThan(2 * vertical_range!.uncertainty);
    expect(peak_speed!.value).toBeLessThan(2 * peak_speed!.uncertainty);
  });

  test('jitter does not make a distance longer', () => {
    const noise = normal(5);
    const { distance, peak_speed } = travel(every(10), t => 1.2 * t + 0.01 * noise());
    expect(Math.abs(distance!.value - 12)).toBeLessThan(2 * distance!.uncertainty);
    expect(distance!.uncertainty).toBeLessThan(0.1);
    expect(Math.abs(peak_speed!.value - 1.2)).toBeLessThan(2 * peak_speed!.uncertainty);
  });

  test('single jumps count as errors', () => {
    const { distance, peak_speed } = travel(every(4), t => t + (Math.abs(t - 2) < 0.01 ? 0.7 : 0));
    expect(distance?.value).toBeCloseTo(4, 2);
    expect(peak_speed!.value).toBeLessThan(1.1);
  });

  test('a peak is found at uneven times as well', () => {
    const speed = 1.4;
    const times = every(6).map((t, i) => t + 0.006 * Math.sin(i * 2.3));
    // It rises to its peak and falls again: 1.4 m/s at 3 s.
    const { peak_speed } = travel(times, t => speed * (t / 2 - (3 / (2 * Math.PI)) * Math.sin((Math.PI * t) / 3)));
    expect(Math.abs(peak_speed!.value - speed)).toBeLessThan(2 * peak_speed!.uncertainty);
    expect(peak_speed!.note).toContain('Butterworth 3 Hz');
  });

  test('short gaps are filled; in gaps of up to a second the path is straight, longer ones do not count', () => {
    const seen = (from: number, to: number) => (t: number) => (t > from && t < to ? Number.NaN : t);
    expect(travel(every(4), seen(1, 1.2)).distance?.value).toBeCloseTo(4, 3);
    const straight = travel(every(4), seen(1, 1.9));
    expect(straight.distance?.value).toBeCloseTo(4, 2);
    expect(straight.mean_speed?.value).toBeCloseTo(1, 2);
    expect(straight.distance?.note).toMatch(/not seen for 0\.90 s$/);
    const { distance, displacement, mean_speed } = travel(every(4), seen(1, 2.5));
    expect(distance?.value).toBeCloseTo(2.5, 1);
    expect(distance?.note).toContain('not seen for 1.50 s; the way in gaps of more than 1 s is not counted');
    expect(displacement?.value).toBeCloseTo(4, 3);
    expect(mean_speed?.value).toBeCloseTo(1, 3);
  });

  test('a person seen only briefly has no values', () => {
    expect(travelMeasures(waysOf([0, 0.1], [0, 1], [0, 1]), waysOf([0, 0.1], [0, 1], [0, 1]), EXACT)).toEqual([]);
    const unseen = every(2).map(() => Number.NaN);
    expect(waysOf(every(2), unseen, unseen).ways).toEqual([]);
  });

  test('few frames per second lower the cutoff', () => {
    const times = every(6, 10);
    const ways = waysOf(times, times, times);
    expect(ways.cutoffHz).toBeCloseTo(3.5, 6);
  });

  test('the estimated jitter is right', () => {
    const noise = normal(11);
    const [x, y] = [every(60).map(t => t + 0.01 * noise()), every(60).map(() => 0.01 * noise())];
    expect(waysOf(every(60), x, y).jitter).toBeCloseTo(0.01, 3);
  });

  test('a zigzag is the sum of its legs except those within the band', () => {
    expect(zigzag([0, 1, 2, 1.99, 3, 2, 4], 0.1)).toEqual({ length: 3 + 1 + 2, turns: 2 });
    expect(zigzag([0, 0.05, -0.05, 0.02], 0.1)).toEqual({ length: 0.02, turns: 0 });
    expect(zigzag([], 0.1)).toEqual({ length: 0, turns: 0 });
  });
});

describe('the path of a joint', () => {
  test('a circle has its circumference and its speed', () => {
    const times = every(4);
    const ways = waysOf(
      times,
      times.map(t => 0.5 * Math.cos(Math.PI * t)),
      times.map(t => 0.5 * Math.sin(Math.PI * t)),
    );
    const { wrist_path: path, wrist_peak_speed: peak } = named(jointMeasures('wrist', ways, EXACT));
    expect(Math.abs(path!.value - 2 * Math.PI)).toBeLessThan(2 * path!.uncertainty);
    expect(path!.uncertainty).toBeLessThan(0.1);
    expect(Math.abs(peak!.value - Math.PI / 2)).toBeLessThan(2 * peak!.uncertainty);
  });

  test('it continues in a short gap, but not in a longer one, and the note says so', () => {
    const times = every(6);
    const circle = (from: number, to: number) => {
      const seen = (value: (t: number) => number) => times.map(t => (t > from && t < to ? Number.NaN : value(t)));
      const ways = waysOf(
        times,
        seen(t => 0.5 * Math.cos(Math.PI * t)),
        seen(t => 0.5 * Math.sin(Math.PI * t)),
      );
      return named(jointMeasures('wrist', ways, EXACT)).wrist_path!;
    };
    const short = circle(2, 2.9);
    expect(Math.abs(short.value - 3 * Math.PI)).toBeLessThan(2 * short.uncertainty);
    expect(short.uncertainty).toBeLessThan(0.35);
    const long = circle(2, 4);
    expect(long.value).toBeCloseTo(2 * Math.PI, 0);
    expect(long.note).toContain('the way in gaps of more than 1 s is not counted');
  });

  test('the distance of two joints has a largest and a mean value', () => {
    const times = every(4);
    const ways = waysOf(
      times,
      times.map(t => 0.3 + 0.3 * Math.sin((Math.PI * t) / 4)),
      times.map(() => 0),
    );
    const { a_b_apart_max: most, a_b_apart_mean: mean } = named(betweenMeasures('a_b', ways, EXACT));
    expect(Math.abs(most!.value - 0.6)).toBeLessThan(2 * most!.uncertainty);
    expect(Math.abs(mean!.value - (0.3 + 0.6 / Math.PI))).toBeLessThan(2 * mean!.uncertainty);
  });
});

describe('the scale', () => {
  test('from a line is as accurate as its ends: one pixel each', () => {
    const scale = scaleWithoutPerson({ kind: 'line', line: { x1: 10, y1: 10, x2: 310, y2: 410 }, metres: 2 })!;
    expect(scale.pxPerMetre).toBe(250);
    expect(scale.relative).toBeCloseTo(Math.SQRT2 / 500, 10);
  });

  test('from a height has its spread and that of body proportions', () => {
    const scale = scaleByStature(2, 400, 0.04);
    expect(scale.pxPerMetre).toBe(200);
    expect(scale.relative).toBeCloseTo(Math.hypot(0.005, 0.04, 0.03), 10);
  });

  test('spreads with a changing size', () => {
    expect(spreadBySize(EXACT, 0.3).relative).toBeCloseTo(0.3 / Math.sqrt(12), 10);
  });

  test('contributes an error that grows with the distance', () => {
    const times = every(10);
    const ways = waysOf(
      times,
      times,
      times.map(() => 0),
    );
    const [distance] = travelMeasures(ways, ways, spreadBySize(EXACT, 0.1));
    expect(distance!.uncertainty).toBeCloseTo(10 * (0.1 / Math.sqrt(12)), 1);
  });
});

describe('the ground', () => {
  const line = { x1: 100, y1: 300, x2: 500, y2: 400 };

  test.each([line, { x1: 500, y1: 400, x2: 100, y2: 300 }])('%j is level, from either end', ground => {
    const { along, up } = groundAxes(ground);
    expect(up(500, 400) - up(100, 300)).toBeCloseTo(0, 9);
    expect(along(500, 400) - along(100, 300)).toBeCloseTo(Math.hypot(400, 100), 9);
    // Up is perpendicular to it, towards the top.
    expect(up(300 + 25, 350 - 100) - up(300, 350)).toBeCloseTo(Math.hypot(25, 100), 9);
  });

  test("without a line it is the picture's horizontal", () => {
    const { along, up } = groundAxes(undefined);
    expect([along(12, 34), up(12, 34)]).toEqual([12, -34]);
  });
});
