import type { FrameAttempts } from '../model/attempts.js';
import type { PersonChoice } from './choose-person.js';
import type { Judged } from './judge.js';

/** How much effort to spend on a frame. */
export interface SmartOptions {
  readonly people: number;
  /** Of the analysed pictures, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Poses with a lower score are dropped, 0-1. */
  readonly minScore: number;
  /** Which person to follow if only one is requested. */
  readonly person: PersonChoice;
  /** Maximum number of retries for one frame. */
  readonly maxAttempts: number;
  /** Whether each frame gets every useful attempt, good or not. */
  readonly exhaustive: boolean;
  /** Whether sides swapped against the motion are swapped back if no other attempt does better. */
  readonly fixSwaps: boolean;
  /** Whether to smooth poses here rather than in the look-ahead. Default: yes. */
  readonly smooths?: boolean;
  /** Called with the decision on each frame that needed a retry. */
  readonly onAttempts?: ((attempts: FrameAttempts) => void) | undefined;
  /** Called with each judged pose and all its evidence. For the calibration. */
  readonly onJudged?: ((judged: Judged) => void) | undefined;
}
