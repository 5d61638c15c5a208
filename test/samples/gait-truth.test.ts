import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Film } from '../../samples/render/clip.js';
import { CLIPS, FILMS } from '../../samples/render/clips.js';
import { gaitTruth, gaitTruthText } from '../../samples/render/gait-truth.js';
import { LIMP, onTreadmill, STROLL, walking } from '../../samples/render/motions/walking.js';
import { SAMPLES } from '../support/reference-clips.js';

/** Metres that a foot moves within a millisecond: none while it stands, some as soon as it swings. */
const STILL = 1e-9;
const MILLISECOND = 0.001;

const footOf = (film: Film, person: number, side: 'L' | 'R', t: number) => {
  const foot = film.roles[person]?.motion(t).feet?.[side];
  if (!foot) throw new RangeError(`person ${person} has no foot to stand on`);
  return foot;
};

describe('the true events of walks', () => {
  const truth = gaitTruth();

  test('samples/gait-events.json holds them, for every clip with a walking person', async () => {
    expect(await readFile(join(SAMPLES, 'gait-events.json'), 'utf8')).toBe(gaitTruthText(truth));
    expect(JSON.parse(gaitTruthText(truth))).toEqual(truth);
    expect(Object.keys(truth)).toEqual(
      expect.arrayContaining(['walk-across', 'treadmill', 'walk-towards', 'crossing', 'from-behind', 'legs-only']),
    );
    expect(truth.squat).toBeUndefined();
    expect(truth.crossing?.map(({ person }) => person)).toEqual([0, 1]);
  });

  const walks = CLIPS.flatMap(({ name, film }) =>
    (truth[name] ?? []).map(events => ({ name, film: FILMS[film as keyof typeof FILMS] as Film, events })),
  );
  const overground = walks.filter(({ name }) => name !== 'treadmill');

  test.each(overground)(
    '$name: a foot stands still from its heel strike to its toe-off, and at no other time',
    walk => {
      const { film, events } = walk;
      for (const side of ['L', 'R'] as const) {
        const moves = (t: number) => {
          const [a, b] = [t, t + MILLISECOND].map(time => footOf(film, events.person, side, time));
          return Math.hypot((b?.x ?? 0) - (a?.x ?? 0), (b?.z ?? 0) - (a?.z ?? 0)) > STILL;
        };
        for (const strike of events.heelStrikes[side]) {
          expect(moves(strike), `${side} foot after ${strike} s`).toBe(false);
          if (strike > 0.01) expect(moves(strike - 5 * MILLISECOND), `${side} foot before ${strike} s`).toBe(true);
        }
        for (const off of events.toeOffs[side]) {
          expect(moves(off - 5 * MILLISECOND), `${side} foot before ${off} s`).toBe(false);
          expect(moves(off + 5 * MILLISECOND), `${side} foot after ${off} s`).toBe(true);
        }
      }
    },
  );

  test('on a treadmill the hips stay, and standing feet move back at walking speed', () => {
    const [walk, belt] = [walking(LIMP), onTreadmill(LIMP)];
    for (const t of [0, 0.3, 0.61, 0.9, 2.2]) {
      expect(belt(t).pelvis[2]).toBeCloseTo(belt(0).pelvis[2], 9);
      const travel = LIMP.stride * (t / LIMP.period);
      for (const side of ['L', 'R'] as const) {
        expect(belt(t).feet?.[side].z).toBeCloseTo((walk(t).feet?.[side].z ?? 0) - travel, 9);
      }
    }
  });

  test('a person with a limp takes longer for one step than for the other, and the same time for each stride', () => {
    const { heelStrikes } = gaitTruth().treadmill?.[0] ?? { heelStrikes: { L: [], R: [] } };
    expect(heelStrikes.L).toEqual([0, 1, 2, 3, 4].map(stride => stride * LIMP.period));
    expect(heelStrikes.R).toEqual([0.54, 1.54, 2.54, 3.54, 4.54]);
    expect(STROLL.rightStrike).toBeUndefined();
  });
});
