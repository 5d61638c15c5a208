import { describe, expect, test } from 'vitest';
import { flightsOf, jumpMeasures } from '../../../src/signal/measures/jumps.js';
import { scaleWithoutPerson } from '../../../src/signal/measures/picture-scale.js';
import { waysOf } from '../../../src/signal/measures/way.js';
import { flightSeconds, type Jump, jumperAt, normal, STRETCH } from './jumper.js';

const SCALE = scaleWithoutPerson({ kind: 'given', pxPerMetre: 200 })!;

interface Filmed {
  readonly rate?: number;
  readonly seconds?: number;
  /** Of every landmark, in metres. */
  readonly jitter?: number;
  readonly timeOf?: (frame: number) => number;
  readonly isSeen?: (time: number) => boolean;
  readonly feetOf?: (time: number) => number;
  readonly hipsOf?: (time: number) => number;
}

function film(jumps: readonly Jump[], filmed: Filmed = {}) {
  const { rate = 30, seconds = 6, jitter = 0, isSeen = () => true } = filmed;
  const timeOf = filmed.timeOf ?? (frame => frame / rate);
  const times = Array.from({ length: Math.round(seconds * rate) }, (_, i) => timeOf(i));
  const noise = normal(7);
  const value = (of: (time: number) => number) =>
    times.map(time => (isSeen(time) ? of(time) + jitter * noise() : Number.NaN));
  const up = value(filmed.hipsOf ?? (time => jumperAt(time, jumps).hips));
  const lowest = value(filmed.feetOf ?? (time => jumperAt(time, jumps).feet));
  return {
    feet: { times, lowest },
    hips: waysOf(
      times,
      value(() => 0),
      up,
    ),
  };
}

function measured(jumps: readonly Jump[], filmed: Filmed = {}) {
  const { feet, hips } = film(jumps, filmed);
  return jumpMeasures(feet, hips, SCALE);
}

describe('jumps', () => {
  test.each([
    ['30 frames in a second', { at: 2.013, height: 0.3 }, { rate: 30 }],
    ['60 frames in a second', { at: 2.013, height: 0.3 }, { rate: 60 }],
    ['240 frames in a second', { at: 2.013, height: 0.45 }, { rate: 240 }],
    ['a low one', { at: 2.02, height: 0.08 }, { rate: 60 }],
    ['landmarks that jitter by half a centimetre', { at: 2.013, height: 0.35 }, { rate: 30, jitter: 0.005 }],
    ['an uneven rate', { at: 2.013, height: 0.3 }, { timeOf: (i: number) => i / 30 + 0.004 * Math.sin(i * 1.7) }],
  ])('%s: time and both heights are within two deviations, and those are sane', (_, jump, filmed) => {
    const rows = measured([jump], filmed);
    expect(rows.map(({ measure }) => measure)).toEqual([
      'jump_flight_time',
      'jump_height_by_flight',
      'jump_height_by_rise',
    ]);
    const truths = [flightSeconds(jump), jump.height, jump.height + STRETCH];
    for (const [i, { value, uncertainty, from, to }] of rows.entries()) {
      expect(Math.abs(value - truths[i]!)).toBeLessThan(2 * uncertainty);
      expect(uncertainty).toBeLessThan(0.03);
      expect(from).toBeCloseTo(jump.at, 1);
      expect(to).toBeCloseTo(jump.at + flightSeconds(jump), 1);
    }
  });

  test('the height by flight is g t^2 / 8, at any scale', () => {
    const [time, height] = measured([{ at: 2, height: 0.3 }]);
    expect(height!.value).toBeCloseTo((9.81 * time!.value ** 2) / 8, 10);
  });

  test('half a frame at both ends determines the uncertainty of the time', () => {
    const error = (rate: number) => measured([{ at: 2.013, height: 0.3 }], { rate })[0]!.uncertainty;
    expect(error(30)).toBeGreaterThan(1 / 30 / Math.sqrt(6));
    expect(error(240)).toBeLessThan(error(30));
  });

  test('several are reported one by one, each with its own time', () => {
    const jumps = [
      { at: 1.5, height: 0.2 },
      { at: 3.6, height: 0.4 },
    ];
    const rows = measured(jumps).filter(({ measure }) => measure === 'jump_height_by_flight');
    expect(rows).toHaveLength(2);
    for (const [i, { value, uncertainty }] of rows.entries())
      expect(Math.abs(value - jumps[i]!.height)).toBeLessThan(2 * uncertainty);
  });

  test.each<[string, Filmed]>([
    ['who stands', {}],
    ['who stands and jitters', { jitter: 0.01 }],
    ['who squats', { hipsOf: time => 0.95 - 0.3 * Math.sin(time) ** 2 }],
    ['who lifts both feet on a chair', { feetOf: time => (time > 2 && time < 2.5 ? 0.3 : 0), hipsOf: () => 0.5 }],
    ['feet that leap by an error', { feetOf: time => (time > 2 && time < 2.06 ? 0.3 : 0) }],
  ])('%s has none', (_, filmed) => {
    const { feet, hips } = film([], filmed);
    expect(flightsOf(feet, hips)).toEqual([]);
  });

  test('a jump without visible take-off or landing does not count', () => {
    const jump = { at: 2, height: 0.4 };
    expect(measured([jump], { isSeen: time => time < 1.8 || time > 2.25 })).toEqual([]);
    expect(measured([jump], { seconds: 2.4 })).toEqual([]);
  });

  test('a person who never stands has no height by rise', () => {
    const jump = { at: 0.5, height: 0.3 };
    const rows = measured([jump], { seconds: 1.5 });
    expect(rows.map(({ measure }) => measure)).toEqual(['jump_flight_time', 'jump_height_by_flight']);
  });

  test('the acceleration of the hips shows whether the scale is right', () => {
    const { feet, hips } = film([{ at: 2, height: 0.4 }]);
    expect(flightsOf(feet, hips)[0]!.falls).toBeCloseTo(9.81, 0);
    const double = {
      feet: { ...feet, lowest: feet.lowest.map(up => 2 * up) },
      hips: film([], { hipsOf: time => 2 * jumperAt(time, [{ at: 2, height: 0.4 }]).hips }).hips,
    };
    expect(flightsOf(double.feet, double.hips)).toEqual([]);
  });
});
