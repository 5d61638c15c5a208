import { describe, expect, test, vi } from 'vitest';
import { OTHER_SIDE } from '../../src/model/body.js';
import type { Pose } from '../../src/model/pose.js';
import { regionOfPose } from '../../src/regions/person.js';
import { swapPose } from '../../src/tracking/person-memory.js';
import type { SmartAnalyzer } from '../../src/tracking/smart-analyzer.js';
import type { DetectCall } from '../support/scene-engine.js';
import {
  analyzer,
  attempts,
  BLUE,
  body,
  callsFromNow,
  doubtful,
  engine,
  frame,
  go,
  height,
  hipsOf,
  left,
  newScenes,
  nonsense,
  RATE,
  RED,
  right,
  width,
  withWristLower,
} from '../support/tracked-scene.js';
import type { PlacedPose } from '../support/true-pose.js';
import { boxOf, moved, scaled } from '../support/true-pose.js';

vi.mock('../../src/regions/crop.js', async original =>
  (await import('../support/scene-engine.js')).notingCrops(original as never),
);

newScenes();

describe('following one person', () => {
  test('a person is detected, then tracked; a good pose costs one attempt', async () => {
    const smart = analyzer();
    const [first] = await go(smart, 0, 1);
    expect(first).toMatchObject({ status: 'detected', people: [{ personId: 0, strategy: 'original' }] });
    const calls = callsFromNow();
    const results = await go(smart, 1, 5);
    expect(calls).toHaveLength(5);
    for (const { status, people } of results) {
      expect(status).toBe('tracked');
      expect(people[0]).toMatchObject({ personId: 0, strategy: 'original', status: 'tracked' });
      expect(people[0]!.score).toBeGreaterThan(0.9);
      for (const { confidence } of people[0]!.pose.landmarks) expect(confidence).toBeGreaterThan(0.5);
    }
    expect(attempts.filter(({ frameId }) => frameId > 0)).toEqual([]);
  });

  test("the next attempt is at the network's predicted region; without that, around the pose", async () => {
    const next = { x: 200, y: 150, size: 260, rotation: 0.1 };
    engine.people = [{ ...body, next }];
    const smart = analyzer();
    await go(smart, 0, 1);
    expect((await go(smart, 1, 1))[0].status).toBe('tracked');
    expect(engine.calls.at(-1)?.area).toEqual(next);
    engine.people = [body];
    await go(smart, 2, 2);
    expect(engine.calls.at(-1)?.area).toEqual(regionOfPose(body, width, height));
  });

  test("the tracker's doubtful pose stays if no better one is found", async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.people = [doubtful(body)];
    const [{ people }] = await go(smart, 5, 1);
    expect(people[0]).toMatchObject({ personId: 0, strategy: 'original', status: 'tracked' });
    expect(people[0]!.score).toBeLessThan(0.9);
    const { frameId, personId, won, tried } = attempts.at(-1)!;
    expect({ frameId, personId, won }).toEqual({ frameId: 5, personId: 0, won: 'original' });
    expect(tried.length).toBeGreaterThan(3);
  });

  test('a better attempt replaces it', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.sees = ({ mirrored }) => [mirrored ? body : doubtful(body)];
    const [{ people, status }] = await go(smart, 5, 1);
    expect(people[0]!.strategy).toBe('crop+mirrored');
    expect(status).toBe('detected');
    expect(attempts.at(-1)).toMatchObject({ frameId: 5, won: 'crop+mirrored' });
  });

  test('retries stay within their limit', async () => {
    for (const maxAttempts of [0, 1, 3]) {
      engine.people = [body];
      const smart = analyzer(false, { maxAttempts });
      await go(smart, 0, 5);
      engine.people = [doubtful(body)];
      const calls = callsFromNow();
      const [{ people }] = await go(smart, 5, 1);
      expect(calls).toHaveLength(1 + maxAttempts);
      expect(people).toHaveLength(1);
    }
  });

  test('an implausible pose stays, with a low score, as long as a person may be present', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.people = [nonsense];
    const [result] = await go(smart, 5, 1);
    expect(result.people).toHaveLength(1);
    expect(result.people[0]!.score).toBeLessThan(0.3);
  });

  test('a pose below a requested minimum score is dropped, and the record says why', async () => {
    const smart = analyzer(false, { minScore: 0.3 });
    await go(smart, 0, 5);
    engine.people = [nonsense];
    const [result] = await go(smart, 5, 1);
    expect(result).toMatchObject({ status: 'missing', people: [] });
    expect(attempts[attempts.length - 1]).toMatchObject({
      frameId: 5,
      won: null,
      why: expect.stringContaining('too low'),
    });
    engine.people = [body];
    expect((await go(smart, 6, 1))[0]).toMatchObject({ people: [{ personId: 0 }] });
  });

  test('a higher minimum score drops a doubtful pose as well', async () => {
    const smart = analyzer(false, { minScore: 0.9 });
    await go(smart, 0, 5);
    engine.people = [doubtful(body)];
    expect((await go(smart, 5, 1))[0].status).toBe('missing');
  });

  test('the largest person is followed from the start if requested', async () => {
    const far = scaled(body, 0.4, 0, 0.1);
    engine.people = [far, body];
    const [{ people: first }] = await go(analyzer(false), 0, 1);
    const [{ people: largest }] = await go(analyzer(false, { person: 'largest' }), 0, 1);
    expect(hipsOf(first[0]!.pose)).toBeCloseTo(hipsOf(far), 6);
    expect(hipsOf(largest[0]!.pose)).toBeCloseTo(hipsOf(body), 6);
  });

  test.each([false, true])(
    'sides that stay swapped are reported, and swapped back if requested: %s',
    async fixSwaps => {
      const smart = analyzer(false, { fixSwaps });
      await go(smart, 0, 10);
      engine.people = [swapPose(body)];
      const [{ people }] = await go(smart, 10, 1);
      expect(people[0]!.swap).toBe(fixSwaps ? 'fixed' : 'found');
      const [own, other] = [body.landmarks[11]!.x, body.landmarks[OTHER_SIDE[11]!]!.x];
      const isPutRight =
        Math.abs(people[0]!.pose.landmarks[11]!.x - own) < Math.abs(people[0]!.pose.landmarks[11]!.x - other);
      expect(isPutRight).toBe(fixSwaps);
    },
  );
});

