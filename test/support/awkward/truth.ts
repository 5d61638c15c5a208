import { expect } from 'vitest';
import type { ListedFrame } from '../ffmpeg.js';

/** Digits of a table's times. */
const EXACT = 1.5e-6;
/** The last frame lasts whole milliseconds in the MP4s of an old ffmpeg. */
const MILLISECONDS = 0.0025;

/**
 * Times as listed by ffprobe, which has none for the last frame of AVI and GXF: it comes about one frame later.
 * @param rate frames per second of a stream without times
 */
export function expectTimes(found: readonly number[], listed: readonly ListedFrame[], rate?: number): void {
  expect(found).toHaveLength(listed.length);
  for (const [i, time] of found.entries()) {
    const isKnown = rate !== undefined || listed[i]?.time !== 'N/A';
    const right = rate === undefined ? Number(listed[i]?.time) : i / rate;
    if (isKnown) expect(Math.abs(time - right), `frame ${i} at ${time}, not ${right}`).toBeLessThan(EXACT);
    else expectLastAfter(time, found, i);
  }
}

function expectLastAfter(time: number, found: readonly number[], i: number): void {
  expect(i).toBe(found.length - 1);
  const [before = 0, earlier = 0] = [found[i - 1], found[i - 2]];
  expect(time).toBeGreaterThan(before);
  expect(time).toBeLessThan(before + (before - earlier) + EXACT);
}

/**
 * Playing time of a video: its last frame lasts as long as the last step between two, and frames with equal times are
 * one tick apart.
 * @param times of its frames @param usual step of a single frame
 */
export function expectPlayed(duration: number, times: readonly number[], usual = 0): void {
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const rising = steps.filter(step => step > 0);
  const repeated = steps.length - rising.length;
  const length = (times.at(-1) ?? 0) - (times[0] ?? 0) + (rising.at(-1) ?? usual);
  expect(Math.abs(duration - length)).toBeLessThan(MILLISECONDS + repeated / 1000);
}
