import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/model/frame.js';
import { yuvBytes } from '../../src/model/picture.js';
import { MODES } from '../../src/strategies/modes.js';
import { PlainAnalyzer } from '../../src/tracking/plain-analyzer.js';
import { FakeEngine } from '../support/fake-engine.js';
import { truePose } from '../support/true-pose.js';

const frame: Frame = {
  frameId: 0,
  timestamp: 0,
  image: { width: 640, height: 480, matrix: 'bt709', data: new Uint8Array(yuvBytes(640, 480)) },
  release: () => {},
};
const body = await truePose('wave', 0);

describe('the modes that take each frame by itself', () => {
  test.each([
    ['still', 1],
    ['ultra_fast', 3],
    ['fast', 6],
  ] as const)('%s looks %d times', async (name, looks) => {
    const engine = new FakeEngine();
    await new PlainAnalyzer(engine, MODES[name], 1, 4 / 3).analyze(frame);
    expect(engine.sizes).toHaveLength(looks);
    expect(engine.timestamps).toEqual([]);
  });

  test('the best look wins, not the first, and is named', async () => {
    const engine = new FakeEngine();
    const bad = { ...body, presence: 0.01 };
    // As seen in a square with the frame in its middle.
    const inSquare = { ...body, landmarks: body.landmarks.map(point => ({ ...point, y: (point.y * 480 + 80) / 640 })) };
    engine.answer = call => [[bad], [inSquare], []][call] ?? [];
    const { people, status } = await new PlainAnalyzer(engine, MODES.ultra_fast, 1, 4 / 3).analyze(frame);
    expect(status).toBe('detected');
    expect(people[0].strategy).toBe('clahe');
    expect(people[0].score).toBeGreaterThan(0.9);
  });

  test('nobody is nobody in any of them', async () => {
    const engine = new FakeEngine();
    engine.answer = () => [];
    const result = await new PlainAnalyzer(engine, MODES.fast, 1, 4 / 3).analyze(frame);
    expect(result).toMatchObject({ status: 'missing', people: [] });
  });
});
