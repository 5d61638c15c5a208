import { expect } from 'vitest';
import type { ListedFrame } from '../ffmpeg.js';

/** Digits of a table's times. */
const EXACT = 1.5e-6;
const UNCLOCKED_STEP = 1 / 25;
/** The last frame lasts whole milliseconds in the MP4s of an old ffmpeg. */
const MILLISECONDS = 0.0025;

/** Times as ffprobe lists them; it knows none for the last frames of AVI and GXF, which stand one after the other. */
export function expectTimes(found: readonly number[], listed: readonly ListedFrame[], hasNoClock = false): void {
  expect(found).toHaveLength(listed.length);
  const known = hasNoClock ? [] : listed.filter(({ time }) => time !== 'N/A').map(({ time }) => Number(time));
  if (!hasNoClock) expect(known.length).toBeGreaterThanOrEqual(listed.length - 1);
  for (const [i, time] of found.entries()) {
    const right = known[i] ?? (i === 0 ? time : (found[i - 1] ?? 0) + UNCLOCKED_STEP);
    const tolerated = known[i] === undefined && !hasNoClock ? UNCLOCKED_STEP / 2 : 0;
    expect(Math.abs(time - right), `frame ${i} at ${time}, not ${right}`).toBeLessThanOrEqual(EXACT + tolerated);
  }
}

/**
 * How long a video plays: its last frame as long as the last step between two, and frames of one time a tick apart.
 * @param times of its frames @param usual step of a single frame
 */
export function expectPlayed(duration: number, times: readonly number[], usual: number): void {
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const rising = steps.filter(step => step > 0);
  const repeated = steps.length - rising.length;
  const length = (times.at(-1) ?? 0) - (times[0] ?? 0) + (rising.at(-1) ?? usual);
  expect(Math.abs(duration - length)).toBeLessThan(MILLISECONDS + repeated / 1000);
}
