import { STRATEGIES } from './catalogue.js';
import type { Strategy } from './strategy.js';

/** A way to analyse a frame. */
export interface Mode {
  readonly name: ModeName;
  /** One line for the help. */
  readonly summary: string;
  /** Whether people are followed from frame to frame, or each frame is analysed alone. */
  readonly follows: boolean;
  /** The attempts at each frame; the best one is kept. */
  readonly strategies: readonly Strategy[];
  /** Whether poses are judged and doubtful ones retried: within a time budget, or in every available way. */
  readonly retries: 'none' | 'until good' | 'always';
}

export const MODE_NAMES = ['smart', 'track', 'still', 'ultra_fast', 'fast', 'quality'] as const;
export type ModeName = (typeof MODE_NAMES)[number];

const named = (...names: readonly string[]) => names.map(name => STRATEGIES[name]!);

export const MODES: Readonly<Record<ModeName, Mode>> = {
  smart: {
    name: 'smart',
    summary: 'follow people, judge each pose, retry uncertain frames with a more accurate network',
    follows: true,
    strategies: named('original'),
    retries: 'until good',
  },
  track: {
    name: 'track',
    summary: "MediaPipe's own tracking, smoothed",
    follows: true,
    strategies: named('original'),
    retries: 'none',
  },
  still: {
    name: 'still',
    summary: 'each frame separately (for pictures and comparisons)',
    follows: false,
    strategies: named('original'),
    retries: 'none',
  },
  ultra_fast: {
    name: 'ultra_fast',
    summary: 'each frame separately, in 3 ways',
    follows: false,
    strategies: named('original', 'clahe', 'mirrored'),
    retries: 'none',
  },
  fast: {
    name: 'fast',
    summary: 'each frame separately, in 6 ways',
    follows: false,
    strategies: named('original', 'clahe', 'mirrored', 'bright', 'gaussian', 'lower_enhanced'),
    retries: 'none',
  },
  quality: {
    name: 'quality',
    summary: 'like smart, averaging several refinements per frame (slow)',
    follows: true,
    strategies: named('original'),
    retries: 'always',
  },
};

export const DEFAULT_MODE: ModeName = 'smart';
