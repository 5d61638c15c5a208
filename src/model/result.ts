import type { Pose } from './pose.js';

/**
 * How a frame's rows came about. `detected`: newly found; `tracked`: followed from the frame before; `missing`: nobody
 * found;
 * `filled`: put in afterwards from the frames around.
 */
export type FrameStatus = 'detected' | 'tracked' | 'missing' | 'filled';

export const FRAME_STATUSES: readonly FrameStatus[] = ['detected', 'tracked', 'missing', 'filled'];

/** One person of a frame, as chosen. */
export interface PersonResult {
  /** 0-based, the same for the same person over the video. */
  readonly personId: number;
  readonly pose: Pose;
  readonly status: Exclude<FrameStatus, 'missing'>;
  /** Name of the strategy that found the pose. */
  readonly strategy: string;
  /** 0-1. */
  readonly score: number;
  /**
   * Left and right changed places since the frame before: told as found, or swapped back (`--fix-swaps`). For the modes
   * that judge poses.
   */
  readonly swap?: 'found' | 'fixed' | undefined;
}

/** How a frame ended, from the people in it. */
export function statusOf(people: readonly Pick<PersonResult, 'status'>[]): FrameStatus {
  if (people.length === 0) return 'missing';
  const has = (status: PersonResult['status']) => people.some(person => person.status === status);
  return has('tracked') ? 'tracked' : has('detected') ? 'detected' : 'filled';
}

/** What was found in a frame. Nobody: `status` is `missing` and `people` is empty. */
export interface FrameResult {
  readonly frameId: number;
  readonly timestamp: number;
  readonly status: FrameStatus;
  readonly people: readonly PersonResult[];
}
