import { describe, expect, test } from 'vitest';
import { AttemptPlan } from '../../src/strategies/plan.js';

const names = (plan: AttemptPlan, situation: 'lost' | 'nobody' | 'implausible') =>
  plan.attempts(situation).map(({ name }) => name);

describe('what to try next', () => {
  test('the refining network is left out if the engine has none', () => {
    expect(names(new AttemptPlan(false), 'lost').some(name => name.includes('heavy'))).toBe(false);
    expect(names(new AttemptPlan(true), 'lost').some(name => name.includes('heavy'))).toBe(true);
  });

  test('for a known person, only attempts at their own square, each once', () => {
    const attempts = new AttemptPlan(true).attempts('implausible');
    expect(attempts.every(({ needsRegion }) => needsRegion)).toBe(true);
    expect(new Set(attempts.map(({ name }) => name)).size).toBe(attempts.length);
  });

  test('what gained comes first, what did not moves back; a rare success is not a reason to continue forever', () => {
    const plan = new AttemptPlan(false);
    const dehaze = plan.attempts('lost').find(({ name }) => name === 'crop+dehaze');
    if (!dehaze) throw new Error('no dehaze');
    expect(names(plan, 'lost')[0]).toBe('crop');
    for (let i = 0; i < 10; i++) plan.learn('lost', dehaze, 0.8);
    expect(names(plan, 'lost')[0]).toBe('crop+dehaze');
    for (let i = 0; i < 200; i++) plan.learn('lost', dehaze, 0);
    expect(names(plan, 'lost')[0]).toBe('crop');
  });

  test('what is learned from one situation does not affect another, nor another video', () => {
    const plan = new AttemptPlan(false);
    const before = names(plan, 'implausible');
    const [, second] = plan.attempts('lost');
    for (let i = 0; i < 10; i++) plan.learn('lost', second!, 1);
    expect(names(plan, 'implausible')).toEqual(before);
    expect(names(new AttemptPlan(false), 'lost')[0]).toBe('crop');
  });

  test('a search rotates: over a few frames each tone and many tiles get their turn', () => {
    const plan = new AttemptPlan(false);
    const first = new Set(Array.from({ length: 9 }, () => names(plan, 'nobody').filter(name => name !== 'zoom')[0]));
    expect(first.size).toBe(9);
    expect(names(plan, 'nobody').filter(name => name === 'zoom').length).toBeGreaterThan(4);
  });
});
