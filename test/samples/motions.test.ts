import { describe, expect, test } from 'vitest';
import type { Film } from '../../samples/render/clip.js';
import { FILMS } from '../../samples/render/clips.js';
import { PEOPLE } from '../../samples/render/figure/people.js';
import { ankleOf, lowestContact, poseSkeleton, SIDES } from '../../samples/render/figure/skeleton.js';
import { length, subtract } from '../../samples/render/math/vector.js';

/** Metres by which a foot may miss its target. */
const SLIDE = 0.012;
/** Metres per second: a hand in a cartwheel has 9, a joint that jumps has 30 and more. */
const FASTEST = 12;

const roles = Object.entries<Film>(FILMS).flatMap(([name, film]) =>
  film.roles.map((role, i) => ({ name: `${name}, person ${i}`, role, times: film.times })),
);

describe('motions', () => {
  test.each(roles)('$name: legs reach every target of the feet', ({ role, times }) => {
    const { build } = PEOPLE[role.person];
    for (const t of times) {
      const posture = role.motion(t);
      if (!posture.feet) continue;
      const skeleton = poseSkeleton(posture, build);
      for (const side of SIDES) {
        const wanted = ankleOf(posture.feet[side], build.height).position;
        const off = length(subtract(skeleton[`foot${side}`].position, wanted));
        expect(off, `${side} foot at ${t.toFixed(2)} s`).toBeLessThan(SLIDE);
      }
    }
  });

  test.each(roles)('$name: no part of the body sinks into the floor', ({ role, times }) => {
    const { build } = PEOPLE[role.person];
    for (const t of times) {
      const lowest = lowestContact(poseSkeleton(role.motion(t), build), build.height)[1];
      expect(lowest, `at ${t.toFixed(2)} s`).toBeGreaterThan(-0.03);
    }
  });

  test.each(roles)('$name: no joint jumps from one frame to the next', ({ role, times }) => {
    const { build } = PEOPLE[role.person];
    for (let i = 1; i < times.length; i++) {
      if (times[i]! - times[i - 1]! > 0.1) continue;
      const before = poseSkeleton(role.motion(times[i - 1]!), build);
      const after = poseSkeleton(role.motion(times[i]!), build);
      for (const bone of ['head', 'handL', 'handR', 'shinL', 'shinR', 'footL', 'footR'] as const) {
        const speed = length(subtract(after[bone].position, before[bone].position)) / (times[i]! - times[i - 1]!);
        expect(speed, `${bone} at ${times[i]!.toFixed(2)} s, in m/s`).toBeLessThan(FASTEST);
      }
    }
  });
});
