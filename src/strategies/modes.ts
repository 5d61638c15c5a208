import { original } from './original.js';
import type { Strategy } from './strategy.js';

/** How a frame is worked on. The modes that try harder join this table. */
export interface Mode {
  readonly name: ModeName;
  /** One line for the help. */
  readonly summary: string;
  /** Whether people are followed from frame to frame, or each frame stands for itself. */
  readonly follows: boolean;
  /** What to try, in order. */
  readonly strategies: readonly Strategy[];
}

export const MODE_NAMES = ['track', 'still'] as const;
export type ModeName = (typeof MODE_NAMES)[number];

export const MODES: Readonly<Record<ModeName, Mode>> = {
  track: {
    name: 'track',
    summary: 'follow people from frame to frame, smoothed (for video)',
    follows: true,
    strategies: [original],
  },
  still: {
    name: 'still',
    summary: 'look at each frame by itself (for pictures, and to compare)',
    follows: false,
    strategies: [original],
  },
};
