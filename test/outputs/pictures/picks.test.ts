import { describe, expect, test } from 'vitest';
import { BestPick, type PictureCandidate, RegularPicks, WorstPicks } from '../../../src/outputs/pictures/picks.js';

const LEAST = 8;
const frame = (frameId: number, score = 1, isMissing = false, timestamp = frameId / 30): PictureCandidate => ({
  frameId,
  timestamp,
  score: isMissing ? 0 : score,
  isMissing,
  worth: score / 2,
  people: isMissing ? [] : [0],
});

function regular(times: readonly number[]) {
  const picks = new RegularPicks(LEAST);
  let stored = 0;
  for (const [id, time] of times.entries()) {
    const one = frame(id, 1, false, time);
    if (picks.wants(one)) picks.keep({ ...one, at: stored++ });
  }
  const chosen = picks.chosen.map(({ timestamp }) => timestamp);
  return { chosen, stored, step: picks.step };
}

const stepsOf = (times: readonly number[]) => times.slice(1).map((time, i) => time - times[i]!);
const evenTimes = (frames: number, rate: number, start = 0) =>
  Array.from({ length: frames }, (_, i) => start + i / rate);

describe('the frames of a contact sheet', () => {
  test.each([1, 7, 15])('of %i frames all', frames => {
    const { chosen, step } = regular(evenTimes(frames, 30));
    expect([chosen, step]).toEqual([evenTimes(frames, 30), undefined]);
  });

  test.each([16, 100, 1000, 54_321])(
    'of %i frames eight to fifteen, at exactly equal times, few ever stored',
    frames => {
      for (const rate of [25, 30_000 / 1001, 59.94]) {
        const { chosen, stored, step } = regular(evenTimes(frames, rate, 12.5));
        expect(chosen.length).toBeGreaterThanOrEqual(LEAST);
        expect(chosen.length).toBeLessThan(2 * LEAST);
        for (const distance of stepsOf(chosen)) expect(distance).toBeCloseTo(step ?? 0, 6);
        expect(12.5 + (frames - 1) / rate - chosen.at(-1)!).toBeLessThan(step ?? 0);
        expect(stored).toBeLessThan(16 + 8 * Math.max(1, Math.log2(frames)));
      }
    },
  );

  test('whose times are rounded to milliseconds, each at most a frame from its place', () => {
    const { chosen, step } = regular(evenTimes(5000, 30_000 / 1001).map(time => Math.round(1000 * time) / 1000));
    for (const distance of stepsOf(chosen)) expect(Math.abs(distance - step!)).toBeLessThan(1.01 / 29.97);
  });

  test('with a variable rate at equal times, not at equal numbers of frames, also after a pause at the beginning', () => {
    const slow = evenTimes(101, 10, 3); // Ten seconds at 10 frames/s, then ten at 60 frames/s.
    const times = [0, ...slow, ...evenTimes(600, 60, 13 + 1 / 60)];
    const { chosen, step } = regular(times);
    expect(chosen.length).toBeGreaterThanOrEqual(LEAST);
    const inside = stepsOf(chosen.slice(1)); // The first three seconds have no frame.
    for (const distance of inside) expect(Math.abs(distance - step!)).toBeLessThan(0.101);
    expect(23 - chosen.at(-1)!).toBeLessThan(step!);
  });

  test('goes on after a clock that falls back, and ends where frames share one time', () => {
    const { chosen } = regular([...evenTimes(300, 30, 100), ...evenTimes(300, 30)]);
    expect(chosen.length).toBeGreaterThanOrEqual(LEAST);
    expect(chosen.filter(time => time < 50).length).toBeGreaterThanOrEqual(3);
    expect(regular(new Array(1000).fill(1)).chosen).toEqual([1]);
  });

  test('the lowest scores below 0.9, half a second apart, and of a span without a person only its first frame', () => {
    const picks = new WorstPicks(4);
    const scores = Array.from({ length: 300 }, (_, id) => frame(id, 0.9));
    for (const id of [50, 51, 52]) scores[id] = frame(id, 0.3 + id / 1000);
    scores[120] = frame(120, 0.2);
    for (let id = 200; id < 290; id++) scores[id] = frame(id, 0, true);
    for (const one of scores) if (picks.wants(one)) picks.keep({ ...one, at: 0 });
    expect(picks.chosen.map(({ frameId }) => frameId)).toEqual([200, 120, 50]);
    expect(picks.lowest).toEqual({ score: 0, frameId: 200, timestamp: 200 / 30 });
  });

  test('the lowest score is known where none is low, though no picture is kept', () => {
    const picks = new WorstPicks(4);
    expect([0.99, 0.93, 0.97, 0.93].map((score, id) => picks.wants(frame(id, score)))).toEqual(Array(4).fill(false));
    expect([picks.chosen, picks.lowest?.frameId]).toEqual([[], 1]);
  });

  test('continue from a state as if they had never stopped', () => {
    const offer = (one: PictureCandidate, { r, w, b }: { r: RegularPicks; w: WorstPicks; b: BestPick }) => {
      for (const picks of [r, w, b]) if (picks.wants(one)) picks.keep({ ...one, at: one.frameId });
    };
    const [whole, parts] = [{ r: new RegularPicks(4), w: new WorstPicks(4), b: new BestPick() }, [] as unknown[]];
    let part = { r: new RegularPicks(4), w: new WorstPicks(4), b: new BestPick() };
    for (let id = 0; id < 200; id++) {
      const one = frame(id, 0.5 + 0.5 * Math.sin(id / 9), id % 40 > 36);
      for (const picks of [whole, part]) offer(one, picks);
      if (id % 23 === 0) {
        const state = structuredClone({ r: part.r.state, w: part.w.state, b: part.b.state });
        part = { r: new RegularPicks(4, state.r), w: new WorstPicks(4, state.w), b: new BestPick(state.b) };
        parts.push(state);
      }
    }
    expect(parts.length).toBeGreaterThan(5);
    expect([part.r.state, part.w.state, part.b.chosen]).toEqual([whole.r.state, whole.w.state, whole.b.chosen]);
  });
});
