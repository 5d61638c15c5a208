import { gesture, keyed, lerp, smoothstep } from '../math/curves.js';
import { type Mat3, turnX, turnY, type Vec3 } from '../math/vector.js';
import { HANGING, type Motion, STANDING_HEIGHT, standing, wave } from './motion.js';

/** Stands at ease, breathes and looks around. */
export const idle: Motion = t => ({
  pelvis: [0.012 * wave(t, 3.1), STANDING_HEIGHT, 0.006],
  feet: standing(),
  angles: {
    ...HANGING,
    spine: [1.5 * Math.sin(t * 1.7), 0, 0],
    neck: [0, 3 * Math.sin(t * 0.9), 8 * Math.sin(t * 0.6)],
  },
});

/** Waves with the right arm, then lifts the left one too. */
export const waving: Motion = t => {
  const up = gesture([0.3, 1], [3.2, 3.9], t);
  const both = gesture([1.6, 2.2], [2.9, 3.5], t);
  const swing = wave(t, 1 / 1.6);
  return {
    pelvis: [-0.015 * up, STANDING_HEIGHT, 0.006],
    feet: standing(),
    angles: {
      ...HANGING,
      upperArmR: [3, 10 + 82 * up, 88 * up],
      forearmR: [15 + (62 + 26 * swing) * up, 0, 0],
      upperArmL: [3, 10 + 150 * both, 0],
      spine: [0, -3 * up, 0],
      neck: [0, 5 * up, 0],
    },
  };
};

/** Two squats with the arms held forward, two seconds each. */
export const squatting: Motion = t => {
  const down = (1 - Math.cos(Math.PI * t)) / 2;
  return {
    pelvis: [0, lerp(STANDING_HEIGHT, 0.47, down), lerp(0, -0.24, down)],
    feet: standing(0.3, 16),
    knees: [0, 0, 1],
    angles: {
      pelvis: [2 + 26 * down, 0, 0],
      spine: [8 * down, 0, 0],
      chest: [4 * down, 0, 0],
      neck: [-26 * down, 0, 0],
      upperArmL: [6 + 116 * down, 9, 0],
      upperArmR: [6 + 116 * down, 9, 0],
      forearmL: [14, 0, 0],
      forearmR: [14, 0, 0],
    },
  };
};

/** Height of a chair's seat for a figure of 1.75 m. */
export const SEAT = 0.46;

/** Sits down on a chair, waits, and stands up again, within 4 s. */
export const sittingDown: Motion = t => {
  const down = gesture([0.4, 1.5], [2.4, 3.5], t);
  const lean = keyed(
    [
      [0.3, 2],
      [0.95, 40],
      [1.6, 6],
      [2.3, 6],
      [2.8, 42],
      [3.5, 2],
    ],
    t,
  );
  const low = smoothstep(0.15, 1, down);
  return {
    pelvis: [0, lerp(STANDING_HEIGHT, SEAT + 0.1, low), lerp(0, -0.42, smoothstep(0, 0.8, down))],
    feet: standing(0.22, 10),
    knees: [0, 0, 1],
    angles: {
      ...HANGING,
      pelvis: [lean * 0.7, 0, 0],
      spine: [lean * 0.2, 0, 0],
      chest: [lean * 0.1, 0, 0],
      neck: [-lean * 0.45, 0, 0],
      upperArmL: [3 + lean * 0.8 + 22 * down, 9, 0],
      upperArmR: [3 + lean * 0.8 + 22 * down, 9, 0],
      forearmL: [15 + 50 * down, 0, 10 * down],
      forearmR: [15 + 50 * down, 0, 10 * down],
    },
  };
};

/** Jumping jacks, one in 1.2 s: feet apart and arms up, and back. */
export const jumpingJacks: Motion = t => {
  const period = 1.2;
  const phase = (t / period) % 1;
  const apart = phase < 0.5 ? smoothstep(0.1, 0.35, phase) : 1 - smoothstep(0.6, 0.85, phase);
  const hop = Math.max(0, Math.sin((2 * Math.PI * (phase - 0.1)) / 0.5)) ** 2 * (phase > 0.1 && phase < 0.35 ? 1 : 0);
  const back = Math.max(0, Math.sin((2 * Math.PI * (phase - 0.6)) / 0.5)) ** 2 * (phase > 0.6 && phase < 0.85 ? 1 : 0);
  const lift = 0.07 * (hop + back);
  const spread = lerp(0.16, 0.72, apart);
  return {
    pelvis: [0, STANDING_HEIGHT - 0.1 * apart * 0.75 + lift, 0],
    feet: { L: { x: spread / 2, z: 0, lift, yaw: 12 }, R: { x: -spread / 2, z: 0, lift, yaw: -12 } },
    angles: {
      upperArmL: [4, 10 + 142 * apart, 0],
      upperArmR: [4, 10 + 142 * apart, 0],
      forearmL: [16, 0, 0],
      forearmR: [16, 0, 0],
    },
  };
};

