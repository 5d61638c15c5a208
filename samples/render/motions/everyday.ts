import type { Posture } from '../figure/skeleton.js';
import { gesture, lerp } from '../math/curves.js';
import { turnX, turnY } from '../math/vector.js';
import { SEAT } from './in-place.js';
import { HANGING, type Motion, STANDING_HEIGHT, standing, wave } from './motion.js';

/** The motion from a later moment on, for films too short for its beginning. */
export const since =
  (start: number, motion: Motion): Motion =>
  t =>
    motion(t + start);

/** Stands and gestures with both hands while talking, and turns a little to both sides. */
export const talking: Motion = t => {
  const turn = 14 * wave(t, 1.9);
  const beat = wave(t, 0.8);
  const other = wave(t + 0.3, 1.1);
  return {
    pelvis: [0.01 * wave(t, 1.9), STANDING_HEIGHT, 0.006],
    facing: turnY(turn * 0.5),
    feet: standing(),
    angles: {
      chest: [0, 0, turn * 0.5],
      neck: [3 * beat, 0, turn],
      upperArmL: [24 + 12 * beat, 14, 18],
      upperArmR: [20 + 12 * other, 12, 18],
      forearmL: [80 + 22 * beat, 0, 20],
      forearmR: [72 + 26 * other, 0, 20],
    },
  };
};

/** Stands, nods and looks to both sides; the arms hang. */
export const nodding: Motion = t => ({
  pelvis: [0.015 * wave(t, 2.2), STANDING_HEIGHT, 0.006],
  feet: standing(),
  angles: {
    ...HANGING,
    spine: [2 * wave(t, 1.4), 2 * wave(t, 2.2), 0],
    chest: [0, 0, 8 * wave(t, 1.7)],
    neck: [9 * wave(t, 0.8), 4 * wave(t, 1.3), 24 * wave(t, 1.7)],
  },
});

/** Stands with both hands above the head, and lets them sway out and in again. */
export const handsUp: Motion = t => {
  const swayL = wave(t, 1.1);
  const swayR = wave(t + 0.2, 1.1);
  return {
    pelvis: [0.02 * wave(t, 1.1), STANDING_HEIGHT - 0.004, 0.006],
    feet: standing(0.26),
    angles: {
      spine: [0, 4 * wave(t, 1.1), 0],
      neck: [-4, 0, 6 * wave(t, 1.1)],
      upperArmL: [6, 142 + 24 * swayL, 0],
      upperArmR: [6, 142 + 24 * swayR, 0],
      forearmL: [26 - 16 * swayL, 0, 0],
      forearmR: [26 - 16 * swayR, 0, 0],
    },
  };
};

const SEATED = {
  pelvis: [0, SEAT + 0.1, -0.42],
  feet: standing(0.22, 10),
  knees: [0, 0, 1],
} as const;

/** Sits at a desk with the hands on it, and greets with the right one. */
export const greetingFromDesk: Motion = t => {
  const up = gesture([0.15, 0.55], [1.2, 1.6], t);
  const swing = wave(t, 0.5);
  return {
    ...SEATED,
    angles: {
      pelvis: [5, 0, 0],
      chest: [2 * wave(t, 1.6), -3 * up, 0],
      neck: [-6, 4 * up, 10 * wave(t, 1.8)],
      upperArmL: [36 + 5 * wave(t, 0.9), 12, 12],
      upperArmR: [lerp(36, 6, up), lerp(12, 84, up), lerp(12, 88, up)],
      forearmL: [62 - 6 * wave(t, 0.9), 0, 10],
      forearmR: [lerp(62, 74 + 24 * swing, up), 0, lerp(10, 0, up)],
    },
  };
};

/** Sits at a laptop and talks; the right hand waves close to the lens, then the left one reaches for it. */
export const talkingToLaptop: Motion = t => {
  const hello = gesture([0, 0.35], [0.85, 1.15], t);
  const out = gesture([0.7, 1.1], [1.4, 1.8], t);
  const swing = wave(t, 0.4);
  return {
    ...SEATED,
    angles: {
      pelvis: [6 + 2 * wave(t, 1.7), 0, 0],
      chest: [0, 3 * wave(t, 1.7), 4 * wave(t, 1.3)],
      neck: [-4 + 3 * wave(t, 0.9), 0, 10 * wave(t, 1.3)],
      upperArmL: [lerp(16, 48, out), lerp(10, 4, out), 10],
      upperArmR: [lerp(16, 46, hello), lerp(10, 8, hello), 10],
      forearmL: [lerp(78, 56, out), 0, 10],
      forearmR: [lerp(70, 84, hello), 14 * swing * hello, lerp(10, -50, hello)],
    },
  };
};

/** Height of a sofa's seat for a figure of 1.75 m. */
const SOFA_SEAT = 0.4;

/** Lies on the back with the head towards -z, one knee up, and moves one hand. */
export const lyingOnBack: Motion = t => {
  const knee = wave(t, 1.7);
  const hand = wave(t, 1.2);
  return {
    pelvis: [0, SOFA_SEAT + 0.125, 0],
    facing: turnX(-88),
    angles: {
      spine: [4, 0, 0],
      chest: [6, 0, 0],
      neck: [22, 0, 12 * wave(t, 2)],
      upperArmL: [12, 16, 0],
      upperArmR: [64 + 18 * hand, 14, 0],
      forearmL: [70 + 6 * knee, 0, 60],
      forearmR: [50 + 24 * hand, 0, 0],
      thighL: [46 + 8 * knee, 4, 0],
      thighR: [4, 6, 8],
      shinL: [82 + 8 * knee, 0, 0],
      shinR: [6, 0, 0],
      footL: [-20, 0, 0],
      footR: [-34, 0, 0],
    },
  };
};

/** Another motion with the left arm lifted, waving overhead. */
export function wavingWhile(motion: Motion): Motion {
  const both = (t: number): Posture => {
    const posture = motion(t);
    return {
      ...posture,
      angles: {
        ...posture.angles,
        upperArmL: [4, 132 + 6 * wave(t, 0.7), 0],
        forearmL: [26 + 24 * wave(t, 0.7), 0, 0],
      },
    };
  };
  return motion.gait ? Object.assign(both, { gait: motion.gait }) : both;
}
