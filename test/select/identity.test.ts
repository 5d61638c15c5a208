import { expect, test } from 'vitest';
import { IdentityKeeper } from '../../src/select/identity.js';
import { standingPose } from '../support/fake-engine.js';

test('one person wanted is always person 0, wherever found', () => {
  const keeper = new IdentityKeeper(1, 1);
  expect(keeper.identify([standingPose(0.1)])).toEqual([0]);
  expect(keeper.identify([])).toEqual([]);
  expect(keeper.identify([standingPose(0.9)])).toEqual([0]);
});

test('two people keep their ids when their order changes', () => {
  const keeper = new IdentityKeeper(2, 1);
  expect(keeper.identify([standingPose(0.2), standingPose(0.8)])).toEqual([0, 1]);
  expect(keeper.identify([standingPose(0.79), standingPose(0.22)])).toEqual([1, 0]);
});

test('someone who is away for a while comes back as the same person', () => {
  const keeper = new IdentityKeeper(2, 1);
  keeper.identify([standingPose(0.2), standingPose(0.8)]);
  expect(keeper.identify([standingPose(0.2)])).toEqual([0]);
  expect(keeper.identify([standingPose(0.2), standingPose(0.75)])).toEqual([0, 1]);
});

test('someone far from everybody is new, and ids are not given twice', () => {
  const keeper = new IdentityKeeper(3, 1);
  keeper.identify([standingPose(0.1)]);
  expect(keeper.identify([standingPose(0.1), standingPose(0.9)])).toEqual([0, 1]);
  expect(keeper.identify([standingPose(0.5), standingPose(0.9)])).toEqual([2, 1]);
});
