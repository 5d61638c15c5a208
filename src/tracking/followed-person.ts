import { type ClockState, RisingClock } from '../engine/rising-clock.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { PoseSmoother, type SmootherState } from '../signal/pose-smoother.js';
import { type MemoryState, PersonMemory } from './person-memory.js';

/** The strategy of the unchanged frame. */
export const PLAIN = 'original';
/** Both networks must have agreed in this many consecutive frames before the usual one follows alone. */
const AGREEMENTS_TO_TRUST = 3;
/**
 * While the refining network follows, the usual one is run again after this many frames; twice as many after each time
 * that it disagrees.
 */
const FIRST_TEST_AFTER = 8;
const LAST_TEST_AFTER = 64;
/**
 * While the usual network follows, the refining one is run once in this many seconds, even for a pose that seems good.
 */
const CHECK_EVERY = 2;
/** For a doubtful pose it is run at once; after each agreement only after twice as many frames. */
const LAST_DOUBT_AFTER = 32;
/** After a longer absence, in seconds, smoothing restarts. */
const LONGEST_BLINK = 0.25;

export interface FollowedPersonState {
  readonly memory: MemoryState;
  readonly smoother: SmootherState;
  readonly clock: ClockState;
  readonly region: Region | undefined;
  readonly network: NetworkChoice;
  readonly light: string;
  readonly framesInLight: number;
  readonly doubt: Doubt;
}

/**
 * Since when a person has been implausible, when the person finder was last asked, and how often it found no person; in
 * seconds.
 */
interface Doubt {
  readonly since: number;
  readonly asked: number;
  readonly unseen: number;
}

const NO_DOUBT: Doubt = { since: Number.POSITIVE_INFINITY, asked: Number.NEGATIVE_INFINITY, unseen: 0 };
/**
 * A person is suspected to be a false detection after this many implausible seconds, and is dropped when the person
 * finder has found no person this often.
 */
const DISBELIEF = 0.3;
const TIMES_UNSEEN = 2;

/** Which network follows, and when the other one runs. Frames are counted, seconds are the video's. */
interface NetworkChoice {
  readonly isRefined: boolean;
  readonly agreements: number;
  readonly checkedAt: number;
  readonly framesSince: number;
  readonly pause: number;
}

const FIRST_CHOICE: NetworkChoice = {
  isRefined: false,
  agreements: 0,
  checkedAt: Number.NEGATIVE_INFINITY,
  framesSince: 0,
  pause: 0,
};

/** State of one person between frames. */
export class FollowedPerson {
  readonly memory = new PersonMemory();
  readonly #smoother = new PoseSmoother();
  readonly #clock = new RisingClock();
  /** Where to search next; undefined for a person the tracker does not follow. */
  region: Region | undefined;
  #light = PLAIN;
  #framesInLight = 0;
  #network = FIRST_CHOICE;
  #doubt = NO_DOUBT;

  save(): FollowedPersonState {
    return {
      memory: this.memory.save(),
      smoother: this.#smoother.save(),
      clock: this.#clock.save(),
      region: this.region,
      network: this.#network,
      light: this.#light,
      framesInLight: this.#framesInLight,
      doubt: this.#doubt,
    };
  }

  restore({ memory, smoother, clock, region, network, light, framesInLight, doubt }: FollowedPersonState): void {
    this.memory.restore(memory);
    this.#smoother.restore(smoother);
    this.#clock.restore(clock);
    this.region = region;
    this.#network = network;
    this.#light = light;
    this.#framesInLight = framesInLight;
    this.#doubt = doubt;
  }

  /** Name of the strategy that produces the light in which the person is followed. */
  get light(): string {
    return this.#light;
  }

  set light(name: string) {
    if (name !== this.#light) this.#framesInLight = 0;
    this.#light = name;
  }

  get framesInLight(): number {
    return this.#framesInLight;
  }

  /** Whether the refining network follows. */
  get isRefined(): boolean {
    return this.#network.isRefined;
  }

  /** Records a frame in which the person is followed. */
  count(): void {
    this.#framesInLight++;
    this.#network = { ...this.#network, framesSince: this.#network.framesSince + 1 };
  }

  /** Whether to run the other network on this frame as well. @param isDoubtful the result of the following one */
  isOtherDue(timestamp: number, isDoubtful: boolean): boolean {
    const { isRefined, agreements, checkedAt, framesSince, pause } = this.#network;
    if (isRefined) return framesSince > pause;
    if (agreements < AGREEMENTS_TO_TRUST) return true;
    return timestamp - checkedAt >= CHECK_EVERY || (isDoubtful && framesSince > pause);
  }

  /** Records the other network's result. */
  learnOther(timestamp: number, agrees: boolean, isDoubtful: boolean): void {
    const { isRefined, pause } = this.#network;
    const agreements = agrees ? Math.min(AGREEMENTS_TO_TRUST, this.#network.agreements + 1) : 0;
    const seen = { agreements, checkedAt: timestamp, framesSince: 0 };
    if (isRefined) {
      const next = agrees ? 0 : Math.min(LAST_TEST_AFTER, Math.max(FIRST_TEST_AFTER, 2 * pause));
      this.#network = { ...seen, isRefined: agreements < AGREEMENTS_TO_TRUST, pause: next };
    } else {
      const next = !agrees ? FIRST_TEST_AFTER : isDoubtful ? Math.min(LAST_DOUBT_AFTER, Math.max(1, 2 * pause)) : 0;
      this.#network = { ...seen, isRefined: !agrees, pause: next };
    }
  }

  /** Whether to ask the person finder for confirmation. @param isIncredible the result so far */
  suspect(timestamp: number, isIncredible: boolean): boolean {
    if (!isIncredible) this.#doubt = NO_DOUBT;
    else if (this.#doubt.since === Number.POSITIVE_INFINITY) this.#doubt = { ...NO_DOUBT, since: timestamp };
    const { since, asked } = this.#doubt;
    return timestamp - since >= DISBELIEF && timestamp - asked >= DISBELIEF;
  }

  /** Records the person finder's result. @returns whether the person is a false detection */
  learnBox(timestamp: number, isThere: boolean): boolean {
    const unseen = isThere ? 0 : this.#doubt.unseen + 1;
    this.#doubt = { ...this.#doubt, asked: timestamp, unseen };
    return unseen >= TIMES_UNSEEN;
  }

  /** Makes the refining network follow from now on. */
  follow(isRefined: boolean): void {
    if (isRefined && !this.#network.isRefined) {
      this.#network = { ...this.#network, isRefined, agreements: 0, framesSince: 0, pause: FIRST_TEST_AFTER };
    }
  }

  /**
   * The pose as a smooth continuation of the poses before. All attempts pass through here, so that curves have no step
   * where the attempt changes.
   */
  smooth(pose: Pose, regionSize: number, timestamp: number, width: number, height: number): Pose {
    if (this.memory.absence(timestamp) > LONGEST_BLINK) this.#smoother.reset();
    return this.#smoother.smooth(pose, regionSize, this.#clock.next(timestamp), width, height);
  }
}
