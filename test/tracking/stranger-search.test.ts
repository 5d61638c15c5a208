import { describe, expect, test, vi } from 'vitest';
import type { FrameResult } from '../../src/model/result.js';
import {
  analyzer,
  attempts,
  BLUE,
  body,
  callsFromNow,
  engine,
  frame,
  go,
  hipsOf,
  left,
  newScenes,
  nonsense,
  RED,
  right,
  unsureOf,
} from '../support/tracked-scene.js';
import { boxOf, moved, type PlacedPose, scaled } from '../support/true-pose.js';

vi.mock('../../src/regions/crop.js', async original =>
  (await import('../support/scene-engine.js')).notingCrops(original as never),
);

newScenes();

describe('strangers', () => {
  /** Half plausible: more likely present than not, according to the landmark network. */
  const unsure = unsureOf(0.65, undefined);

  test('a stranger in clutter that no box of the detector confirms is not admitted', async () => {
    engine.people = [unsure];
    engine.boxes = undefined;
    expect((await go(analyzer(), 0, 1))[0].people).toHaveLength(1);
    engine.boxes = [];
    expect((await go(analyzer(), 0, 1))[0].people).toHaveLength(0);
    expect(attempts.at(-1)).toMatchObject({ personId: null, situation: 'nobody', won: null });
    engine.boxes = [boxOf(body)];
    expect((await go(analyzer(), 0, 1))[0].people).toHaveLength(1);
  });

  test('a box beside the pose does not confirm it', async () => {
    engine.people = [unsure];
    engine.boxes = [boxOf(moved(scaled(body, 0.3, 0, 0), -0.1))];
    engine.sees = ({ isSearch, isCrop }) => (isSearch && !isCrop ? [unsure] : []);
    expect((await go(analyzer(), 0, 1))[0].people).toHaveLength(0);
  });

  test('an impossible pose is not admitted, within the limit of attempts', async () => {
    engine.people = [nonsense];
    engine.boxes = [];
    for (const result of await go(analyzer(false, { maxAttempts: 3 }), 0, 10)) expect(result.people).toEqual([]);
    expect(attempts.every(({ won }) => won === null)).toBe(true);
  });

  test('a person who is not visible in the whole picture is found in their box', async () => {
    engine.boxes = [boxOf(body)];
    engine.sees = ({ isSearch, isCrop }) => (isSearch && !isCrop ? [] : [body]);
    const [{ people }] = await go(analyzer(true), 0, 1);
    expect(people[0]).toMatchObject({ personId: 0, status: 'detected' });
    expect(hipsOf(people[0]!.pose)).toBeCloseTo(hipsOf(body), 6);
  });

  test('a person found only by the refining network in their box is followed by it', async () => {
    engine.boxes = [boxOf(body)];
    engine.sees = ({ refine }) => (refine ? [body] : []);
    const smart = analyzer(true);
    const [{ people }] = await go(smart, 0, 1);
    expect(people[0]!.strategy).toBe('box+heavy');
    const calls = callsFromNow();
    await go(smart, 1, 5);
    expect(calls.map(({ refine }) => refine)).toEqual(new Array(5).fill(true));
  });

  test('while no person is present, the picture is searched less often after three seconds', async () => {
    engine.people = [];
    engine.boxes = [];
    const smart = analyzer();
    const calls = callsFromNow();
    await go(smart, 0, 30);
    const atFirst = calls.length;
    await go(smart, 30, 90);
    callsFromNow();
    await go(smart, 120, 30);
    // The plain search of each frame continues.
    expect(calls.length).toBeGreaterThanOrEqual(30);
    expect(calls.length - 30).toBeLessThan((atFirst - 30) / 4);
  });
});

describe('when the followed person is lost', () => {
  test('no person takes the place of one who was present a moment ago', async () => {
    const smart = analyzer();
    engine.people = [left];
    await go(smart, 0, 10, RED);
    engine.people = [right];
    const results = await go(smart, 10, 60, BLUE);
    for (const { people } of results.slice(0, 28)) expect(people).toEqual([]);
    // After a second it is another person.
    expect(results.at(-1)?.people[0]).toMatchObject({ personId: 1 });
  });

  test('they are recognised elsewhere by their clothes', async () => {
    const smart = analyzer();
    engine.people = [left];
    await go(smart, 0, 10, RED);
    engine.people = [right];
    expect((await go(smart, 10, 1, RED))[0].people[0]).toMatchObject({ personId: 0, status: 'detected' });
  });

  test('they return with the same id, after seconds as well', async () => {
    const smart = analyzer();
    await go(smart, 0, 10, RED);
    engine.people = [];
    for (const { status } of await go(smart, 10, 100, RED)) expect(status).toBe('missing');
    engine.people = [right];
    const results = await go(smart, 110, 5, RED);
    expect(results.at(-1)?.people[0]).toMatchObject({ personId: 0 });
  });

  test('a person in other clothes in the way is never reported as the person: there is a gap or another id, and then the person again', async () => {
    const smart = analyzer();
    const passer = moved(body, 0.02);
    engine.boxes = [boxOf(left), boxOf(body)];
    /** The person that the landmark network finds at the followed person's position. */
    const step = async (id: number, seen: PlacedPose) => {
      engine.people = [seen, left];
      const clothes = seen === passer ? BLUE : RED;
      return smart.analyze(
        frame(id, [
          [seen, clothes],
          [left, BLUE],
        ]),
      );
    };
    for (let id = 0; id < 100; id++) expect((await step(id, body)).people).toHaveLength(1);
    expect((await step(100, passer)).people).toEqual([]);
    for (let id = 101; id < 108; id++) {
      for (const { personId } of (await step(id, passer)).people) expect(personId).not.toBe(0);
    }
    const results: FrameResult[] = [];
    for (let id = 108; id < 112; id++) results.push(await step(id, body));
    expect(results.at(-1)?.people[0]).toMatchObject({ personId: 0 });
  });

  test('other clothes count as other light if no one else is near', async () => {
    const smart = analyzer();
    engine.boxes = [boxOf(body)];
    await go(smart, 0, 100, RED);
    for (const { people } of await go(smart, 100, 10, BLUE)) expect(people[0]).toMatchObject({ personId: 0 });
  });
});
