import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/model/frame.js';
import { NearestFrames } from '../../../src/postprocess/beside/nearest-frames.js';

/** Frames at some times, and which of them are held. */
function framesAt(times: readonly number[]) {
  const held = new Set<number>();
  const make = (seconds: number, frameId: number): Frame => {
    held.add(frameId);
    return {
      frameId,
      timestamp: seconds,
      steady: { seconds, leaps: 0 },
      image: { width: 2, height: 2, data: new Uint8Array(6), matrix: 'bt601' },
      release: () => void held.delete(frameId),
    };
  };
  async function* all() {
    for (const [i, time] of times.entries()) yield make(time, i);
  }
  let passed = 0;
  const frames = new NearestFrames(
    all(),
    ({ steady }) => steady.seconds,
    0.1,
    () => passed++,
  );
  return { frames, held, passed: () => passed };
}

describe('the frames of one video at the times of another', () => {
  test('the nearest one is shown, at most two are held, and skipped ones are returned', async () => {
    const { frames, held, passed } = framesAt([0, 0.1, 0.2, 0.3, 0.4]);
    expect(await frames.begin()).toBe(0);
    const shown = [];
    for (const moment of [0, 0.04, 0.06, 0.33]) {
      expect(await frames.goTo(moment)).toBe('running');
      shown.push(frames.frame?.frameId);
      expect(held.size).toBeLessThanOrEqual(2);
    }
    expect(shown).toEqual([0, 0, 1, 3]);
    expect(passed()).toBe(5);
    frames.release();
    expect([...held]).toEqual([]);
  });

  test('it begins half a frame before its first one, and ends when its last one was shown for a frame', async () => {
    const { frames } = framesAt([1, 1.1, 1.2]);
    await frames.begin();
    const states = [];
    for (const moment of [0, 0.94, 0.96, 1.25, 1.29, 1.3, 9]) states.push(await frames.goTo(moment));
    expect(states).toEqual(['not begun', 'not begun', 'running', 'running', 'running', 'ended', 'ended']);
  });

  test('between two equally near frames it is running, whatever the rounding of sums', async () => {
    const times = Array.from({ length: 50 }, (_, k) => k / 25);
    const { frames } = framesAt(times);
    await frames.begin();
    for (let k = 0; k < 60; k++) expect([k, await frames.goTo(k / 30)]).toEqual([k, 'running']);
  });

  test('the rest begins with the first frame that was not reached, even if none was', async () => {
    const rest = async (times: readonly number[], shown: number, from: number) => {
      const { frames, held } = framesAt(times);
      await frames.begin();
      await frames.goTo(shown);
      const ids = [];
      for await (const { frameId } of frames.after(from)) ids.push(frameId);
      frames.release();
      expect([...held]).toEqual([]);
      return ids;
    };
    expect(await rest([0, 0.1, 0.2, 0.3], 0.1, 0.2)).toEqual([2, 3]);
    expect(await rest([0, 0.1, 0.2, 0.3], 0.1, 0.25)).toEqual([3]);
    expect(await rest([0, 0.1, 0.2, 0.3], 0.3, 0.4)).toEqual([]);
    expect(await rest([5, 5.1], 0.3, 0.4)).toEqual([0, 1]);
    expect(await rest([5], 0.3, 0.4)).toEqual([0]);
  });

  test('a video of one frame, and one of none', async () => {
    const one = framesAt([0]).frames;
    await one.begin();
    expect([await one.goTo(0), await one.goTo(0.05), await one.goTo(0.1)]).toEqual(['running', 'running', 'ended']);
    const none = framesAt([]).frames;
    expect([await none.begin(), await none.goTo(1)]).toEqual([undefined, 'ended']);
  });
});
