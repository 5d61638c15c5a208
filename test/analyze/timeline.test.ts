import { expect, test } from 'vitest';
import { Timeline } from '../../src/analyze/timeline.js';

test.each([3, 59, 61, 5000])(
  'a run of %i s has at most 120 bins, whose frames rise and whose memory is the highest',
  length => {
    const timeline = new Timeline();
    for (let at = 0; at < length; at += 0.1) timeline.add(at, Math.round(at * 30), at > 2 && at < 2.05 ? 900 : 100);
    const { everySeconds, frames, memory } = timeline.state;
    expect(frames.length).toBeLessThanOrEqual(120);
    expect(frames.length * everySeconds).toBeGreaterThanOrEqual(length - 0.1);
    expect(frames).toEqual([...frames].sort((a, b) => a - b));
    expect(Math.abs((frames.at(-1) ?? 0) - 30 * length)).toBeLessThanOrEqual(30);
    expect(Math.max(...memory)).toBe(900);
  },
);

test('continues from a state, and keeps times without a sample', () => {
  const [whole, part] = [new Timeline(), new Timeline()];
  for (const timeline of [whole, part]) timeline.add(0.2, 3, 10);
  const rest = new Timeline();
  rest.restore(structuredClone(part.state));
  for (const timeline of [whole, rest]) timeline.add(2.2, 60, 20);
  expect(rest.state).toEqual(whole.state);
  expect(rest.state).toEqual({ everySeconds: 0.5, frames: [3, 3, 3, 3, 60], memory: [10, 0, 0, 0, 20] });
});
