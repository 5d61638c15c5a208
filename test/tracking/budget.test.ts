import { describe, expect, test } from 'vitest';
import { AttemptBudget, COST } from '../../src/tracking/budget.js';

/** Affordable attempts in some frames with one followed person, whose attempts may have different costs. */
function afforded(budget: AttemptBudget, frames: number, from = 0): boolean[] {
  return Array.from({ length: frames }, (_, i) => {
    budget.begin(1);
    budget.spend(COST.usual);
    const costs = Object.values(COST);
    return [0, 1, 2].map(k => budget.afford(costs[((from + i) * 7 + k * 3) % costs.length]!));
  }).flat();
}

describe('the budget', () => {
  test('gives the same attempts for the same video, whatever the clock says', () => {
    expect(afforded(new AttemptBudget(false), 200)).toEqual(afforded(new AttemptBudget(false), 200));
  });

  test('gives the same attempts when it continues from a saved state', () => {
    const [whole, first, second] = [new AttemptBudget(false), new AttemptBudget(false), new AttemptBudget(false)];
    const expected = afforded(whole, 100);
    const before = afforded(first, 37);
    second.restore(structuredClone(first.save()));
    expect([...before, ...afforded(second, 63, 37)]).toEqual(expected);
    expect(second.ranOut).toBe(whole.ranOut);
  });

  test('its saved state is not changed by later frames', () => {
    const budget = new AttemptBudget(false);
    budget.learn('person 0', 1, false);
    const saved = budget.save();
    const copy = structuredClone(saved);
    budget.learn('person 0', 2, false);
    budget.learn('search', 2, false);
    afforded(budget, 20);
    expect(saved).toEqual(copy);
  });

  test('runs out if each frame needs more than following with the refining network, and reports in how many frames', () => {
    const budget = new AttemptBudget(false);
    const taken = Array.from({ length: 300 }, () => {
      budget.begin(1);
      budget.spend(COST.refine);
      return budget.afford(COST.refine);
    });
    // Five attempts are available at the start; then each frame adds 8 % of one.
    expect(taken.slice(0, 5)).not.toContain(false);
    expect(taken.filter(Boolean).length).toBeGreaterThanOrEqual(5 + 0.07 * 300);
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(6 + 0.09 * 300);
    expect(budget.ranOut).toBe(taken.filter(one => !one).length);
  });

  test('counts a frame once, however many attempts it cannot afford', () => {
    const budget = new AttemptBudget(false);
    budget.begin(0);
    budget.spend(100 * COST.refine);
    for (let i = 0; i < 5; i++) expect(budget.afford(COST.usual)).toBe(false);
    expect(budget.ranOut).toBe(1);
  });

  test('saves the surplus of easy frames for hard ones, up to thirty refining attempts', () => {
    const budget = new AttemptBudget(false);
    for (let i = 0; i < 1000; i++) {
      budget.begin(1);
      budget.spend(COST.usual);
    }
    let attempts = 0;
    while (budget.afford(COST.refine)) attempts++;
    expect(attempts).toBeGreaterThan(27);
    expect(attempts).toBeLessThanOrEqual(30);
  });

  test('adds more if more people are followed', () => {
    const attempts = (people: number) => {
      const budget = new AttemptBudget(false);
      while (budget.afford(COST.refine));
      for (let i = 0; i < 5; i++) budget.begin(people);
      let count = 0;
      while (budget.afford(COST.refine)) count++;
      return count;
    };
    expect(attempts(4)).toBeGreaterThan(3 * attempts(1));
    expect(attempts(0)).toBeLessThan(attempts(1));
  });

  test('without a limit affords everything, is always hopeful and never runs out', () => {
    const budget = new AttemptBudget(true);
    for (let i = 0; i < 1000; i++) expect(budget.afford(COST.refine)).toBe(true);
    for (const time of [0, 5, 9]) budget.learn('search', time, false);
    expect(budget.isHopeful('search', 9.1)).toBe(true);
    expect(budget.ranOut).toBe(0);
  });
});

describe('hope', () => {
  test('lasts for three seconds without gain; then one attempt a second is made', () => {
    const budget = new AttemptBudget(false);
    const attempts: number[] = [];
    for (let frame = 0; frame < 80; frame++) {
      const time = frame / 10;
      if (!budget.isHopeful('person 0', time)) continue;
      attempts.push(time);
      budget.learn('person 0', time, false);
    }
    expect(attempts.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, i) => i / 10));
    expect(attempts.slice(30)).toEqual([3.9, 4.9, 5.9, 6.9, 7.9]);
  });

  test('returns with the first gain, and with a new person of the same id', () => {
    for (const renew of [
      (budget: AttemptBudget) => budget.learn('person 0', 5, true),
      (budget: AttemptBudget) => budget.forget('person 0'),
    ]) {
      const budget = new AttemptBudget(false);
      for (const time of [0, 2, 4, 5]) budget.learn('person 0', time, false);
      expect(budget.isHopeful('person 0', 5.1)).toBe(false);
      renew(budget);
      expect(budget.isHopeful('person 0', 5.1)).toBe(true);
    }
  });

  test("for one person is independent of another's", () => {
    const budget = new AttemptBudget(false);
    for (const time of [0, 2, 4]) budget.learn('person 0', time, false);
    expect(budget.isHopeful('person 0', 4.1)).toBe(false);
    expect(budget.isHopeful('person 1', 4.1)).toBe(true);
  });
});
