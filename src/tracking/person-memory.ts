import { swapSides } from '../model/body.js';
import type { Landmark, Pose } from '../model/pose.js';
import { poseDistance } from './seen.js';

/** A pose with its time. */
interface Moment {
  readonly pose: Pose;
  /** Seconds. */
  readonly timestamp: number;
}

/** The last two poses. */
export interface MemoryState {
  readonly last: Moment | undefined;
  readonly before: Moment | undefined;
}

/** A motion is extrapolated for this long, in seconds; after that the person is expected at their last position. */
const LONGEST_EXTRAPOLATION = 0.15;
/** Motions slow down: this share of the last one is extrapolated. */
const CONTINUATION = 0.6;
/**
 * A pose may be this far from the expected one, in torso lengths, and this much more for each second since the last.
 */
const MARGIN = 0.3;
const MARGIN_PER_SECOND = 3;
/**
 * Sides are swapped if the swapped pose is this much nearer to the expected one, and the pose itself this far from it.
 */
const SWAPPED_NEARER = 0.5;
const SWAPPED_LEAST = 0.15;

/** Remembers one person's last two poses, and predicts the next. */
export class PersonMemory {
  #last: Moment | undefined;
  #before: Moment | undefined;

  /** Seconds since the person was last seen; infinite if never seen. */
  absence(timestamp: number): number {
    return this.#last ? Math.max(0, timestamp - this.#last.timestamp) : Number.POSITIVE_INFINITY;
  }

  /** The last pose; undefined for a person never seen. */
  get last(): Pose | undefined {
    return this.#last?.pose;
  }

  remember(pose: Pose, timestamp: number): void {
    if (this.#last && this.#last.timestamp === timestamp) this.#last = undefined;
    this.#before = this.#last;
    this.#last = { pose, timestamp };
  }

  save(): MemoryState {
    return { last: this.#last, before: this.#before };
  }

  restore({ last, before }: MemoryState): void {
    this.#last = last;
    this.#before = before;
  }

  forget(): void {
    this.#last = this.#before = undefined;
  }

  /** The expected pose; undefined for a person never seen. */
  expected(timestamp: number): Pose | undefined {
    const [last, before] = [this.#last, this.#before];
    if (!last || !before) return last?.pose;
    const ahead = timestamp - last.timestamp;
    const step = last.timestamp - before.timestamp;
    if (ahead > LONGEST_EXTRAPOLATION || step <= 0 || step > LONGEST_EXTRAPOLATION) return last.pose;
    const share = (CONTINUATION * ahead) / step;
    const landmarks = last.pose.landmarks.map((landmark, id): Landmark => {
      const { x, y } = before.pose.landmarks[id]!;
      return { ...landmark, x: landmark.x + share * (landmark.x - x), y: landmark.y + share * (landmark.y - y) };
    });
    return { ...last.pose, landmarks };
  }

  /** A pose's distance from the expected one; 1 is as far as motion explains. 0 for a person never seen. */
  surprise(pose: Pose, timestamp: number, width: number, height: number): number {
    const expected = this.expected(timestamp);
    if (!expected) return 0;
    return poseDistance(pose, expected, width, height) / (MARGIN + MARGIN_PER_SECOND * this.absence(timestamp));
  }

  /** Whether left and right are swapped relative to the expected pose. */
  isSwapped(pose: Pose, timestamp: number, width: number, height: number): boolean {
    const expected = this.expected(timestamp);
    if (!expected) return false;
    const distance = poseDistance(pose, expected, width, height);
    const other = poseDistance(swapPose(pose), expected, width, height);
    return distance > SWAPPED_LEAST && other < distance * SWAPPED_NEARER;
  }
}

/** The same positions with the names of left and right swapped, in the picture and in metres. */
export function swapPose(pose: Pose): Pose {
  return {
    ...pose,
    landmarks: swapSides(pose.landmarks),
    worldLandmarks: swapSides(pose.worldLandmarks),
  };
}
