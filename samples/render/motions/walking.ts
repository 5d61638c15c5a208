import type { FootTarget, Posture, Side } from '../figure/skeleton.js';
import { keyed, lerp, smoothstep } from '../math/curves.js';
import { type Motion, wave } from './motion.js';

/** Parameters of a gait. */
export interface Gait {
  /** Distance in metres between two strikes of the same foot, for a figure of 1.75 m. */
  readonly stride: number;
  /** Seconds of a stride. */
  readonly period: number;
  /** Fraction of a stride from the left heel strike to the right one: 0.5 by default. */
  readonly rightStrike?: number;
}

/** Fraction of a stride in which a foot stands (about 60 % in normal gait: Perry, "Gait Analysis", 1992). */
const STANCE = 0.62;

/** Rolls from the heel over the flat sole to the ball, and swings with the toes up. Degrees over the stride. */
function footPitch(phase: number): number {
  return keyed(
    [
      [0, 16],
      [0.09, 0],
      [0.36, 0],
      [STANCE, -42],
      [0.78, -14],
      [0.94, 16],
    ],
    phase,
  );
}

function walkingFoot(strides: number, stride: number, x: number, yaw: number): FootTarget {
  const whole = Math.floor(strides);
  const phase = strides - whole;
  const swing = smoothstep(STANCE, 1, phase);
  const lift = 0.05 * Math.sin(Math.PI * swing);
  return { x, z: (whole + swing) * stride, pitch: footPitch(phase), lift, yaw };
}

/** Walks forward along +z. Standing feet do not move; arms swing against the legs. */
export function walking(gait: Gait): Motion {
  const { stride, period, rightStrike = 0.5 } = gait;
  const walk = (t: number): Posture => {
    const strides = t / period;
    const left = walkingFoot(strides, stride, 0.085, 5);
    const right = walkingFoot(strides + (1 - rightStrike), stride, -0.085, -5);
    const swing = wave(t - period * 0.02, period);
    const counter = wave(t + period / 4, period);
    // Over a standing foot the hips pass from behind it to in front of it, half of the stance each.
    const z = (strides - STANCE / 2) * stride;
    return {
      pelvis: [0.02 * swing, 0.884 - 0.014 * wave(t + period / 8, period / 2), z],
      feet: { L: left, R: { ...right, z: right.z - stride * (1 - rightStrike) } },
      angles: {
        pelvis: [2, 2 * swing, -5 * counter],
        spine: [2, -1.5 * swing, 5 * counter],
        chest: [1, -1 * swing, 6 * counter],
        neck: [-3, 0, -3 * counter],
        upperArmL: [2 - 22 * counter, 8, 0],
        upperArmR: [2 + 22 * counter, 8, 0],
        forearmL: [lerp(16, 34, 0.5 - 0.5 * counter), 0, 0],
        forearmR: [lerp(16, 34, 0.5 + 0.5 * counter), 0, 0],
      },
    };
  };
  return Object.assign(walk, { gait });
}

/** Walks on a belt that runs under the feet at walking speed: the hips stay in place. */
export function onTreadmill(gait: Gait): Motion {
  const walk = walking(gait);
  const stay = (t: number): Posture => {
    const posture = walk(t);
    const { pelvis, feet } = posture;
    if (!feet) return posture;
    const travel = (t / gait.period) * gait.stride;
    const back = (foot: FootTarget): FootTarget => ({ ...foot, z: foot.z - travel });
    return {
      ...posture,
      pelvis: [pelvis[0], pelvis[1], pelvis[2] - travel],
      feet: { L: back(feet.L), R: back(feet.R) },
    };
  };
  return Object.assign(stay, { gait });
}

/** When the feet of a walk strike and leave the floor, in seconds. */
export interface GaitEvents {
  readonly heelStrikes: Readonly<Record<Side, readonly number[]>>;
  readonly toeOffs: Readonly<Record<Side, readonly number[]>>;
}

/** The events of a walk between two times in seconds, both included, by its definition. */
export function gaitEvents({ period, rightStrike = 0.5 }: Gait, from: number, to: number): GaitEvents {
  const every = (phase: number) => {
    const first = Math.ceil(from / period - phase);
    const count = Math.max(0, Math.floor(to / period - phase) - first + 1);
    return Array.from({ length: count }, (_, i) => Number(((first + i + phase) * period).toFixed(6)));
  };
  return {
    heelStrikes: { L: every(0), R: every(rightStrike) },
    toeOffs: { L: every(STANCE), R: every(rightStrike + STANCE) },
  };
}

/** 1.41 m/s. */
export const BRISK: Gait = { stride: 1.2, period: 0.85 };
/** 1.05 m/s. */
export const STROLL: Gait = { stride: 1.16, period: 1.1 };
/** 0.83 m/s. */
export const SLOW: Gait = { stride: 1, period: 1.2 };
/** 1.1 m/s, the left leg's steps shorter than the right one's: a limp. */
export const LIMP: Gait = { stride: 1.1, period: 1, rightStrike: 0.54 };
