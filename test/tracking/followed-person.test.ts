import { describe, expect, test } from 'vitest';
import { FollowedPerson, PLAIN } from '../../src/tracking/followed-person.js';
import { moved, truePose } from '../support/true-pose.js';

const body = await truePose('wave', 0);
const { width, height } = body;
/** Frames per second; a power of two, so that no time is rounded. */
const RATE = 32;

/** Follows a person frame by frame, and records when the other network runs. It agrees as the test says. */
class Followed {
  readonly person = new FollowedPerson();
  readonly asked: number[] = [];
  #frame = 0;

  go(frames: number, agrees: boolean, isDoubtful = false): this {
    for (let i = 0; i < frames; i++, this.#frame++) {
      this.person.count();
      const timestamp = this.#frame / RATE;
      if (!this.person.isOtherDue(timestamp, isDoubtful)) continue;
      this.asked.push(this.#frame);
      this.person.learnOther(timestamp, agrees, isDoubtful);
    }
    return this;
  }

  /** Frames between the runs of the other network. */
  get pauses(): number[] {
    return this.asked.slice(1).map((frame, i) => frame - this.asked[i]!);
  }
}

describe('the network that follows a person', () => {
  test('is the usual one, and the refining one runs until both have agreed three times; then every two seconds', () => {
    const { asked, person } = new Followed().go(200, true);
    expect(asked).toEqual([0, 1, 2, 66, 130, 194]);
    expect(person.isRefined).toBe(false);
  });

  test('is the refining one after one disagreement, until both have agreed three times in a row', () => {
    const followed = new Followed().go(1, false);
    expect(followed.person.isRefined).toBe(true);
    // The first test comes after a pause, the next ones follow at once.
    followed.go(9, true);
    expect(followed.asked).toEqual([0, 9]);
    followed.go(1, true);
    expect(followed.person.isRefined).toBe(true);
    followed.go(1, true);
    expect(followed.person.isRefined).toBe(false);
    expect(followed.asked).toEqual([0, 9, 10, 11]);
  });

  test('an agreement between two disagreements does not count', () => {
    const followed = new Followed().go(1, false).go(9, true).go(1, true).go(1, false).go(60, true);
    // Two agreements, a disagreement, and three more in a row.
    expect(followed.asked.slice(0, 4)).toEqual([0, 9, 10, 11]);
    expect(followed.person.isRefined).toBe(false);
    expect(followed.asked.slice(4, 7)).toEqual([20, 21, 22]);
  });

  test('while they disagree the usual one runs less and less often, at last every 65 frames', () => {
    const { pauses, person } = new Followed().go(500, false);
    expect(pauses).toEqual([9, 17, 33, 65, 65, 65, 65, 65, 65]);
    expect(person.isRefined).toBe(true);
  });

  test('a doubtful pose is refined at once, and less and less often if the two agree', () => {
    const followed = new Followed().go(10, true);
    followed.go(45, true, true);
    const doubts = followed.asked.filter(frame => frame >= 10);
    expect(doubts[0]).toBe(10);
    expect(doubts.slice(1).map((frame, i) => frame - doubts[i]!)).toEqual([2, 3, 5, 9, 17]);
  });

  test('doubt restarts once a pose was not doubtful at a check', () => {
    const followed = new Followed().go(3, true).go(40, true, true).go(80, true);
    const before = followed.asked.length;
    followed.go(1, true, true);
    expect(followed.asked).toHaveLength(before + 1);
  });

  test('is the refining one if that found the person; it runs the usual one after a pause', () => {
    const followed = new Followed().go(5, true);
    followed.person.follow(true);
    expect(followed.person.isRefined).toBe(true);
    followed.go(30, true);
    expect(followed.asked).toEqual([0, 1, 2, 13, 14, 15]);
    expect(followed.person.isRefined).toBe(false);
  });

  test('already following does not change the pause', () => {
    const [one, other] = [new Followed().go(40, false), new Followed().go(40, false)];
    one.person.follow(true);
    other.person.follow(false);
    expect(one.go(100, false).asked).toEqual(other.go(100, false).asked);
    expect(other.person.isRefined).toBe(true);
  });
});

describe('the light in which a person is followed', () => {
  test('is the plain one at first; each change restarts the count of frames in it', () => {
    const person = new FollowedPerson();
    expect(person.light).toBe(PLAIN);
    person.count();
    person.light = 'clahe';
    expect(person.framesInLight).toBe(0);
    person.count();
    person.count();
    person.light = 'clahe';
    expect(person.framesInLight).toBe(2);
  });
});

describe('smoothing', () => {
  const smoothed = (person: FollowedPerson, x: number, timestamp: number) => {
    const raw = moved(body, x);
    const pose = person.smooth(raw, 300, timestamp, width, height);
    person.memory.remember(raw, timestamp);
    return pose.landmarks[0]!.x - body.landmarks[0]!.x;
  };

  test('removes the shaking from a continuous pose, also across a brief absence', () => {
    const person = new FollowedPerson();
    smoothed(person, 0, 0);
    const x = smoothed(person, 0.001, 0.2);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(0.001);
  });

  test('restarts for a person who was away for longer', () => {
    const person = new FollowedPerson();
    smoothed(person, 0, 0);
    expect(smoothed(person, 0.1, 0.3)).toBeCloseTo(0.1, 12);
  });
});

test('a saved state continues like the person: network, light, region, motion and smoothing', () => {
  const followed = new Followed().go(20, false);
  const { person } = followed;
  person.light = 'clahe';
  person.count();
  person.region = { x: 1, y: 2, size: 3, rotation: 0.5 };
  for (let i = 0; i < 3; i++) {
    const raw = moved(body, i / 100);
    person.smooth(raw, 300, i / RATE, width, height);
    person.memory.remember(raw, i / RATE);
  }
  const copy = new FollowedPerson();
  copy.restore(structuredClone(person.save()));
  expect(copy.save()).toEqual(person.save());

  const goOn = (one: FollowedPerson) =>
    Array.from({ length: 60 }, (_, i) => {
      one.count();
      const timestamp = (3 + i) / RATE;
      const isDue = one.isOtherDue(timestamp, false);
      if (isDue) one.learnOther(timestamp, i % 3 !== 0, false);
      const raw = moved(body, 0.03 + Math.sin(i) / 50);
      const pose = one.smooth(raw, 300, timestamp, width, height);
      one.memory.remember(raw, timestamp);
      return { isDue, isRefined: one.isRefined, light: one.light, frames: one.framesInLight, pose };
    });
  expect(goOn(copy)).toEqual(goOn(person));
});