/** One step of a person who turns on the spot: the foot waits, lifts, and lands rotated. */
function turningFoot(t: number, start: number, stepTime: number, stepAngle: number): { angle: number; lift: number } {
  const steps = Math.max(0, t - start) / stepTime;
  const whole = Math.floor(steps);
  const part = smoothstep(0.1, 0.45, steps - whole);
  return { angle: (whole + part) * stepAngle, lift: 0.05 * Math.sin(Math.PI * part) };
}

/** Turns once around on the spot to the left within `duration` seconds, in eight pairs of small steps. */
export const turningAround =
  (duration: number): Motion =>
  t => {
    const step = duration / 8.5;
    const left = turningFoot(Math.min(t, duration - 1e-6 - step / 2), 0, step, 45);
    const right = turningFoot(Math.min(t, duration - 1e-6), step / 2, step, 45);
    const turn = (left.angle + right.angle) / 2;
    const foot = (side: 1 | -1, { angle, lift }: { angle: number; lift: number }) => {
      const a = (angle * Math.PI) / 180;
      return { x: 0.11 * side * Math.cos(a), z: -0.11 * side * Math.sin(a), yaw: angle + 6 * side, lift };
    };
    const arms = 8 * wave(t, step * 2);
    return {
      pelvis: [0, STANDING_HEIGHT - 0.012, 0],
      facing: turnY(turn),
      feet: { L: foot(1, left), R: foot(-1, right) },
      angles: {
        upperArmL: [6 + arms, 14, 0],
        upperArmR: [6 - arms, 14, 0],
        forearmL: [30, 0, 0],
        forearmR: [30, 0, 0],
        neck: [0, 0, 6],
      },
    };
  };

/**
 * A person in the push-up position, in metres: positions of the ankles, distances to shoulders and hips, positions of
 * the hands.
 */
const PUSH_UP = { ankleHeight: 0.167, ankleZ: 0.123, toShoulder: 1.32, toPelvis: 0.845, handsZ: 1.36 } as const;
const UPPER_HANDS: Readonly<Record<'L' | 'R', Mat3>> = {
  // Fingers forward, palm down, thumb inward.
  L: [0, 0, -1, 1, 0, 0, 0, -1, 0],
  R: [0, 0, 1, -1, 0, 0, 0, -1, 0],
};

/** Push-ups, 1.6 s each, head towards +z. */
export const pushUps: Motion = t => {
  const down = (1 - Math.cos((2 * Math.PI * t) / 1.6)) / 2;
  const shoulder = lerp(0.56, 0.24, down);
  const tilt = Math.asin((shoulder - PUSH_UP.ankleHeight) / PUSH_UP.toShoulder);
  const pelvis: Vec3 = [
    0,
    PUSH_UP.ankleHeight + Math.sin(tilt) * PUSH_UP.toPelvis,
    PUSH_UP.ankleZ + Math.cos(tilt) * PUSH_UP.toPelvis,
  ];
  const degrees = (tilt * 180) / Math.PI;
  const toes = (x: number) => ({ x, z: -0.04, pitch: -72, lift: 0.03 });
  const hand = (side: 'L' | 'R', x: number) => ({
    wrist: [x, 0.05, PUSH_UP.handsZ] as const,
    rotation: UPPER_HANDS[side],
    elbow: [x * 2, 0.1, -1] as const,
  });
  return {
    pelvis,
    facing: turnX(90 - degrees),
    feet: { L: toes(0.09), R: toes(-0.09) },
    knees: [0, -1, 0.1],
    hands: { L: hand('L', 0.27), R: hand('R', -0.27) },
    angles: { neck: [-14, 0, 0], head: [-8, 0, 0] },
  };
};