describe('several people', () => {
  test('who stand side by side are found in their boxes, and keep their ids', async () => {
    engine.people = [left, right];
    engine.boxes = [boxOf(left), boxOf(right)];
    const smart = analyzer(false, { people: 2 });
    const results = await go(smart, 0, 20);
    for (const { people } of results) {
      expect(people.map(({ personId }) => personId)).toEqual([0, 1]);
      expect(hipsOf(people[0]!.pose)).toBeCloseTo(hipsOf(left), 4);
      expect(hipsOf(people[1]!.pose)).toBeCloseTo(hipsOf(right), 4);
    }
  });

  test('are at most as many as requested', async () => {
    engine.people = [left, body, right].map(pose => scaled(pose, 0.7, 0.15, 0.15));
    engine.boxes = engine.people.map(pose => boxOf({ ...pose, width, height }));
    const smart = analyzer(false, { people: 2 });
    for (const { people } of await go(smart, 0, 40)) expect(people).toHaveLength(2);
  });

  test("one body is not reported twice if both people's searches find it", async () => {
    engine.people = [left, right];
    engine.boxes = [boxOf(left), boxOf(right)];
    const smart = analyzer(false, { people: 2 });
    await go(smart, 0, 20);
    engine.sees = () => [left];
    for (const { people } of await go(smart, 20, 10)) {
      expect(people).toHaveLength(1);
      expect(people[0]!.personId).toBe(0);
    }
  });
});

