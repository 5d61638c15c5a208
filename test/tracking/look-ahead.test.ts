import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import type { Pose } from '../../src/model/pose.js';
import { type FrameResult, type PersonResult, statusOf } from '../../src/model/result.js';
import { PoseSmoother } from '../../src/signal/pose-smoother.js';
import { LookAhead, type LookAheadState, SMOOTHING } from '../../src/tracking/look-ahead.js';
import { swapPose } from '../../src/tracking/person-memory.js';
import { poseDistance } from '../../src/tracking/seen.js';
import { moved, scaled, truePose } from '../support/true-pose.js';

const RATE = 30;
const wave = await truePose('wave', 0);
const { width, height } = wave;
const sure = (pose: Pose): Pose => ({
  ...pose,
  landmarks: pose.landmarks.map(mark => ({ ...mark, confidence: 0.8 })),
});
const body = sure(scaled(wave, 0.6, 0.2, 0.2));
const other = sure(moved(scaled(wave, 0.6, 0.2, 0.2), 0.3));

const person = (personId: number, pose: Pose, more: Partial<PersonResult> = {}): PersonResult => ({
  personId,
  pose,
  status: 'tracked',
  strategy: 'original',
  score: 0.9,
  ...more,
});

function result(frameId: number, ...people: PersonResult[]): FrameResult {
  return { frameId, timestamp: frameId / RATE, status: statusOf(people), people };
}

const ahead = (frames = 3, people = 1) => new LookAhead({ frames, people, width, height });

function decideAll(results: readonly FrameResult[], looking = ahead()): FrameResult[] {
  return [...results.flatMap(one => looking.push(one)), ...looking.flush()];
}

const frames = (count: number, poseAt: (frame: number) => Pose | undefined) =>
  Array.from({ length: count }, (_, id) => {
    const pose = poseAt(id);
    return result(id, ...(pose ? [person(0, pose)] : []));
  });

const apart = (a: Pose | undefined, b: Pose) => (a ? poseDistance(a, b, width, height) : Number.NaN);
const poseOf = ({ people }: FrameResult) => people[0]?.pose;

