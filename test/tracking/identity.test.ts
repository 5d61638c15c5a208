import { expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { IdentityKeeper } from '../../src/tracking/identity.js';
import { standingPose } from '../support/fake-engine.js';

const people = (...poses: Pose[]) => poses.map(pose => ({ pose }));

test('one person wanted is always person 0, wherever found', () => {
  const keeper = new IdentityKeeper(1, 1);
  expect(keeper.identify(people(standingPose(0.1)))).toEqual([0]);
  expect(keeper.identify(people())).toEqual([]);
  expect(keeper.identify(people(standingPose(0.9)))).toEqual([0]);
});

test('two people keep their ids when their order changes', () => {
  const keeper = new IdentityKeeper(2, 1);
  expect(keeper.identify(people(standingPose(0.2), standingPose(0.8)))).toEqual([0, 1]);
  expect(keeper.identify(people(standingPose(0.79), standingPose(0.22)))).toEqual([1, 0]);
});

test('someone who is away for a while comes back as the same person', () => {
  const keeper = new IdentityKeeper(2, 1);
  keeper.identify(people(standingPose(0.2), standingPose(0.8)));
  expect(keeper.identify(people(standingPose(0.2)))).toEqual([0]);
  expect(keeper.identify(people(standingPose(0.2), standingPose(0.75)))).toEqual([0, 1]);
});

test('someone far from everybody is new, and ids are not given twice', () => {
  const keeper = new IdentityKeeper(3, 1);
  keeper.identify(people(standingPose(0.1)));
  expect(keeper.identify(people(standingPose(0.1), standingPose(0.9)))).toEqual([0, 1]);
  expect(keeper.identify(people(standingPose(0.5), standingPose(0.9)))).toEqual([2, 1]);
});

/** Two people walk past each other, the second behind the first for a while. */
function crossing(look: boolean, turnsBack: boolean): number[][] {
  const keeper = new IdentityKeeper(2, 1);
  const [red, blue] = [
    [120, 90, 200, 60, 128, 128],
    [90, 200, 100, 60, 128, 128],
  ];
  const ids: number[][] = [];
  for (let frame = 0; frame <= 40; frame++) {
    const away = Math.abs(frame - 20) * 0.02;
    const isBeyond = frame > 20 !== turnsBack || frame <= 20;
    const first = {
      pose: standingPose(0.5 - (frame <= 20 ? away : isBeyond ? -away : away)),
      look: look ? red : undefined,
    };
    const second = {
      pose: standingPose(0.5 + (frame <= 20 ? away : isBeyond ? -away : away)),
      look: look ? blue : undefined,
    };
    const isHidden = Math.abs(frame - 20) < 4;
    const found = isHidden ? [first] : frame % 2 === 0 ? [first, second] : [second, first];
    const named = keeper.identify(found);
    keeper.settle(new Map(found.map((person, i) => [named[i] as number, person])));
    ids.push(isHidden ? [named[0] as number] : frame % 2 === 0 ? named : [...named].reverse());
  }
  return ids;
}

test('two people who hide each other come out as who they were, by the way that they went', () => {
  for (const [first, second] of crossing(false, false)) expect([first, second ?? 1]).toEqual([0, 1]);
});

test('and by what they wear, where they turn back behind each other', () => {
  for (const [first, second] of crossing(true, true)) expect([first, second ?? 1]).toEqual([0, 1]);
});

test('an id that was told by mistake is not given to somebody else later', () => {
  const keeper = new IdentityKeeper(3, 1);
  const [red, blue] = [
    [120, 90, 200, 60, 128, 128],
    [90, 200, 100, 60, 128, 128],
  ];
  const step = (...found: { pose: Pose; look: number[] }[]) => {
    const ids = keeper.identify(found);
    keeper.settle(new Map(found.map((person, i) => [ids[i] as number, person])));
    return ids;
  };
  const [first, second] = [
    { pose: standingPose(0.1), look: red },
    { pose: standingPose(0.4), look: blue },
  ];
  for (let frame = 0; frame < 5; frame++) expect(step(first, second)).toEqual([0, 1]);
  // The second one leaps so far that a stranger is taken for it, until the clothes tell.
  const leapt = { pose: standingPose(0.9), look: blue };
  const told = Array.from({ length: 6 }, () => step(first, leapt)[1]);
  expect([told[0], told.at(-1)]).toEqual([2, 1]);
  expect(step(first, leapt, { pose: standingPose(0.5), look: [30, 128, 128, 30, 128, 128] })[2]).toBe(3);
});

test('who was not believed was not there: the next one gets the id', () => {
  const keeper = new IdentityKeeper(2, 1);
  keeper.identify(people(standingPose(0.2)));
  keeper.settle(new Map());
  expect(keeper.identify(people(standingPose(0.9)))).toEqual([0]);
  keeper.settle(new Map([[0, { pose: standingPose(0.9) }]]));
  expect(keeper.identify(people(standingPose(0.2), standingPose(0.88)))).toEqual([1, 0]);
  expect(keeper.identifyAnother({ pose: standingPose(0.5) })).toBe(2);
});
