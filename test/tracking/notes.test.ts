import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import type { Frame } from '../../src/model/frame.js';
import { yuvBytes } from '../../src/model/picture.js';
import { MODES } from '../../src/strategies/modes.js';
import { PlainAnalyzer } from '../../src/tracking/plain-analyzer.js';
import { SmartAnalyzer } from '../../src/tracking/smart-analyzer.js';
import { FakeEngine, standingPose } from '../support/fake-engine.js';

const size = { width: 640, height: 480 };
const frame = (frameId: number): Frame => ({
  frameId,
  timestamp: frameId / 30,
  steady: { seconds: frameId / 30, leaps: 0 },
  image: { ...size, matrix: 'bt709', data: new Uint8Array(yuvBytes(size.width, size.height)) },
  release: () => {},
});

function smart(exhaustive = false): SmartAnalyzer {
  const options = { people: 1, ...size, minScore: 0, person: 'first', maxAttempts: 100, fixSwaps: false } as const;
  return new SmartAnalyzer(new DoubtfulEngine(), false, { ...options, exhaustive });
}

/** Finds a person elsewhere at each attempt, and is never certain. */
class DoubtfulEngine extends FakeEngine {
  override answer = (call: number) => [standingPose(0.3 + (call % 5) / 10, 0.5, 0.2)];
}

test('frames over budget are counted, also by a continued analyzer', async () => {
  const [whole, first, second] = [smart(), smart(), smart()];
  expect(whole.notes()).toEqual({ framesOverBudget: 0 });
  for (let i = 0; i < 60; i++) await whole.analyze(frame(i));
  expect(whole.notes().framesOverBudget).toBeGreaterThan(5);
  for (let i = 0; i < 30; i++) await first.analyze(frame(i));
  const before = first.notes().framesOverBudget;
  expect(before).toBeGreaterThan(0);
  second.restore(deserialize(serialize(first.save())));
  expect(second.notes()).toEqual({ framesOverBudget: before });
  for (let i = 30; i < 60; i++) await second.analyze(frame(i));
  expect(second.notes().framesOverBudget).toBeGreaterThan(before);
});

test('an unlimited budget is never exceeded', async () => {
  const plain = new PlainAnalyzer(new DoubtfulEngine(), MODES.still, 1, size.width / size.height);
  for (const analyzer of [smart(true), plain]) {
    for (let i = 0; i < 3; i++) await analyzer.analyze(frame(i));
    expect(analyzer.notes()).toEqual({ framesOverBudget: 0 });
  }
});