describe('LookAhead', () => {
  test('each frame waits for a number of others; the last ones come at the end; in order', () => {
    const looking = ahead(2);
    const given = frames(5, () => body);
    expect(given.map(one => looking.push(one).map(({ frameId }) => frameId))).toEqual([[], [], [0], [1], [2]]);
    expect(looking.waiting).toEqual([3, 4]);
    expect(looking.flush().map(({ frameId }) => frameId)).toEqual([3, 4]);
    expect([looking.waiting, looking.flush()]).toEqual([[], []]);
  });

  test('a person who stands still does not move', () => {
    for (const one of decideAll(frames(8, () => body))) expect(apart(poseOf(one), body)).toBeLessThan(1e-9);
  });

  test('shaking is reduced, in the picture and in metres; the rest is unchanged', () => {
    const shaken = frames(30, id => moved({ ...body, width, height }, id % 2 ? 0.005 : -0.005));
    const decided = decideAll(shaken);
    for (const id of [10, 15, 20]) {
      expect(apart(poseOf(decided[id]!), body)).toBeLessThan(0.6 * apart(poseOf(shaken[id]!), body));
      const [{ pose, ...reported }, { pose: raw, ...given }] = [decided[id]!.people[0]!, shaken[id]!.people[0]!];
      expect(reported).toEqual(given);
      expect(pose.landmarks.map(mark => mark.confidence)).toEqual(raw.landmarks.map(mark => mark.confidence));
    }
  });

  test.each([0.002, 0.01])(
    'a straight motion has less than half the lag that the filter has by itself: %s of the width a frame',
    speed => {
      const moving = frames(40, id => moved({ ...body, width, height }, speed * id));
      const decided = decideAll(moving);
      const smoother = new PoseSmoother(SMOOTHING);
      const usual = moving.map(({ people, timestamp }) =>
        smoother.smooth(people[0]!.pose, 300, timestamp * 1e6, width, height),
      );
      const at = (pose: Pose | undefined) => pose?.landmarks[0]?.x ?? Number.NaN;
      for (const id of [20, 30]) {
        const lag = Math.abs(at(poseOf(moving[id]!)) - at(poseOf(decided[id]!)));
        expect(lag).toBeLessThan(0.5 * Math.abs(at(poseOf(moving[id]!)) - at(usual[id])));
      }
    },
  );

  test.each([1, 2])('sides swapped for %s frames are swapped back', length => {
    const isSwapped = (id: number) => id >= 5 && id < 5 + length;
    const given = frames(12, id => (isSwapped(id) ? swapPose(body) : body));
    // For the tracker, the swap back is a swap as well.
    given[5 + length] = result(5 + length, person(0, body, { swap: 'found' }));
    const decided = decideAll(given);
    for (const one of decided) {
      expect(apart(poseOf(one), body)).toBeLessThan(1e-9);
      expect(one.people[0]!.swap).toBe(isSwapped(one.frameId) ? 'fixed' : undefined);
    }
  });

  test('sides that stay swapped are kept', () => {
    const decided = decideAll(frames(12, id => (id >= 5 ? swapPose(body) : body)));
    expect(apart(poseOf(decided[9]!), swapPose(body))).toBeLessThan(0.05);
    expect(decided.some(({ people }) => people[0]!.swap)).toBe(false);
  });

  test('a brief gap is filled, with lower scores than around it', () => {
    const given = frames(12, id => (id === 5 || id === 6 ? undefined : moved({ ...body, width, height }, 0.002 * id)));
    given[7] = result(7, person(0, poseOf(given[7]!)!, { score: 0.7, status: 'detected' }));
    const decided = decideAll(given);
    expect(decided.map(({ status }) => status).slice(4, 8)).toEqual(['tracked', 'filled', 'filled', 'detected']);
    const { pose, ...reported } = decided[5]!.people[0]!;
    expect(reported).toMatchObject({ personId: 0, status: 'filled', strategy: 'filled', score: 0.7 });
    expect(pose.landmarks[0]!.confidence).toBeCloseTo(0.72, 9);
    expect(apart(pose, moved({ ...body, width, height }, 0.01))).toBeLessThan(0.05);
  });

  test.each([
    ['for longer than is looked ahead', frames(14, id => (id >= 5 && id < 9 ? undefined : body)), 1],
    ['and is somewhere else then', frames(14, id => (id === 5 ? undefined : id > 5 ? other : body)), 1],
    [
      'while all requested people are reported',
      frames(14, id => (id === 5 ? undefined : body)).map(one =>
        one.frameId === 5 ? result(5, person(1, other)) : one,
      ),
      1,
    ],
    [
      'if another person is reported',
      frames(14, id => (id === 5 ? undefined : body)).map(one =>
        one.frameId === 5 ? result(5, person(1, body)) : one,
      ),
      2,
    ],
  ])('nobody is filled in who is not seen %s', (_, given, people) => {
    expect(decideAll(given, ahead(3, people)).some(one => one.people.some(({ status }) => status === 'filled'))).toBe(
      false,
    );
  });

  test('continues from a saved state as it would have without', () => {
    const given = frames(30, id => {
      if (id % 7 === 3) return undefined;
      const pose = moved({ ...body, width, height }, 0.01 * Math.sin(id));
      return id % 11 === 5 ? swapPose(pose) : pose;
    });
    const whole = decideAll(given, ahead(4));
    for (const stop of [1, 4, 5, 12, 18, 29]) {
      const first = ahead(4);
      const begun = given.slice(0, stop).flatMap(one => first.push(one));
      const second = ahead(4);
      second.restore(deserialize(serialize(first.save())) as LookAheadState);
      expect(second.waiting).toEqual(first.waiting);
      expect([...begun, ...decideAll(given.slice(stop), second)]).toEqual(whole);
    }
  });
});
