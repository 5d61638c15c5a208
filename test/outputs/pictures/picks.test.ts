import { describe, expect, test } from 'vitest';
import { BestPick, type PictureCandidate, RegularPicks, WorstPicks } from '../../../src/outputs/pictures/picks.js';

const frame = (frameId: number, score = 1, isMissing = false): PictureCandidate => ({
  frameId,
  timestamp: frameId / 30,
  score: isMissing ? 0 : score,
  isMissing,
  worth: score / 2,
});

function regular(frames: number, wanted = 12): { chosen: number[]; stored: number } {
  const picks = new RegularPicks(wanted);
  let stored = 0;
  for (let id = 0; id < frames; id++) if (picks.wants()) picks.keep({ ...frame(id), at: stored++ });
  return { chosen: picks.chosen.map(({ frameId }) => frameId), stored };
}

describe('which frames a contact sheet shows', () => {
  test.each([1, 7, 12, 13, 100, 1000, 54_321])(
    'of %i frames twelve or all, evenly over time, and few are ever kept',
    frames => {
      const { chosen, stored } = regular(frames);
      expect(chosen).toHaveLength(Math.min(12, frames));
      expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
      const steps = chosen.slice(1).map((id, i) => id - chosen[i]!);
      if (frames > 100) expect(Math.max(...steps) / Math.min(...steps)).toBeLessThanOrEqual(2);
      expect((chosen.at(-1) ?? 0) + 1).toBeGreaterThan(frames * 0.8);
      expect(stored).toBeLessThan(24 + 12 * Math.max(1, Math.log2(frames)));
    },
  );

  test('the lowest scores, half a second apart, and of a time without anybody only its first frame', () => {
    const picks = new WorstPicks(4);
    const scores = Array.from({ length: 300 }, (_, id) => frame(id, 0.9));
    for (const id of [50, 51, 52]) scores[id] = frame(id, 0.3 + id / 1000);
    scores[120] = frame(120, 0.2);
    for (let id = 200; id < 290; id++) scores[id] = frame(id, 0, true);
    for (const one of scores) if (picks.wants(one)) picks.keep({ ...one, at: 0 });
    expect(picks.chosen.map(({ frameId }) => frameId).slice(0, 3)).toEqual([200, 120, 50]);
    expect(picks.chosen).toHaveLength(4);
  });

  test('go on from a state as if they had never stopped', () => {
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
    expect([part.r.chosen, part.w.chosen, part.b.chosen]).toEqual([whole.r.chosen, whole.w.chosen, whole.b.chosen]);
  });
});
