import type { Frame } from '../model/frame.js';
import type { AttemptRunner, Sight } from './attempt-runner.js';
import { COST } from './budget.js';
import { best, isAmong } from './candidate.js';
import { boxesWithout, poseInBox } from './find-people.js';
import type { People } from './people.js';

/**
 * Seconds, and frames, between searches for people beside the followed one: while no other person has been seen, and
 * after one has.
 */
const CROWD_EVERY = { alone: { seconds: 3, frames: 60 }, crowded: { seconds: 1, frames: 15 } } as const;
/** Maximum number of bystanders whose clothes are remembered. */
const MOST_BYSTANDERS = 3;
/** Other people count as near for this many seconds after they were seen. */
const CROWD_LASTS = 2;
/** Other people count from this fraction of the person's own height. */
const CROWD_HEIGHT = 0.4;

/** When the last search for other people was, in seconds and as a frame's id. */
interface CrowdCheck {
  readonly at: number;
  readonly frame: number;
}

export interface CrowdState {
  readonly checked: CrowdCheck;
  readonly seenAt: number;
}

/** Watches whether other people are near while one person is followed alone, and what they wear. */
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

  /** Only people nearby can be mistaken for the one person followed: only then clothes decide. */
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

  /** Whether other people were seen a moment ago. */
  isCrowded(timestamp: number): boolean {
    return timestamp - this.#seenAt <= CROWD_LASTS;
  }
}
