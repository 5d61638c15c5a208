import type { FrameAttempts } from '../model/attempts.js';
import type { PersonChoice } from './choose-person.js';
import type { Judged } from './judge.js';

/** How hard a frame is worked on. */
export interface SmartOptions {
  readonly people: number;
  /** Of the analysed pictures, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Poses below are left out, 0-1. */
  readonly minScore: number;
  /** Whom to follow when one person is wanted. */
  readonly person: PersonChoice;
  /** Attempts at one frame beyond the first, at most. */
  readonly maxAttempts: number;
  /** Whether each frame gets every attempt that helps, good or not. */
  readonly exhaustive: boolean;
  /** Whether sides that changed places against the motion are swapped back where no other attempt does better. */
  readonly fixSwaps: boolean;
  /** Whether poses are smoothed here, and not by what looks ahead. Yes where nothing is said. */
  readonly smooths?: boolean;
  /** Called with how each frame was decided that needed more than its first attempt. */
  readonly onAttempts?: ((attempts: FrameAttempts) => void) | undefined;
  /** Called with each pose that is judged, and all that is known of it. For the calibration. */
  readonly onJudged?: ((judged: Judged) => void) | undefined;
}
