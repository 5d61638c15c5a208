import type { Pose } from './pose.js';

/**
 * The origin of a frame's rows. `detected`: newly found; `tracked`: followed from the frame before; `missing`: no pose
 * was found; `filled`: interpolated later from neighbouring frames.
 */
export type FrameStatus = 'detected' | 'tracked' | 'missing' | 'filled';

export const FRAME_STATUSES: readonly FrameStatus[] = ['detected', 'tracked', 'missing', 'filled'];

/** One person of a frame, as decided. */
export interface PersonResult {
  /** 0-based, constant for a person throughout the video. */
  readonly personId: number;
  readonly pose: Pose;
  readonly status: Exclude<FrameStatus, 'missing'>;
  /** Name of the strategy that found the pose. */
  readonly strategy: string;
  /** 0-1. */
  readonly score: number;
  /**
   * Left and right were swapped since the frame before: reported as found, or swapped back (`--fix-swaps`). For modes
   * that judge poses.
   */
  readonly swap?: 'found' | 'fixed' | undefined;
}

/** The status of a frame, from the people in it. */
export function statusOf(people: readonly Pick<PersonResult, 'status'>[]): FrameStatus {
  if (people.length === 0) return 'missing';
  const has = (status: PersonResult['status']) => people.some(person => person.status === status);
  return has('tracked') ? 'tracked' : has('detected') ? 'detected' : 'filled';
}

/** The result of a frame. Without people, `status` is `missing` and `people` is empty. */
export interface FrameResult {
  readonly frameId: number;
  readonly timestamp: number;
  readonly status: FrameStatus;
  readonly people: readonly PersonResult[];
}
