import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { doubtsOf } from '../../src/analyze/doubts.js';
import { Tally, type TallyState } from '../../src/analyze/tally.js';
import type { FrameResult } from '../../src/model/result.js';
import { standingPose } from '../support/fake-engine.js';

const NONE = { framesOverBudget: 0 };

/** Frames at ten per second, each with the people of these ids. */
function results(...people: readonly (readonly number[])[]): FrameResult[] {
  return people.map((ids, frameId) => ({
    frameId,
    timestamp: frameId / 10,
    status: ids.length === 0 ? 'missing' : 'tracked',
    people: ids.map(personId => ({
      personId,
      pose: standingPose(),
      status: 'tracked',
      strategy: 'original',
      score: 1,
    })),
  }));
}

function tallyOf(frames: readonly FrameResult[]): Tally {
  const tally = new Tally();
  for (const frame of frames) tally.add(frame);
  return tally;
}

/** The same, in two runs. */
function talliedInParts(frames: readonly FrameResult[], stop: number): Tally {
  const state = deserialize(serialize(tallyOf(frames.slice(0, stop)).save())) as TallyState;
  const tally = new Tally();
  tally.restore(state);
  for (const frame of frames.slice(stop)) tally.add(frame);
  return tally;
}

const repeated = (times: number, ids: readonly number[]) => Array.from({ length: times }, () => ids);
const TWO = results(...repeated(22, [0]), ...repeated(12, []), ...repeated(10, [1]));

describe('with one requested person', () => {
  test('one id, even one that returns, is no reason for doubt', () => {
    const tally = tallyOf(results(...repeated(5, [0]), [], ...repeated(5, [0])));
    expect([tally.ids, tally.changes]).toEqual([1, 0]);
    expect(doubtsOf(tally, NONE, 1)).toEqual([]);
  });

  test('it says who was followed when, and what to do', () => {
    const tally = tallyOf(TWO);
    expect([tally.ids, tally.changes]).toEqual([2, 1]);
    expect(doubtsOf(tally, NONE, 1)).toEqual([
      'the video shows more than one person: person 0 was followed until 2.1 s, person 1 from 3.4 s on (--people 2 follows both; --person X,Y follows the one nearest to a point in pixels)',
    ]);
  });

  test('the first of many changes are listed, and the others counted', () => {
    const [doubt] = doubtsOf(tallyOf(results([0], [1], [0], [1], [2], [0], [0])), NONE, 1);
    expect(doubt).toContain(
      ': person 0 was followed until 0.0 s, person 1 from 0.1 s to 0.1 s, person 0 from 0.2 s to 0.2 s, person 1 from 0.3 s to 0.3 s, then 2 further changes (--people 2 or more',
    );
  });

  test('a continued run says the same', () => {
    const frames = [...TWO, ...results(...repeated(50, []), [0], [2], [2], [0], [1], [1])];
    for (let stop = 0; stop <= frames.length; stop++) {
      const [whole, parts] = [tallyOf(frames), talliedInParts(frames, stop)];
      expect([stop, parts.save()]).toEqual([stop, whole.save()]);
      expect(doubtsOf(parts, NONE, 1)).toEqual(doubtsOf(whole, NONE, 1));
    }
  });
});

test('with several requested people, several ids are expected', () => {
  const tally = tallyOf(results([0, 1], [0], [1], [0, 2]));
  expect(tally.ids).toBe(3);
  expect(doubtsOf(tally, NONE, 2)).toEqual([]);
});

test('omitted retries are reported from one frame in twenty on', () => {
  const tally = tallyOf(results(...repeated(100, [0])));
  expect(doubtsOf(tally, { framesOverBudget: 5 }, 1)).toEqual([]);
  expect(doubtsOf(tally, { framesOverBudget: 6 }, 1)).toEqual([
    expect.stringMatching(/^the retry budget was used up in 6 of 100 frames.*--mode quality/),
  ]);
});
