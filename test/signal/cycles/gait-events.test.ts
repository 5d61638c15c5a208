import { describe, expect, test } from 'vitest';
import { SIDES } from '../../../src/model/body.js';
import { type GaitEvent, walksOf } from '../../../src/signal/cycles/gait-events.js';
import type { FeetSeries, Heading } from '../../../src/signal/cycles/passes.js';
import { timesAt, trueEvents, type Walker, walkerFeet } from './walker.js';

const FRAME = 1 / 30;
/** Nearer to an end of the visible time, turning points of a foot are not visible. */
const UNSEEN_SECONDS = 0.15;

function eventsOf(feet: FeetSeries): readonly GaitEvent[] {
  const walks = walksOf(feet);
  if (typeof walks === 'string') throw new Error(walks);
  return walks.flatMap(({ events }) => events);
}

/** Each event in the middle is found once, within some seconds; no others are found. */
function expectEvents(found: readonly GaitEvent[], walker: Walker, span: readonly [number, number], within: number) {
  for (const side of SIDES) {
    for (const kind of ['heel_strike', 'toe_off'] as const) {
      const times = found.filter(event => event.side === side && event.kind === kind).map(({ time }) => time);
      const all = trueEvents(walker, side, kind, [span[0] - 1, span[1] + 1]);
      const must = all.filter(t => t > span[0] + UNSEEN_SECONDS && t < span[1] - UNSEEN_SECONDS);
      for (const t of must)
        expect(
          times.filter(time => Math.abs(time - t) <= within),
          `${side} ${kind} ${t}`,
        ).toHaveLength(1);
      for (const time of times) expect(Math.min(...all.map(t => Math.abs(time - t)))).toBeLessThanOrEqual(within);
    }
  }
}

const HEADINGS: readonly Heading[] = ['left', 'right', 'towards', 'away'];

describe('heel strikes and toe-offs', () => {
  test.each(HEADINGS)('are found within a frame for a person who walks %s', heading => {
    const walker = { heading };
    expectEvents(eventsOf(walkerFeet(walker, timesAt(30, 6))), walker, [0, 6], FRAME);
  });

  test.each([
    ['slow, 25 frames in a second', { heading: 'right', period: 1.7, stance: 0.7 } as Walker, timesAt(25, 9)],
    ['quick, 60 frames in a second', { heading: 'left', period: 0.8, stance: 0.55 } as Walker, timesAt(60, 4)],
    ['of a person who limps', { heading: 'left', rightStrike: 0.56 } as Walker, timesAt(30, 6)],
    ['in one frame of three', { heading: 'right', period: 1.2 } as Walker, timesAt(10, 12)],
  ])('of a walk that is %s', (_, walker, times) => {
    const frame = (times[1] ?? 0) - (times[0] ?? 0);
    expectEvents(eventsOf(walkerFeet(walker, times)), walker, [0, times.at(-1) ?? 0], Math.max(FRAME, 0.75 * frame));
  });

  test('varying times change nothing', () => {
    const walker: Walker = { heading: 'right' };
    const times = timesAt(30, 6).map((t, i) => t + 0.012 * Math.sin(i * 0.7));
    expectEvents(eventsOf(walkerFeet(walker, times)), walker, [0, 6], FRAME);
  });

  test('their frame is the nearest one', () => {
    const feet = walkerFeet({ heading: 'right' }, timesAt(30, 6));
    for (const { time, frame } of eventsOf(feet)) {
      expect(Math.abs((feet.times[frame] ?? 0) - time)).toBeLessThanOrEqual(FRAME / 2 + 1e-9);
    }
  });

  test('noise of half a centimetre costs at most a frame, and invents no event', () => {
    const walker: Walker = { heading: 'right' };
    const feet = walkerFeet(walker, timesAt(30, 6));
    let seed = 7;
    const noise = () => {
      seed = (seed * 16807) % 2147483647;
      return (seed / 2147483647 - 0.5) * 2;
    };
    const noisy = (values: ArrayLike<number>) => Array.from(values, value => value + noise());
    const shaken = {
      ...feet,
      left: {
        ...feet.left,
        heel: { x: noisy(feet.left.heel.x), y: feet.left.heel.y },
        toe: { x: noisy(feet.left.toe.x), y: feet.left.toe.y },
      },
    };
    expectEvents(eventsOf(shaken), walker, [0, 6], 2 * FRAME);
  });
});

