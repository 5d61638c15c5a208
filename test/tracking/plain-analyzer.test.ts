import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Frame } from '../../src/model/frame.js';
import { yuvBytes } from '../../src/model/picture.js';
import { MODES } from '../../src/strategies/modes.js';
import { PlainAnalyzer } from '../../src/tracking/plain-analyzer.js';
import { FakeEngine } from '../support/fake-engine.js';
import { SceneEngine } from '../support/scene-engine.js';
import { boxOf, moved, scaled, truePose } from '../support/true-pose.js';

vi.mock('../../src/regions/crop.js', async original =>
  (await import('../support/scene-engine.js')).notingCrops(original as never),
);

const frame: Frame = {
  frameId: 0,
  timestamp: 0,
  steady: { seconds: 0, leaps: 0 },
  image: { width: 640, height: 480, matrix: 'bt709', data: new Uint8Array(yuvBytes(640, 480)) },
  release: () => {},
};
const body = await truePose('wave', 0);

describe('the modes that analyse each frame alone', () => {
  test.each([
    ['still', 1],
    ['ultra_fast', 3],
    ['fast', 6],
  ] as const)('%s makes %d attempts', async (name, attempts) => {
    const engine = new FakeEngine();
    await new PlainAnalyzer(engine, MODES[name], 1, 4 / 3).analyze(frame);
    expect(engine.sizes).toHaveLength(attempts);
    expect(engine.timestamps).toEqual([]);
  });

  test('the best attempt wins, not the first, and is named', async () => {
    const engine = new FakeEngine();
    const bad = { ...body, presence: 0.01 };
    // As seen in a square with the frame in its centre.
    const inSquare = { ...body, landmarks: body.landmarks.map(point => ({ ...point, y: (point.y * 480 + 80) / 640 })) };
    engine.answer = call => [[bad], [inSquare], []][call] ?? [];
    const { people, status } = await new PlainAnalyzer(engine, MODES.ultra_fast, 1, 4 / 3).analyze(frame);
    expect(status).toBe('detected');
    expect(people[0]!.strategy).toBe('clahe');
    expect(people[0]!.score).toBeGreaterThan(0.9);
  });

  test('without people, none of them reports a person', async () => {
    const engine = new FakeEngine();
    engine.answer = () => [];
    const result = await new PlainAnalyzer(engine, MODES.fast, 1, 4 / 3).analyze(frame);
    expect(result).toMatchObject({ status: 'missing', people: [] });
  });
});

describe('still, with several requested people', () => {
  const size = { width: 640, height: 480 };
  const image = { ...size, matrix: 'bt709' as const, data: new Uint8Array(yuvBytes(640, 480)) };
  const small = { ...scaled(body, 0.5, 0, 0.2), ...size };
  const [first, second] = [small, moved(small, 0.45)];
  let engine: SceneEngine;
  beforeEach(() => {
    engine = new SceneEngine(640, 480);
    engine.people = [first, second];
    engine.boxes = [boxOf(first), boxOf(second)];
    // BlazePose's own detector finds one of them, in the whole picture.
    engine.sees = ({ isCrop }) => (isCrop ? [first, second] : [first]);
  });
  const analyze = (people: number) =>
    new PlainAnalyzer(engine, MODES.still, people, 4 / 3).analyze({ ...frame, image });

  test('those that the detector does not find are found in their boxes', async () => {
    const { people, status } = await analyze(3);
    expect(status).toBe('detected');
    expect(people.map(({ personId, strategy }) => [personId, strategy])).toEqual([
      [0, 'original'],
      [1, 'original'],
    ]);
    for (const [i, pose] of [first, second].entries()) {
      expect(people[i]!.pose.landmarks[0]!.x).toBeCloseTo(pose.landmarks[0]!.x, 6);
    }
  });

  test('there are at most as many as requested, and one person is searched for without the finder', async () => {
    engine.people = [first, second];
    expect((await analyze(1)).people).toHaveLength(1);
    expect(engine.finds).toBe(0);
    engine.sees = () => [first, second];
    expect((await analyze(2)).people).toHaveLength(2);
  });

  test('no person is reported twice, even if two boxes hold them', async () => {
    engine.boxes = [boxOf(first), { ...boxOf(first), left: 0 }];
    expect((await analyze(3)).people).toHaveLength(1);
  });

  test('an engine without a finder reports the people that its detector finds', async () => {
    engine.boxes = undefined;
    expect((await analyze(3)).people).toHaveLength(1);
  });
});
