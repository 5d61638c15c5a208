import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { FrameAttempts } from '../../src/model/attempts.js';
import { OTHER_SIDE } from '../../src/model/body.js';
import type { Frame } from '../../src/model/frame.js';
import { planeLayout, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import type { FrameResult } from '../../src/model/result.js';
import { regionOfPose } from '../../src/regions/person.js';
import { DEFAULT_MIN_SCORE, judgePose } from '../../src/tracking/judge.js';
import { swapPose } from '../../src/tracking/person-memory.js';
import { SmartAnalyzer } from '../../src/tracking/smart-analyzer.js';
import type { SmartOptions } from '../../src/tracking/smart-options.js';
import type { DetectCall } from '../support/scene-engine.js';
import { SceneEngine } from '../support/scene-engine.js';
import { boxOf, moved, type PlacedPose, scaled, truePose, withSignals } from '../support/true-pose.js';

vi.mock('../../src/regions/crop.js', async original =>
  (await import('../support/scene-engine.js')).notingCrops(original as never),
);

const RATE = 30;
const wave = await truePose('wave', 0);
const { width, height } = wave;
/** Somebody in the middle of the picture, and the same in two other places. */
const body = withSignals(scaled(wave, 0.6, 0.2, 0.2));
const [left, right] = [moved(body, -0.2), moved(body, 0.2)];

/**
 * The same body as a network tells it that is so unsure of it that the judge gives this score. Searched for, so that tests do not depend on the judge's weights.
 * @param expected where the person was, for somebody who is followed
 */
function unsureOf(score: number, expected: Pose | undefined): PlacedPose {
  const known = { width, height, refined: false, others: [], expected, absence: expected ? 1 / RATE : Infinity };
  const blurred = (share: number) => {
    const signals = { presence: 0.98 - 0.9 * share, peak: 0.8 - 0.78 * share, spread: 0.02 + 0.06 * share };
    return withSignals(body, { ...signals, offset: 0.01 + 0.2 * share });
  };
  let [low, high] = [0, 1];
  for (let step = 0; step < 20; step++) {
    const half = (low + high) / 2;
    const judged = judgePose(blurred(half), known, { box: undefined, swapped: false }).score;
    if (judged > score) low = half;
    else high = half;
  }
  return blurred(low);
}

const { signals: UNSURE } = unsureOf(0.6, body);
/** A followed person's pose that calls for retries. */
const doubtful = <P extends Pose>(pose: P): P => ({ ...pose, signals: UNSURE });

/** A pose whose joints are all over the place: no body is like that. */
const nonsense: PlacedPose = {
  ...doubtful(body),
  presence: 0.1,
  landmarks: body.landmarks.map((mark, id) => ({
    ...mark,
    visibility: 0.3,
    x: 0.3 + 0.4 * ((id * 0.37) % 1),
    y: 0.3 + 0.4 * ((id * 0.61) % 1),
  })),
  worldLandmarks: body.worldLandmarks.map((_, id) => ({ x: (id * 0.37) % 1, y: (id * 0.61) % 1, z: (id * 0.13) % 1 })),
};

/** The same body with one wrist so much lower. */
const withWristLower = <P extends Pose>(pose: P, lower: number): P => ({
  ...pose,
  landmarks: pose.landmarks.map((mark, id) => (id === 15 ? { ...mark, y: mark.y + lower } : mark)),
});

type Colour = readonly [luma: number, blue: number, red: number];
const RED: Colour = [120, 90, 200];
const BLUE: Colour = [90, 200, 100];

/** A picture in which people stand in clothes of one colour each. */
function frame(frameId: number, dressed: readonly (readonly [pose: Pose, colour: Colour])[] = []): Frame {
  const data = new Uint8Array(yuvBytes(width, height)).fill(128);
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  for (const [{ landmarks }, [luma, blue, red]] of dressed) {
    const joints = [11, 12, 23, 24, 25, 26].map(id => landmarks[id]);
    const [x, y] = [joints.map(mark => mark.x * width), joints.map(mark => mark.y * height)];
    for (let row = Math.floor(Math.min(...y)); row <= Math.max(...y); row++) {
      for (let column = Math.floor(Math.min(...x)); column <= Math.max(...x); column++) {
        data[row * width + column] = luma;
        const chroma = (row >> 1) * chromaWidth + (column >> 1);
        [data[cb + chroma], data[cr + chroma]] = [blue, red];
      }
    }
  }
  return { frameId, timestamp: frameId / RATE, image: { width, height, matrix: 'bt709', data }, release: () => {} };
}

let engine: SceneEngine;
let attempts: FrameAttempts[];
beforeEach(() => {
  engine = new SceneEngine(width, height);
  engine.people = [body];
  attempts = [];
});

function analyzer(hasRefiner = false, options: Partial<SmartOptions> = {}): SmartAnalyzer {
  return new SmartAnalyzer(engine, hasRefiner, {
    people: 1,
    width,
    height,
    minScore: DEFAULT_MIN_SCORE,
    person: 'first',
    maxAttempts: 8,
    exhaustive: false,
    fixSwaps: false,
    onAttempts: entry => attempts.push(entry),
    ...options,
  });
}

/** Analyses some frames, from one on. */
async function go(smart: SmartAnalyzer, from: number, count: number, clothes?: Colour): Promise<FrameResult[]> {
  const results: FrameResult[] = [];
  for (let id = from; id < from + count; id++) {
    results.push(await smart.analyze(frame(id, clothes && engine.people.map(pose => [pose, clothes] as const))));
  }
  return results;
}

/** The calls of the frames to come. */
function callsFromNow(): DetectCall[] {
  engine.calls.length = 0;
  return engine.calls;
}

const hipsOf = ({ landmarks }: Pose) => (landmarks[23].x + landmarks[24].x) / 2;

describe('following one person', () => {
  test('somebody is detected, then tracked; a good pose costs one attempt', async () => {
    const smart = analyzer();
    const [first] = await go(smart, 0, 1);
    expect(first).toMatchObject({ status: 'detected', people: [{ personId: 0, strategy: 'original' }] });
    const calls = callsFromNow();
    const results = await go(smart, 1, 5);
    expect(calls).toHaveLength(5);
    for (const { status, people } of results) {
      expect(status).toBe('tracked');
      expect(people[0]).toMatchObject({ personId: 0, strategy: 'original', status: 'tracked' });
      expect(people[0].score).toBeGreaterThan(0.9);
      for (const { confidence } of people[0].pose.landmarks) expect(confidence).toBeGreaterThan(0.5);
    }
    expect(attempts.filter(({ frameId }) => frameId > 0)).toEqual([]);
  });

  test('the next attempt is where the network says that the person will be; without that, around the pose', async () => {
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

  test("the tracker's doubtful pose stays where nothing better is found", async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.people = [doubtful(body)];
    const [{ people }] = await go(smart, 5, 1);
    expect(people[0]).toMatchObject({ personId: 0, strategy: 'original', status: 'tracked' });
    expect(people[0].score).toBeLessThan(0.9);
    const { frameId, personId, won, tried } = attempts.at(-1) as FrameAttempts;
    expect({ frameId, personId, won }).toEqual({ frameId: 5, personId: 0, won: 'original' });
    expect(tried.length).toBeGreaterThan(3);
  });

  test('a better attempt takes its place', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.sees = ({ mirrored }) => [mirrored ? body : doubtful(body)];
    const [{ people, status }] = await go(smart, 5, 1);
    expect(people[0].strategy).toBe('crop+mirrored');
    expect(status).toBe('detected');
    expect(attempts.at(-1)).toMatchObject({ frameId: 5, won: 'crop+mirrored' });
  });

  test('attempts beyond the first are no more than are allowed', async () => {
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

  test('a pose that nobody believes stays, with a low score, as long as somebody may be there', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.people = [nonsense];
    const [result] = await go(smart, 5, 1);
    expect(result.people).toHaveLength(1);
    expect(result.people[0].score).toBeLessThan(0.3);
  });

  test('a pose beneath the least score is left out where one is asked for, and the record says why', async () => {
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

  test('with a higher least score a doubtful pose is left out as well', async () => {
    const smart = analyzer(false, { minScore: 0.9 });
    await go(smart, 0, 5);
    engine.people = [doubtful(body)];
    expect((await go(smart, 5, 1))[0].status).toBe('missing');
  });

  test('the largest person is followed from the start when that is asked for', async () => {
    const far = scaled(body, 0.4, 0, 0.1);
    engine.people = [far, body];
    const [{ people: first }] = await go(analyzer(false), 0, 1);
    const [{ people: largest }] = await go(analyzer(false, { person: 'largest' }), 0, 1);
    expect(hipsOf(first[0].pose)).toBeCloseTo(hipsOf(far), 6);
    expect(hipsOf(largest[0].pose)).toBeCloseTo(hipsOf(body), 6);
  });

  test.each([false, true])('sides that stay swapped are told, and put right if asked for: %s', async fixSwaps => {
    const smart = analyzer(false, { fixSwaps });
    await go(smart, 0, 10);
    engine.people = [swapPose(body)];
    const [{ people }] = await go(smart, 10, 1);
    expect(people[0].swap).toBe(fixSwaps ? 'fixed' : 'found');
    const [own, other] = [body.landmarks[11].x, body.landmarks[OTHER_SIDE[11]].x];
    const isPutRight =
      Math.abs(people[0].pose.landmarks[11].x - own) < Math.abs(people[0].pose.landmarks[11].x - other);
    expect(isPutRight).toBe(fixSwaps);
  });
});

describe('the refining network', () => {
  /** Frames in which it was asked. */
  async function refinedFrames(smart: SmartAnalyzer, from: number, count: number): Promise<number[]> {
    const frames: number[] = [];
    for (let id = from; id < from + count; id++) {
      const calls = callsFromNow();
      await go(smart, id, 1);
      if (calls.some(({ refine }) => refine)) frames.push(id);
    }
    return frames;
  }

  test('confirms somebody, is asked until it agreed three times, and then every two seconds', async () => {
    expect(await refinedFrames(analyzer(true), 0, 70)).toEqual([0, 1, 2, 3, 63]);
  });

  test('does not follow where both agree: the usual pose is told', async () => {
    const results = await go(analyzer(true), 0, 70);
    expect(new Set(results.flatMap(({ people }) => people.map(({ strategy }) => strategy)))).toEqual(
      new Set(['original']),
    );
  });

  test('follows after a disagreement, with its own pose, and gives back when both agree three times', async () => {
    const smart = analyzer(true);
    await go(smart, 0, 10);
    // A whole arm and leg elsewhere.
    const wrong = {
      ...body,
      landmarks: body.landmarks.map((mark, id) =>
        [13, 15, 25, 27].includes(id) ? { ...mark, x: mark.x + 0.12 } : mark,
      ),
    };
    engine.sees = ({ refine }) => [refine ? body : wrong];
    const results = await go(smart, 10, 75);
    const first = results.findIndex(({ people }) => people[0].strategy === 'clahe+heavy');
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
    expect(last.people[0].strategy).toBe('original');
  });

  test('finds somebody at once whom the usual one does not see any more', async () => {
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

  test('finds somebody again in a wider square whom both lost', async () => {
    const smart = analyzer(true);
    await go(smart, 0, 10);
    const { size } = regionOfPose(body, width, height);
    engine.sees = ({ refine, area, isSearch }) => (refine && !isSearch && area.size > 1.005 * size ? [body] : []);
    const [{ people }] = await go(smart, 10, 1);
    expect(people[0]).toMatchObject({ personId: 0, status: 'detected', strategy: expect.stringContaining('+heavy') });
    const lost = attempts.at(-1) as FrameAttempts;
    expect(lost).toMatchObject({ frameId: 10, personId: 0, situation: 'lost', won: people[0].strategy });
  });

  test('is not there where the engine has none', async () => {
    engine.people = [doubtful(body)];
    await go(analyzer(false), 0, 20);
    expect(engine.calls.some(({ refine }) => refine)).toBe(false);
  });
});

describe('strangers', () => {
  /** Half believed: more likely there than not, as far as the landmark network goes. */
  const unsure = unsureOf(0.65, undefined);

  test('a stranger in clutter that no box of the detector confirms is not let in', async () => {
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

  test('nonsense is not let in, after no more attempts than are allowed', async () => {
    engine.people = [nonsense];
    engine.boxes = [];
    for (const result of await go(analyzer(false, { maxAttempts: 3 }), 0, 10)) expect(result.people).toEqual([]);
    expect(attempts.every(({ won }) => won === null)).toBe(true);
  });

  test('somebody whom the whole picture does not show is found in their box', async () => {
    engine.boxes = [boxOf(body)];
    engine.sees = ({ isSearch, isCrop }) => (isSearch && !isCrop ? [] : [body]);
    const [{ people }] = await go(analyzer(true), 0, 1);
    expect(people[0]).toMatchObject({ personId: 0, status: 'detected' });
    expect(hipsOf(people[0].pose)).toBeCloseTo(hipsOf(body), 6);
  });

  test('somebody whom only the refining network sees in their box is followed by it', async () => {
    engine.boxes = [boxOf(body)];
    engine.sees = ({ refine }) => (refine ? [body] : []);
    const smart = analyzer(true);
    const [{ people }] = await go(smart, 0, 1);
    expect(people[0].strategy).toBe('box+heavy');
    const calls = callsFromNow();
    await go(smart, 1, 5);
    expect(calls.map(({ refine }) => refine)).toEqual(new Array(5).fill(true));
  });

  test('while nobody is there, the picture is searched less after three seconds', async () => {
    engine.people = [];
    engine.boxes = [];
    const smart = analyzer();
    const calls = callsFromNow();
    await go(smart, 0, 30);
    const atFirst = calls.length;
    await go(smart, 30, 90);
    callsFromNow();
    await go(smart, 120, 30);
    // The plain search of each frame goes on.
    expect(calls.length).toBeGreaterThanOrEqual(30);
    expect(calls.length - 30).toBeLessThan((atFirst - 30) / 4);
  });
});

describe('when the followed person is not seen', () => {
  test('nobody takes the place of someone who was there a moment ago', async () => {
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

  test('they come back as who they were, after seconds as well', async () => {
    const smart = analyzer();
    await go(smart, 0, 10, RED);
    engine.people = [];
    for (const { status } of await go(smart, 10, 100, RED)) expect(status).toBe('missing');
    engine.people = [right];
    const results = await go(smart, 110, 5, RED);
    expect(results.at(-1)?.people[0]).toMatchObject({ personId: 0 });
  });

  test('somebody in other clothes in the way is never told as the person: there is a gap or another id, and then the person again', async () => {
    const smart = analyzer();
    const passer = moved(body, 0.02);
    engine.boxes = [boxOf(left), boxOf(body)];
    /** Whom the landmark network sees at the person's place. */
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

  test('other clothes are the light where nobody else is about', async () => {
    const smart = analyzer();
    engine.boxes = [boxOf(body)];
    await go(smart, 0, 100, RED);
    for (const { people } of await go(smart, 100, 10, BLUE)) expect(people[0]).toMatchObject({ personId: 0 });
  });
});

describe('several people', () => {
  test('who stand beside each other are found in their boxes, and keep their ids', async () => {
    engine.people = [left, right];
    engine.boxes = [boxOf(left), boxOf(right)];
    const smart = analyzer(false, { people: 2 });
    const results = await go(smart, 0, 20);
    for (const { people } of results) {
      expect(people.map(({ personId }) => personId)).toEqual([0, 1]);
      expect(hipsOf(people[0].pose)).toBeCloseTo(hipsOf(left), 4);
      expect(hipsOf(people[1].pose)).toBeCloseTo(hipsOf(right), 4);
    }
  });

  test('are no more than are wanted', async () => {
    engine.people = [left, body, right].map(pose => scaled(pose, 0.7, 0.15, 0.15));
    engine.boxes = engine.people.map(pose => boxOf({ ...pose, width, height }));
    const smart = analyzer(false, { people: 2 });
    for (const { people } of await go(smart, 0, 40)) expect(people).toHaveLength(2);
  });

  test('one body is not reported twice where both are searched in it', async () => {
    engine.people = [left, right];
    engine.boxes = [boxOf(left), boxOf(right)];
    const smart = analyzer(false, { people: 2 });
    await go(smart, 0, 20);
    engine.sees = () => [left];
    for (const { people } of await go(smart, 20, 10)) {
      expect(people).toHaveLength(1);
      expect(people[0].personId).toBe(0);
    }
  });
});

describe('what is explained', () => {
  test('is each attempt beyond the first with its score, and why the winner is it', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    expect(attempts).toHaveLength(1);
    engine.sees = ({ mirrored }) => [mirrored ? body : doubtful(body)];
    const [{ people }] = await go(smart, 5, 1);
    const entry = attempts.at(-1) as FrameAttempts;
    expect(attempts).toHaveLength(2);
    expect(entry).toMatchObject({ frameId: 5, timestamp: 5 / RATE, personId: 0, won: 'crop+mirrored' });
    expect(entry.why).toBe(`best score, ${people[0].score.toFixed(2)}`);
    expect(entry.tried.at(-1)).toMatchObject({ name: 'crop+mirrored', score: expect.closeTo(people[0].score, 6) });
    for (const { milliseconds } of entry.tried) expect(milliseconds).toBeGreaterThanOrEqual(0);
    expect(new Set(entry.tried.map(({ name }) => name)).size).toBe(entry.tried.length);
  });

  test('is an attempt that found nobody without a score, and that nobody was found', async () => {
    const smart = analyzer();
    await go(smart, 0, 5);
    engine.people = [];
    await go(smart, 5, 1);
    const entry = attempts.find(({ frameId, personId }) => frameId === 5 && personId === 0);
    expect(entry).toMatchObject({ situation: 'lost', won: null, why: 'nobody found' });
    expect(entry?.tried.every(({ score }) => score === null)).toBe(true);
  });

  test('is a check by the refining network, with what was taken', async () => {
    await go(analyzer(true), 0, 2);
    expect(attempts[1]).toMatchObject({ frameId: 1, personId: 0, won: 'original' });
    expect(attempts[1].tried.map(({ name }) => name)).toEqual(['clahe+heavy']);
  });
});

describe('exhaustive attempts', () => {
  test('report the mean of those that agree, without the odd wrist of one of them', async () => {
    const smart = analyzer(true, { exhaustive: true });
    engine.sees = ({ mirrored }) => [mirrored ? moved(body, 0.01) : body];
    const [, { people }] = await go(smart, 0, 2);
    expect(people[0].strategy).toBe('fused');
    const x = people[0].pose.landmarks[0].x - body.landmarks[0].x;
    expect(x).toBeGreaterThan(0.001);
    expect(x).toBeLessThan(0.009);

    const other = analyzer(true, { exhaustive: true });
    let odd = 0;
    engine.sees = ({ refine, mirrored }) => [refine && mirrored && odd++ === 0 ? withWristLower(body, 0.15) : body];
    const [result] = await go(other, 0, 1);
    expect(odd).toBeGreaterThan(1);
    expect(result.people[0].pose.landmarks[15].y).toBeCloseTo(body.landmarks[15].y, 6);
  });

  test('leave attempts at somebody else out of the mean', async () => {
    const smart = analyzer(true, { exhaustive: true });
    engine.sees = ({ mirrored, isSearch }) => [mirrored && !isSearch ? moved(body, 0.12) : body];
    const [result] = await go(smart, 0, 1);
    expect(hipsOf(result.people[0].pose)).toBeCloseTo(hipsOf(body), 6);
  });

  test('are the same at each frame, good or not', async () => {
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

describe('what is saved', () => {
  /** A person who walks, is lost, doubtful, swapped, seen by one network alone, and hidden by somebody else. */
  async function play(smart: SmartAnalyzer, from: number, to: number): Promise<unknown[]> {
    const told: unknown[] = [];
    for (let id = from; id < to; id++) {
      const here = moved(body, 0.15 * Math.sin(id / 15));
      const other = moved(body, -0.25);
      engine.boxes = id % 40 < 20 ? [boxOf(here)] : [boxOf(here), boxOf(other)];
      engine.sees = ({ refine, mirrored, isSearch }) => {
        if (id % 37 > 32) return isSearch ? [] : mirrored ? [here] : [];
        if (id % 29 > 24) return [refine ? here : doubtful(withWristLower(here, 0.2))];
        if (id % 23 === 20) return [swapPose(here)];
        if (id % 61 > 50) return [other];
        return [here, other];
      };
      const dressed = [[other, BLUE] as const, [here, RED] as const];
      attempts.length = 0;
      const result = await smart.analyze(frame(id, dressed));
      told.push({
        result,
        attempts: attempts.map(({ tried, ...entry }) => ({
          ...entry,
          tried: tried.map(({ name, score }) => ({ name, score })),
        })),
      });
    }
    return told;
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