describe('the explanation', () => {
  test('lists each retry with its score, and why the winner won', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    expect(attempts).toHaveLength(1);
    engine.sees = ({ mirrored }) => [mirrored ? body : doubtful(body)];
    const [{ people }] = await go(smart, 5, 1);
    const entry = attempts.at(-1)!;
    expect(attempts).toHaveLength(2);
    expect(entry).toMatchObject({ frameId: 5, timestamp: 5 / RATE, personId: 0, won: 'crop+mirrored' });
    expect(entry.why).toBe(`best score, ${people[0]!.score.toFixed(2)}`);
    expect(entry.tried.at(-1)).toMatchObject({ name: 'crop+mirrored', score: expect.closeTo(people[0]!.score, 6) });
    for (const { milliseconds } of entry.tried) expect(milliseconds).toBeGreaterThanOrEqual(0);
    expect(new Set(entry.tried.map(({ name }) => name)).size).toBe(entry.tried.length);
  });

  test('lists an attempt that found no person without a score, and the absence of a person', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.people = [];
    await go(smart, 5, 1);
    const entry = attempts.find(({ frameId, personId }) => frameId === 5 && personId === 0);
    expect(entry).toMatchObject({ situation: 'lost', won: null, why: 'nobody found' });
    expect(entry?.tried.every(({ score }) => score === null)).toBe(true);
  });

  test('lists a check by the refining network, with the chosen result', async () => {
    await go(analyzer(true), 0, 2);
    expect(attempts[1]).toMatchObject({ frameId: 1, personId: 0, won: 'original' });
    expect(attempts[1]!.tried.map(({ name }) => name)).toEqual(['clahe+heavy']);
  });
});

describe('a saved state', () => {
  /** The content of a call's picture: the walking person, another one, both or none. */
  function seenAt(id: number, { refine, mirrored, isSearch }: DetectCall, here: PlacedPose, other: PlacedPose): Pose[] {
    if (id % 37 > 32) return mirrored && !isSearch ? [here] : [];
    if (id % 29 > 24) return [refine ? here : doubtful(withWristLower(here, 0.2))];
    if (id % 23 === 20) return [swapPose(here)];
    if (id % 61 > 50) return [other];
    return [here, other];
  }

  /** A person who walks, is lost, doubtful, swapped, seen by only one network, and hidden by another person. */
  async function play(smart: SmartAnalyzer, from: number, to: number): Promise<unknown[]> {
    const reported: unknown[] = [];
    for (let id = from; id < to; id++) {
      const here = moved(body, 0.15 * Math.sin(id / 15));
      const other = moved(body, -0.25);
      engine.boxes = id % 40 < 20 ? [boxOf(here)] : [boxOf(here), boxOf(other)];
      engine.sees = call => seenAt(id, call, here, other);
      const dressed = [[other, BLUE] as const, [here, RED] as const];
      attempts.length = 0;
      const result = await smart.analyze(frame(id, dressed));
      reported.push({
        result,
        attempts: attempts.map(({ tried, ...entry }) => ({
          ...entry,
          tried: tried.map(({ name, score }) => ({ name, score })),
        })),
      });
    }
    return reported;
  }

  test.each([
    ['one person', true, { people: 1 }],
    ['one person, without a refining network', false, { people: 1 }],
    ['two people', true, { people: 2 }],
    ['all ways', true, { people: 1, exhaustive: true }],
  ] as const)('goes on as an uninterrupted run does: %s', async (_, hasRefiner, options) => {
    const last = 'exhaustive' in options ? 45 : 130;
    const whole = await play(analyzer(hasRefiner, options), 0, last);
    const parts: unknown[] = [];
    let smart = analyzer(hasRefiner, options);
    let from = 0;
    for (const to of [1, 20, last - 10, last]) {
      parts.push(...(await play(smart, from, to)));
      const saved = structuredClone(smart.save());
      smart = analyzer(hasRefiner, options);
      smart.restore(saved);
      from = to;
    }
    expect(parts).toEqual(whole);
  });
});
