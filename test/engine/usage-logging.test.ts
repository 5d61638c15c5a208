import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createPoseLandmarker } from '../../src/engine/mediapipe/load-tasks-vision.js';
import { buildTaskBundle } from '../../src/engine/models/task-bundle.js';

const BLANK = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 4) };
const LOGGER_PERIOD_MS = 60_000;

describe('usage logging of tasks-vision', () => {
  /** Timers started and not yet stopped, with their periods. */
  const timers = new Map<NodeJS.Timeout, number>();
  let started: number[] = [];

  beforeEach(() => {
    const { setInterval: start, clearInterval: stop } = globalThis;
    vi.stubGlobal('setInterval', (work: () => void, ms: number) => {
      const timer = start(work, ms);
      timers.set(timer, ms);
      started.push(ms);
      return timer;
    });
    vi.stubGlobal('clearInterval', (timer: NodeJS.Timeout) => {
      timers.delete(timer);
      stop(timer);
    });
    return () => {
      started = [];
      vi.unstubAllGlobals();
    };
  });

  test('the logger is stopped at creation, and a landmarker that runs and closes makes no request', async () => {
    const landmarker = await createPoseLandmarker(await buildTaskBundle('lite'), { runningMode: 'VIDEO' }, () => {});
    expect(started).toContain(LOGGER_PERIOD_MS);
    expect([...timers.values()]).not.toContain(LOGGER_PERIOD_MS);
    // The engine's own fetch is installed now: record what still reaches it.
    const fetched: unknown[] = [];
    const own = globalThis.fetch;
    globalThis.fetch = async address => {
      fetched.push(address);
      return own(address);
    };
    for (let i = 1; i <= 3; i++) landmarker.detectForVideo(BLANK as never, i * 33);
    landmarker.close();
    expect(fetched).toEqual([]);
    await expect(own('https://odml.pa.googleapis.com/v1/log')).rejects.toThrow(/no network requests/);
  });
});
