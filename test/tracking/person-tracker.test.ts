import { expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { PersonTracker } from '../../src/tracking/person-tracker.js';
import { standingPose } from '../support/fake-engine.js';

const people = (...poses: Pose[]) => poses.map(pose => ({ pose }));

test('a single requested person with unknown clothes is always person 0, wherever found', () => {
  const tracker = new PersonTracker(1, 1);
  expect(tracker.identify(people(standingPose(0.1)))).toEqual([0]);
  expect(tracker.identify(people())).toEqual([]);
  expect(tracker.identify(people(standingPose(0.9)))).toEqual([0]);
});

test('two people keep their ids when their order changes', () => {
  const tracker = new PersonTracker(2, 1);
  expect(tracker.identify(people(standingPose(0.2), standingPose(0.8)))).toEqual([0, 1]);
  expect(tracker.identify(people(standingPose(0.79), standingPose(0.22)))).toEqual([1, 0]);
});

test('a person who is away for a while returns with the same id', () => {
  const tracker = new PersonTracker(2, 1);
  tracker.identify(people(standingPose(0.2), standingPose(0.8)));
  expect(tracker.identify(people(standingPose(0.2)))).toEqual([0]);
  expect(tracker.identify(people(standingPose(0.2), standingPose(0.75)))).toEqual([0, 1]);
});

test('a person far from all others is new, and ids are not reused', () => {
  const tracker = new PersonTracker(3, 1);
  tracker.identify(people(standingPose(0.1)));
  expect(tracker.identify(people(standingPose(0.1), standingPose(0.9)))).toEqual([0, 1]);
  expect(tracker.identify(people(standingPose(0.5), standingPose(0.9)))).toEqual([2, 1]);
});

/** Two people pass each other, the second behind the first for a while. */
function crossing(appearance: boolean, turnsBack: boolean): number[][] {
  const tracker = new PersonTracker(2, 1);
  const [red, blue] = [
    [120, 90, 200, 60, 128, 128],
    [90, 200, 100, 60, 128, 128],
  ];
  const ids: number[][] = [];
  for (let frame = 0; frame <= 40; frame++) {
    const away = (turnsBack ? Math.abs(frame - 20) : 20 - frame) * 0.02;
    const both = [
      { pose: standingPose(0.5 - away), appearance: appearance ? red : undefined },
      { pose: standingPose(0.5 + away), appearance: appearance ? blue : undefined },
    ];
    const seen = Math.abs(frame - 20) < 4 ? both.slice(0, 1) : both;
    // Found in this order, then in the other one.
    const inTurn = <T>(list: readonly T[]) => (frame % 2 === 0 ? [...list] : [...list].reverse());
    const found = inTurn(seen);
    const named = tracker.identify(found);
    tracker.settle(new Map(found.map((person, i) => [named[i]!, person])));
    ids.push(inTurn(named));
  }
  return ids;
}

test('two people who hide each other keep their ids, by their paths', () => {
  for (const [first, second] of crossing(false, false)) expect([first, second ?? 1]).toEqual([0, 1]);
});

test('and by their clothes, if they turn back behind each other', () => {
  for (const [first, second] of crossing(true, true)) expect([first, second ?? 1]).toEqual([0, 1]);
});

test('an id given out by mistake is not given to another person later', () => {
  const tracker = new PersonTracker(3, 1);
  const [red, blue] = [
    [120, 90, 200, 60, 128, 128],
    [90, 200, 100, 60, 128, 128],
  ];
  const step = (...found: { pose: Pose; appearance: number[] }[]) => {
    const ids = tracker.identify(found);
    tracker.settle(new Map(found.map((person, i) => [ids[i]!, person])));
    return ids;
  };
  const [first, second] = [
    { pose: standingPose(0.1), appearance: red },
    { pose: standingPose(0.4), appearance: blue },
  ];
  for (let frame = 0; frame < 5; frame++) expect(step(first, second)).toEqual([0, 1]);
  // The second one jumps so far that a stranger is taken for it, until the clothes reveal it.
  const jumped = { pose: standingPose(0.9), appearance: blue };
  const reported = Array.from({ length: 6 }, () => step(first, jumped)[1]);
  expect([reported[0], reported.at(-1)]).toEqual([2, 1]);
  expect(step(first, jumped, { pose: standingPose(0.5), appearance: [30, 128, 128, 30, 128, 128] })[2]).toBe(3);
});

test('a person who was not accepted was not present: the next one gets the id', () => {
  const tracker = new PersonTracker(2, 1);
  tracker.identify(people(standingPose(0.2)));
  tracker.settle(new Map());
  expect(tracker.identify(people(standingPose(0.9)))).toEqual([0]);
  tracker.settle(new Map([[0, { pose: standingPose(0.9) }]]));
  expect(tracker.identify(people(standingPose(0.2), standingPose(0.88)))).toEqual([1, 0]);
  expect(tracker.identifyAnother({ pose: standingPose(0.5) })).toBe(2);
});

test('all people together move as little as possible: the nearest pose of one is left to another', () => {
  const tracker = new PersonTracker(2, 1);
  tracker.identify(people(standingPose(0.3), standingPose(0.5)));
  // The first one is nearly where the second one was. A greedy assignment would swap them, and have no match for the
  // other one.
  expect(tracker.identify(people(standingPose(0.48), standingPose(0.66)))).toEqual([0, 1]);
});

test('the same with three, in any order', () => {
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const tracker = new PersonTracker(3, 1);
    tracker.identify(people(standingPose(0.2), standingPose(0.35), standingPose(0.5)));
    const now = [0.33, 0.48, 0.64].map(x => standingPose(x));
    expect(tracker.identify(people(...order.map(i => now[i]!)))).toEqual(order);
  }
});

