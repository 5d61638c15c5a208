import type { Frame } from '../model/frame.js';
import type { AttemptRunner, Sight } from './attempt-runner.js';
import { COST } from './budget.js';
import { best, isAmong } from './candidate.js';
import { boxesWithout, poseInBox } from './find-people.js';
import type { People } from './people.js';

/**
 * Seconds, and frames, between searches for other people beside the one who is followed: while nobody else was seen,
 * and after somebody was.
 */
const CROWD_EVERY = { alone: { seconds: 3, frames: 60 }, crowded: { seconds: 1, frames: 15 } } as const;
/** Bystanders whose clothes are remembered, at most. */
const MOST_BYSTANDERS = 3;
/** Others count as near for so many seconds after they were seen. */
const CROWD_LASTS = 2;
/** Others count from this part of the person's own height on. */
const CROWD_HEIGHT = 0.4;

/** When others were looked for, in seconds and as a frame's id. */
interface CrowdCheck {
  readonly at: number;
  readonly frame: number;
}

export interface CrowdState {
  readonly checked: CrowdCheck;
  readonly seenAt: number;
}

/** Watches whether others are about while one person is followed alone, and what they wear. */
export class Crowd {
  readonly #runner: AttemptRunner;
  readonly #people: People;
  #checked: CrowdCheck = { at: Number.NEGATIVE_INFINITY, frame: Number.NEGATIVE_INFINITY };
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(runner: AttemptRunner, people: People) {
    this.#runner = runner;
    this.#people = people;
  }

  save(): CrowdState {
    return { checked: this.#checked, seenAt: this.#seenAt };
  }

  restore({ checked, seenAt }: CrowdState): void {
    this.#checked = checked;
    this.#seenAt = seenAt;
  }

  /** Others near a person who is followed alone may be taken for them: only then clothes decide. */
  async watch(frame: Frame, seen: readonly Sight[]): Promise<void> {
    const { people, width, height } = this.#runner.options;
    const { timestamp, frameId } = frame;
    if (people > 1 || seen.length === 0) return;
    const every = this.isCrowded(timestamp) ? CROWD_EVERY.crowded : CROWD_EVERY.alone;
    const { at, frame: then } = this.#checked;
    if (timestamp - at < every.seconds || frameId - then < every.frames) return;
    this.#checked = { at: timestamp, frame: frameId };
    const poses = seen.map(({ candidates }) => best(candidates)!.pose);
    const boxes = await this.#runner.findBoxes(frame);
    const others = boxesWithout(poses, boxes, width, height);
    const tallest = Math.max(0, ...boxes.filter(box => !others.includes(box)).map(({ top, bottom }) => bottom - top));
    const near = others.filter(({ top, bottom }) => bottom - top >= CROWD_HEIGHT * tallest);
    if (near.length === 0) return;
    this.#seenAt = timestamp;
    for (const box of near.slice(0, MOST_BYSTANDERS)) {
      this.#runner.budget.spend(COST.search);
      const pose = await poseInBox(this.#runner.engine, frame.image, box, false, () => false);
      if (pose && !isAmong(pose, poses, width, height)) this.#people.noteBystander(frame, pose);
    }
  }

  /** Whether others were seen a moment ago. */
  isCrowded(timestamp: number): boolean {
    return timestamp - this.#seenAt <= CROWD_LASTS;
  }
}
