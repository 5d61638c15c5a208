import { swapSides } from '../model/body.js';
import type { Landmark, Pose } from '../model/pose.js';
import { poseDistance } from './seen.js';

/** A pose with the time at which it was. */
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

/** A motion is thought to go on for this long, in seconds; then the person is expected where they were. */
const LONGEST_EXTRAPOLATION = 0.15;
/** Motions slow down: so much of the last one is expected to go on. */
const CONTINUATION = 0.6;
/**
 * A pose may be this far from the expected one, in torso lengths, and so much further for each second since the last.
 */
const MARGIN = 0.3;
const MARGIN_PER_SECOND = 3;
/**
 * Sides are swapped when the swapped pose is this much nearer to the expected one, and the pose itself this far from
 * it.
 */
const SWAPPED_NEARER = 0.5;
const SWAPPED_LEAST = 0.15;

/** Remembers one person's last two poses, and what the next should be like. */
export class PersonMemory {
  #last: Moment | undefined;
  #before: Moment | undefined;

  /** Seconds since the person was last seen; infinite for one never seen. */
  absence(timestamp: number): number {
    return this.#last ? Math.max(0, timestamp - this.#last.timestamp) : Number.POSITIVE_INFINITY;
  }

  /** The last pose; undefined for somebody never seen. */
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

  /** The pose to be expected; undefined for somebody never seen. */
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

  /** How far a pose is from the expected one, 1 being as far as motion explains. 0 for somebody never seen. */
  surprise(pose: Pose, timestamp: number, width: number, height: number): number {
    const expected = this.expected(timestamp);
    if (!expected) return 0;
    return poseDistance(pose, expected, width, height) / (MARGIN + MARGIN_PER_SECOND * this.absence(timestamp));
  }

  /** Whether left and right have changed places against the expected pose. */
  isSwapped(pose: Pose, timestamp: number, width: number, height: number): boolean {
    const expected = this.expected(timestamp);
    if (!expected) return false;
    const distance = poseDistance(pose, expected, width, height);
    const other = poseDistance(swapPose(pose), expected, width, height);
    return distance > SWAPPED_LEAST && other < distance * SWAPPED_NEARER;
  }
}

/** The same places with the names of left and right swapped, in the picture and in metres. */
export function swapPose(pose: Pose): Pose {
  return {
    ...pose,
    landmarks: swapSides(pose.landmarks),
    worldLandmarks: swapSides(pose.worldLandmarks),
  };
}