describe('unseen frames', () => {
  const walker: Walker = { heading: 'right' };
  const times = timesAt(30, 8);
  const [from, to] = [90, 132];

  test('a gap holds no event, and those outside it are found', () => {
    const feet = walkerFeet(walker, times, (_, frame) => frame < from || frame >= to);
    const events = eventsOf(feet);
    expect(events.filter(({ frame }) => frame >= from && frame < to)).toEqual([]);
    const part = (low: number, high: number) => events.filter(({ frame }) => frame >= low && frame < high);
    expectEvents(part(0, from), walker, [0, 2.6], FRAME);
    expectEvents(part(to, 240), walker, [4.8, 8], FRAME);
    expect(new Set(events.map(({ walk }) => walk)).size).toBe(2);
  });

  test('rows absent from the table are a gap like empty ones', () => {
    const seen = times.filter((_, frame) => frame < from || frame >= to);
    const gone = eventsOf(walkerFeet(walker, seen)).map(({ time }) => time);
    const empty = eventsOf(walkerFeet(walker, times, (_, frame) => frame < from || frame >= to));
    expect(gone.map(time => time.toFixed(3))).toEqual(empty.map(({ time }) => time.toFixed(3)));
  });

  test('a frame or two without a foot are bridged, but hold no event themselves', () => {
    const strike = Math.round(2.2 * 30);
    const feet = walkerFeet(walker, times, (side, frame) => side === 'right' || Math.abs(frame - strike) > 1);
    const events = eventsOf(feet);
    expect(events.filter(({ side, time }) => side === 'left' && Math.abs(time - 2.2) < 0.06)).toEqual([]);
    expect(events.filter(({ side, kind }) => side === 'left' && kind === 'heel_strike').length).toBe(6);
  });

  test('the time after a restart of the clock is a separate walk', () => {
    const walks = walksOf(walkerFeet(walker, [...timesAt(30, 3), ...timesAt(30, 3, 10)]));
    expect(typeof walks).not.toBe('string');
    expect(walks).toHaveLength(2);
  });
});

describe('a person who does not walk', () => {
  const times = timesAt(30, 5);
  const still = walkerFeet({ heading: 'right' }, times);
  const changed = (change: (foot: FeetSeries['left'], t: number[]) => FeetSeries['left']): FeetSeries => ({
    times,
    left: change(still.left, times),
    right: change(still.right, times),
  });

  test('has no events when standing', () => {
    const standing = changed(foot => ({
      ...foot,
      heel: { x: times.map(() => 0), y: foot.heel.y },
      toe: { x: times.map(() => 48), y: foot.toe.y },
    }));
    expect(walksOf(standing)).toBe('not walking');
  });

  test('has none when jumping with both feet together', () => {
    expect(walksOf({ times, left: still.left, right: still.left })).toBe('not walking');
  });

  test('has none when lying, or standing on their hands', () => {
    const lying = changed(foot => ({
      ...foot,
      heel: { x: foot.heel.y, y: foot.heel.x },
      toe: { x: foot.toe.y, y: foot.toe.x },
    }));
    expect(walksOf(lying)).toBe('rarely seen');
    const onHands = changed(foot => ({ ...foot, heel: { x: foot.heel.x, y: times.map(() => -180) } }));
    expect(walksOf(onHands)).toBe('rarely seen');
  });

  test('has none with only one step, or one visible step', () => {
    expect(walksOf(walkerFeet({ heading: 'right' }, timesAt(30, 1.2)))).toBe('too short');
    expect(walksOf(walkerFeet({ heading: 'right' }, timesAt(30, 0.5)))).toBe('rarely seen');
    expect(walksOf(walkerFeet({ heading: 'right' }, []))).toBe('rarely seen');
    expect(walksOf(walkerFeet({ heading: 'right' }, times, () => false))).toBe('rarely seen');
  });

  test('has too few frames for steps at five per second', () => {
    expect(walksOf(walkerFeet({ heading: 'right' }, timesAt(5, 20)))).toBe('few frames');
  });
});

test('a person who turns around walks twice, once to each side', () => {
  const there = walkerFeet({ heading: 'right' }, timesAt(30, 5));
  const back = walkerFeet({ heading: 'left' }, timesAt(30, 5));
  const both = (of: (feet: FeetSeries) => ArrayLike<number>) => [...Array.from(of(there)), ...Array.from(of(back))];
  const foot = (side: 'left' | 'right') => ({
    heel: { x: both(feet => feet[side].heel.x), y: both(feet => feet[side].heel.y) },
    toe: { x: both(feet => feet[side].toe.x), y: both(feet => feet[side].toe.y) },
    heelInSpace: { x: both(feet => feet[side].heelInSpace.x), z: both(feet => feet[side].heelInSpace.z) },
    toeInSpace: { x: both(feet => feet[side].toeInSpace.x), z: both(feet => feet[side].toeInSpace.z) },
  });
  const walks = walksOf({ times: timesAt(30, 10), left: foot('left'), right: foot('right') });
  if (typeof walks === 'string') throw new Error(walks);
  expect(walks.map(({ heading }) => heading)).toEqual(['right', 'left']);
  const [first, second] = walks;
  expect(first?.events.every(({ time }) => time < 5)).toBe(true);
  expect(second?.events.every(({ time }) => time > 5)).toBe(true);
});