const [RED, BLUE] = [
  [120, 90, 200, 60, 128, 128],
  [90, 200, 100, 60, 128, 128],
];

/** With one requested person: one is present for some frames, then none, then a person in these clothes. */
function comesBack(appearance: readonly number[], x: number, absence: number): { tracker: PersonTracker; id: number } {
  const tracker = new PersonTracker(1, 1);
  const step = (found: { pose: Pose; appearance: readonly number[] }[]) => {
    const ids = tracker.identify(found);
    tracker.settle(new Map(found.map((person, i) => [ids[i]!, person])));
    return ids;
  };
  for (let frame = 0; frame < 5; frame++) expect(step([{ pose: standingPose(0.3), appearance: RED }])).toEqual([0]);
  for (let frame = 0; frame < absence; frame++) step([]);
  return { tracker, id: step([{ pose: standingPose(x), appearance }])[0]! };
}

test.each([
  [1, 0.3],
  [5, 0.32],
  [60, 0.9],
])('with one requested person, other clothes after %d frames out of sight, at %f, are another person', (absence, x) => {
  expect(comesBack(BLUE, x, absence).id).toBe(1);
});

test.each([
  [1, 0.3],
  [5, 0.9],
  [300, 0.9],
])(
  'with one person wanted, the same clothes after %d frames out of sight, at %f, are the same person',
  (absence, x) => {
    expect(comesBack(RED, x, absence).id).toBe(0);
  },
);

test('with one requested person, a small change of light does not change the id', () => {
  const darker = RED.map((value, i) => (i % 3 === 0 ? value - 15 : value - 3));
  expect(comesBack(darker, 0.5, 20).id).toBe(0);
});

test('with one requested person, other clothes far away in the next frame mean another person; in the same place they mean other light', () => {
  expect(comesBack(BLUE, 0.9, 0).id).toBe(1);
  expect(comesBack(BLUE, 0.31, 0).id).toBe(0);
});

test('with one requested person, the first one regains their id after another person', () => {
  const { tracker, id } = comesBack(BLUE, 0.8, 20);
  expect(id).toBe(1);
  const found = { pose: standingPose(0.5), appearance: RED };
  for (let frame = 0; frame < 5; frame++) {
    expect(tracker.identify([])).toEqual([]);
    tracker.settle(new Map());
  }
  expect(tracker.recognise(found)).toBe(0);
  expect(tracker.identify([found])).toEqual([0]);
  tracker.noteBystanders([BLUE, RED]);
  expect(tracker.isBystander(0, { pose: found.pose, appearance: BLUE })).toBe(true);
  expect(tracker.isBystander(0, found)).toBe(false);
});

test('a saved state continues like the tracker', () => {
  const { tracker } = comesBack(BLUE, 0.8, 20);
  const copy = new PersonTracker(1, 1);
  copy.restore(structuredClone(tracker.save()));
  for (const [x, appearance] of [
    [0.8, BLUE],
    [0.3, RED],
    [0.5, undefined],
  ] as const) {
    const found = [{ pose: standingPose(x), appearance }];
    expect(copy.identify(found)).toEqual(tracker.identify(found));
    expect(copy.save()).toEqual(tracker.save());
  }
});
