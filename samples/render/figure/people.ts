import type { Vec3 } from '../math/vector.js';

/** Proportions; 1 is average. Lengths are those of a figure of 1.75 m. */
export interface Build {
  /** Of the whole figure. */
  readonly height: number;
  /** Of the head on top of that. */
  readonly head: number;
  /** Length of the legs. */
  readonly legs: number;
  /** Distance of the shoulder joints. */
  readonly shoulders: number;
  /** Thickness of trunk, and of arms and legs. */
  readonly girth: number;
  readonly limbs: number;
}

/** The appearance of a person. Colours are linear RGB. */
export interface Person {
  readonly build: Build;
  readonly feminine: boolean;
  readonly skin: Vec3;
  readonly hair: Vec3;
  readonly hairStyle: 'short' | 'ponytail' | 'bob' | 'shaved';
  readonly eyes: Vec3;
  readonly lips: Vec3;
  readonly shirt: Vec3;
  /** A stripe across the chest, if any. */
  readonly stripe: Vec3 | undefined;
  readonly longSleeves: boolean;
  readonly trousers: Vec3;
  readonly shorts: boolean;
  readonly shoes: Vec3;
}

const AVERAGE: Build = { height: 1, head: 1, legs: 1, shoulders: 1, girth: 1, limbs: 1 };

/** Clothes of Adam, and of Finn too. */
const BLUE_AND_BLACK = {
  shirt: [0.1, 0.22, 0.5],
  stripe: undefined,
  longSleeves: false,
  trousers: [0.05, 0.055, 0.075],
  shorts: false,
  shoes: [0.5, 0.06, 0.05],
} as const satisfies Partial<Person>;

/** The cast. Every clip names its people. */
export const PEOPLE = {
  adam: {
    build: AVERAGE,
    feminine: false,
    skin: [0.62, 0.4, 0.3],
    hair: [0.05, 0.032, 0.022],
    hairStyle: 'short',
    eyes: [0.16, 0.09, 0.04],
    lips: [0.5, 0.2, 0.18],
    ...BLUE_AND_BLACK,
  },
  bella: {
    build: { ...AVERAGE, height: 0.95, shoulders: 0.9, girth: 0.94, limbs: 0.9 },
    feminine: true,
    skin: [0.5, 0.29, 0.2],
    hair: [0.03, 0.018, 0.012],
    hairStyle: 'ponytail',
    eyes: [0.1, 0.06, 0.03],
    lips: [0.48, 0.14, 0.15],
    shirt: [0.62, 0.1, 0.13],
    stripe: [0.8, 0.8, 0.78],
    longSleeves: false,
    trousers: [0.06, 0.06, 0.07],
    shorts: true,
    shoes: [0.75, 0.75, 0.72],
  },
  chidi: {
    build: { ...AVERAGE, height: 1.05, head: 0.96, legs: 1.04, shoulders: 1.06, limbs: 1.04 },
    feminine: false,
    skin: [0.17, 0.09, 0.06],
    hair: [0.015, 0.012, 0.01],
    hairStyle: 'shaved',
    eyes: [0.05, 0.03, 0.02],
    lips: [0.2, 0.08, 0.075],
    shirt: [0.75, 0.62, 0.12],
    stripe: undefined,
    longSleeves: false,
    trousers: [0.1, 0.25, 0.16],
    shorts: true,
    shoes: [0.1, 0.1, 0.1],
  },
  dora: {
    build: { ...AVERAGE, height: 0.92, head: 1.03, shoulders: 0.95, girth: 1.2, limbs: 1.12 },
    feminine: true,
    skin: [0.72, 0.5, 0.4],
    hair: [0.45, 0.44, 0.43],
    hairStyle: 'bob',
    eyes: [0.12, 0.2, 0.26],
    lips: [0.55, 0.25, 0.24],
    shirt: [0.16, 0.42, 0.36],
    stripe: undefined,
    longSleeves: true,
    trousers: [0.2, 0.19, 0.26],
    shorts: false,
    shoes: [0.3, 0.22, 0.16],
  },
  emil: {
    build: { ...AVERAGE, height: 0.8, head: 1.14, legs: 0.95, shoulders: 0.94, girth: 0.95, limbs: 0.93 },
    feminine: false,
    skin: [0.66, 0.44, 0.34],
    hair: [0.36, 0.2, 0.08],
    hairStyle: 'short',
    eyes: [0.1, 0.16, 0.12],
    lips: [0.5, 0.22, 0.2],
    shirt: [0.7, 0.32, 0.06],
    stripe: [0.08, 0.08, 0.1],
    longSleeves: false,
    trousers: [0.1, 0.14, 0.24],
    shorts: true,
    shoes: [0.12, 0.3, 0.5],
  },
  /** Dressed like Adam, and almost his size: only their positions distinguish them. */
  finn: {
    build: { ...AVERAGE, height: 1.02, shoulders: 1.02, limbs: 0.98 },
    feminine: false,
    skin: [0.58, 0.37, 0.27],
    hair: [0.06, 0.036, 0.024],
    hairStyle: 'short',
    eyes: [0.12, 0.1, 0.06],
    lips: [0.48, 0.2, 0.18],
    ...BLUE_AND_BLACK,
  },
} as const satisfies Record<string, Person>;

export type PersonName = keyof typeof PEOPLE;
