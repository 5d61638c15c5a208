import { describe, expect, test, vi } from 'vitest';
import { regionOfPose } from '../../src/regions/person.js';
import type { SmartAnalyzer } from '../../src/tracking/smart-analyzer.js';
import {
  analyzer,
  attempts,
  body,
  callsFromNow,
  doubtful,
  engine,
  go,
  height,
  hipsOf,
  newScenes,
  width,
  withWristLower,
} from '../support/tracked-scene.js';
import { moved } from '../support/true-pose.js';

vi.mock('../../src/regions/crop.js', async original =>
  (await import('../support/scene-engine.js')).notingCrops(original as never),
);

newScenes();

describe('the refining network', () => {
  /** Frames in which it ran. */
  async function refinedFrames(smart: SmartAnalyzer, from: number, count: number): Promise<number[]> {
    const frames: number[] = [];
    for (let id = from; id < from + count; id++) {
      const calls = callsFromNow();
      await go(smart, id, 1);
      if (calls.some(({ refine }) => refine)) frames.push(id);
    }
    return frames;
  }

  test('confirms a person, runs until it has agreed three times, and then every two seconds', async () => {
    expect(await refinedFrames(analyzer(true), 0, 70)).toEqual([0, 1, 2, 3, 63]);
  });

  test('does not follow if both agree: the usual pose is reported', async () => {
    const results = await go(analyzer(true), 0, 70);
    expect(new Set(results.flatMap(({ people }) => people.map(({ strategy }) => strategy)))).toEqual(
      new Set(['original']),
    );
  });

  test('follows after a disagreement, with its own pose, and hands back when both agree three times', async () => {
    const smart = analyzer(true);
    await go(smart, 0, 10);
    // A whole arm and leg at another place.
    const wrong = {
      ...body,
      landmarks: body.landmarks.map((mark, id) =>
        [13, 15, 25, 27].includes(id) ? { ...mark, x: mark.x + 0.12 } : mark,
      ),
    };
    engine.sees = ({ refine }) => [refine ? body : wrong];
    const results = await go(smart, 10, 75);
    const first = results.findIndex(({ people }) => people[0]!.strategy === 'clahe+heavy');
    expect(first).toBeGreaterThanOrEqual(0);
    for (const { people } of results.slice(first)) {
      expect(people[0]).toMatchObject({ strategy: 'clahe+heavy', personId: 0, status: 'tracked' });
    }
    const calls = callsFromNow();
    await go(smart, 85, 30);
    expect(calls.filter(({ refine }) => refine)).toHaveLength(30);
    expect(calls.filter(({ refine }) => !refine).length).toBeLessThan(3);
    engine.sees = () => [body];
    const [last] = (await go(smart, 115, 70)).slice(-1);
    expect(last!.people[0]!.strategy).toBe('original');
  });

  test('immediately finds a person that the usual one has lost', async () => {
    const smart = analyzer(true);
    await go(smart, 0, 10);
    engine.sees = ({ refine }) => (refine ? [body] : []);
    const [{ people, status }] = await go(smart, 10, 1);
    expect(people[0]).toMatchObject({ personId: 0, strategy: 'clahe+heavy' });
    expect(status).toBe('tracked');
    const calls = callsFromNow();
    await go(smart, 11, 5);
    expect(calls.filter(({ refine }) => refine)).toHaveLength(5);
    expect(calls.length).toBeLessThan(10);
  });

  test('finds a person that both have lost in a wider square', async () => {
    const smart = analyzer(true);
    await go(smart, 0, 10);
    const { size } = regionOfPose(body, width, height);
    engine.sees = ({ refine, area, isSearch }) => (refine && !isSearch && area.size > 1.005 * size ? [body] : []);
    const [{ people }] = await go(smart, 10, 1);
    expect(people[0]).toMatchObject({ personId: 0, status: 'detected', strategy: expect.stringContaining('+heavy') });
    const lost = attempts.at(-1)!;
    expect(lost).toMatchObject({ frameId: 10, personId: 0, situation: 'lost', won: people[0]!.strategy });
  });

  test('is unused if the engine has none', async () => {
    engine.people = [doubtful(body)];
    await go(analyzer(false), 0, 20);
    expect(engine.calls.some(({ refine }) => refine)).toBe(false);
  });
});

describe('exhaustive attempts', () => {
  test('give the mean of those that agree, without the outlying wrist of one of them', async () => {
    const smart = analyzer(true, { exhaustive: true });
    engine.sees = ({ mirrored }) => [mirrored ? moved(body, 0.01) : body];
    const { people } = (await go(smart, 0, 2))[1]!;
    expect(people[0]!.strategy).toBe('fused');
    const x = people[0]!.pose.landmarks[0]!.x - body.landmarks[0]!.x;
    expect(x).toBeGreaterThan(0.001);
    expect(x).toBeLessThan(0.009);

    const other = analyzer(true, { exhaustive: true });
    let odd = 0;
    engine.sees = ({ refine, mirrored }) => [refine && mirrored && odd++ === 0 ? withWristLower(body, 0.15) : body];
    const [result] = await go(other, 0, 1);
    expect(odd).toBeGreaterThan(1);
    expect(result.people[0]!.pose.landmarks[15]!.y).toBeCloseTo(body.landmarks[15]!.y, 6);
  });

  test('exclude attempts at another person from the mean', async () => {
    const smart = analyzer(true, { exhaustive: true });
    engine.sees = ({ mirrored, isSearch }) => [mirrored && !isSearch ? moved(body, 0.12) : body];
    const [result] = await go(smart, 0, 1);
    expect(hipsOf(result.people[0]!.pose)).toBeCloseTo(hipsOf(body), 6);
  });

  test('are the same in each frame, good or not', async () => {
    const smart = analyzer(true, { exhaustive: true });
    await go(smart, 0, 5);
    const counts: number[] = [];
    for (let id = 5; id < 10; id++) {
      const calls = callsFromNow();
      await go(smart, id, 1);
      counts.push(calls.length);
    }
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThanOrEqual(7);
  });
});
