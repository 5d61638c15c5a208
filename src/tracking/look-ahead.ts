import { type ClockState, RisingClock } from '../engine/rising-clock.js';
import type { Landmark, Pose, WorldLandmark } from '../model/pose.js';
import { type FrameResult, type PersonResult, statusOf } from '../model/result.js';
import { regionOfPose } from '../regions/person.js';
import { PoseSmoother, type SmootherState, type SmoothingOptions } from '../signal/pose-smoother.js';
import { isAmong } from './candidate.js';
import { swapPose } from './person-memory.js';
import { poseDistance } from './seen.js';

/** Maximum number of look-ahead frames, and the default. */
export const MOST_AHEAD = 8;
export const USUALLY_AHEAD = 3;
/**
 * Half of MediaPipe's own speed: look-ahead causes less lag. Slower filters smooth more, and lose fast joints on the
 * samples.
 */
export const SMOOTHING: SmoothingOptions = {
  picture: { minCutoff: 0.05, beta: 40, derivativeCutoff: 1 },
  world: { minCutoff: 0.1, beta: 20, derivativeCutoff: 1 },
};
/** After a longer absence, in seconds, smoothing restarts and no gap is filled. */
const LONGEST_BLINK = 0.25;
/** A short gap is filled if the poses before and after it are nearer than this, in trunk lengths. */
const FILLED_NEARER = 0.5;
/** The score of a filled pose is the lower one of the two poses', times this. */
const FILLED_CONFIDENCE = 0.9;
const FILLED = 'filled';
/**
 * A swap of sides for at most this many frames is an error; the pose is then this far from its neighbours, in trunk
 * lengths, and this much nearer when swapped back.
 */
const LONGEST_SWAP = 2;
const SWAPPED_LEAST = 0.15;
const SWAPPED_NEARER = 0.5;

/** How far to look ahead, and in which pictures. */
export interface LookAheadOptions {
  /** Frames to wait for, at least 1. */
  readonly frames: number;
  /** Number of requested people. */
  readonly people: number;
  /** Of the analysed pictures, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** One person at one time. */
interface Moment {
  readonly frameId: number;
  /** Seconds. */
  readonly timestamp: number;
  readonly person: PersonResult;
}

interface TrackState {
  readonly smoother: SmootherState;
  readonly clock: ClockState;
  readonly last: Moment;
}

/** Undecided frames, and the state of the decided ones. */
export interface LookAheadState {
  readonly waiting: readonly FrameResult[];
  readonly tracks: ReadonlyMap<number, TrackState>;
  readonly lastFrame: number | undefined;
}

/** One person up to the last decided frame. */
interface Track {
  readonly smoother: PoseSmoother;
  readonly clock: RisingClock;
  /** Before smoothing. */
  readonly last: Moment;
}

/**
 * Decides a frame's poses once the next few are known: smooths them without lag, by averaging a filter that runs
 * forwards from earlier frames and one that runs backwards from later ones, undoes brief swaps of left and right, and
 * fills short gaps.
 */
export class LookAhead {
  readonly #options: LookAheadOptions;
  #waiting: FrameResult[] = [];
  readonly #tracks = new Map<number, Track>();
  #lastFrame: number | undefined;

  constructor(options: LookAheadOptions) {
    this.#options = options;
  }

  /** Ids of the undecided frames, in order. */
  get waiting(): readonly number[] {
    return this.#waiting.map(({ frameId }) => frameId);
  }

  /** Takes the next frame's result, with unsmoothed poses. @returns the newly decided results, in order */
  push(result: FrameResult): FrameResult[] {
    this.#waiting.push(result);
    for (const person of result.people) this.#mend(person);
    return this.#waiting.length > this.#options.frames ? [this.#decide()] : [];
  }

  /** Ends the video. @returns all undecided results */
  flush(): FrameResult[] {
    return Array.from({ length: this.#waiting.length }, () => this.#decide());
  }

  save(): LookAheadState {
    const tracks = [...this.#tracks].map(([id, { smoother, clock, last }]): [number, TrackState] => [
      id,
      { smoother: smoother.save(), clock: clock.save(), last },
    ]);
    return { waiting: [...this.#waiting], tracks: new Map(tracks), lastFrame: this.#lastFrame };
  }

  restore({ waiting, tracks, lastFrame }: LookAheadState): void {
    this.#waiting = [...waiting];
    this.#lastFrame = lastFrame;
    this.#tracks.clear();
    for (const [id, { smoother, clock, last }] of tracks) {
      const track = { smoother: new PoseSmoother(SMOOTHING), clock: new RisingClock(), last };
      track.smoother.restore(smoother);
      track.clock.restore(clock);
      this.#tracks.set(id, track);
    }
  }

  /** Decides the oldest undecided frame. */
  #decide(): FrameResult {
    for (const [id, track] of this.#tracks) {
      if (track.last.frameId === this.#lastFrame) this.#fill(id, track);
    }
    const result = this.#waiting[0]!;
    const people = result.people.map(person => this.#smooth(person, result));
    this.#waiting.shift();
    this.#lastFrame = result.frameId;
    for (const [id, { last }] of this.#tracks) {
      if (result.timestamp - last.timestamp > LONGEST_BLINK) this.#tracks.delete(id);
    }
    return { ...result, status: statusOf(people), people };
  }

  /** A person in an undecided frame. */
  #at(index: number, id: number): Moment | undefined {
    const result = this.#waiting[index];
    const person = result?.people.find(({ personId }) => personId === id);
    return result && person && { frameId: result.frameId, timestamp: result.timestamp, person };
  }

  /** Replaces a person in an undecided frame. */
  #tell(index: number, person: PersonResult): void {
    const result = this.#waiting[index]!;
    const others = result.people.filter(({ personId }) => personId !== person.personId);
    const people = [...others, person].sort((a, b) => a.personId - b.personId);
    this.#waiting[index] = { ...result, people };
  }

  /** Fills a short gap: the person was in the frame before, is not in this one, and returns in a moment. */
  #fill(id: number, { last }: Track): void {
    const { people: wanted, width, height } = this.#options;
    const back = this.#waiting.findIndex((_, index) => this.#at(index, id));
    const next = this.#at(back, id);
    if (back < 1 || !next || next.timestamp - last.timestamp > LONGEST_BLINK) return;
    if (poseDistance(last.person.pose, next.person.pose, width, height) >= FILLED_NEARER) return;
    for (const [index, { timestamp, people }] of this.#waiting.slice(0, back).entries()) {
      const person = between(last, next, timestamp);
      const others = people.map(({ pose }) => pose);
      if (people.length < wanted && !isAmong(person.pose, others, width, height)) this.#tell(index, person);
    }
  }

  /** Undoes a swap of a person's sides in the one or two frames before the newest. */
  #mend({ personId }: PersonResult): void {
    const newest = this.#waiting.length - 1;
    const after = this.#at(newest, personId)!;
    for (let length = 1; length <= Math.min(LONGEST_SWAP, newest); length++) {
      const start = newest - length;
      const before = start > 0 ? this.#at(start - 1, personId) : this.#justDecided(personId);
      const swapped = Array.from({ length }, (_, index) => this.#at(start + index, personId));
      const around = before && [before.person.pose, after.person.pose];
      if (!around || !swapped.every(moment => around.every(pose => moment && this.#areSwapped(moment, pose)))) continue;
      for (const [index, moment] of swapped.entries()) {
        const person = moment!.person;
        // The earlier swap back was right.
        const swap = person.swap === 'fixed' ? undefined : 'fixed';
        this.#tell(start + index, { ...person, pose: swapPose(person.pose), swap });
      }
      // The swap back was mistaken for a swap as well.
      if (after.person.swap === 'found') this.#tell(newest, { ...after.person, swap: undefined });
      return;
    }
  }

  /** A person in the last decided frame, with the pose before smoothing: the smoothed one has no lag. */
  #justDecided(id: number): Moment | undefined {
    const last = this.#tracks.get(id)?.last;
    return last?.frameId === this.#lastFrame ? last : undefined;
  }

  /** Whether left and right are swapped between two poses. */
  #areSwapped({ person: { pose } }: Moment, other: Pose): boolean {
    const { width, height } = this.#options;
    const distance = poseDistance(pose, other, width, height);
    return distance > SWAPPED_LEAST && poseDistance(swapPose(pose), other, width, height) < SWAPPED_NEARER * distance;
  }

  /** Smooths a person in the oldest undecided frame. */
  #smooth(person: PersonResult, { frameId, timestamp }: FrameResult): PersonResult {
    const { personId } = person;
    const known = this.#tracks.get(personId);
    const isOn = known && timestamp - known.last.timestamp <= LONGEST_BLINK;
    const { smoother, clock } = isOn ? known : { smoother: new PoseSmoother(SMOOTHING), clock: new RisingClock() };
    const last = { frameId, timestamp, person };
    const forward = this.#apply(smoother, clock, last);
    const back = this.#comeBack(smoother, clock, last);
    const pose = back ? mean(forward, back) : forward;
    this.#tracks.set(personId, { smoother, clock, last });
    return { ...person, pose };
  }

  /**
   * The pose from a filter that runs backwards from the last look-ahead frame that still shows the person; undefined if
   * the next frame does not.
   */
  #comeBack(smoother: PoseSmoother, clock: RisingClock, now: Moment): Pose | undefined {
    const ahead: Moment[] = [];
    for (let one = now; ; ) {
      const next = this.#at(ahead.length + 1, now.person.personId);
      // It is still unknown whether swapped sides will swap back.
      if (!next || this.#areSwapped(next, one.person.pose)) break;
      ahead.push(next);
      one = next;
    }
    const last = ahead.pop();
    if (!last) return undefined;
    const scout = new PoseSmoother(SMOOTHING);
    scout.restore(smoother.save());
    const time = new RisingClock();
    time.restore(clock.save());
    for (const moment of [...ahead, last]) this.#apply(scout, time, moment);
    const backwards = new RisingClock();
    scout.turn(backwards.next(-last.timestamp));
    for (const moment of ahead.reverse()) this.#apply(scout, backwards, { ...moment, timestamp: -moment.timestamp });
    return this.#apply(scout, backwards, { ...now, timestamp: -now.timestamp });
  }

  #apply(smoother: PoseSmoother, clock: RisingClock, { person: { pose }, timestamp }: Moment): Pose {
    const { width, height } = this.#options;
    const { size } = pose.next ?? regionOfPose(pose, width, height);
    return smoother.smooth(pose, size, clock.next(timestamp), width, height);
  }
}

/** The midpoint of two poses; everything except positions comes from the first. */
function mean(one: Pose, other: Pose): Pose {
  return { ...one, ...mixed(one, other, 0.5) };
}

/** A person between two moments, by linear interpolation. */
function between(before: Moment, after: Moment, timestamp: number): PersonResult {
  const whole = after.timestamp - before.timestamp;
  const share = whole > 0 ? (timestamp - before.timestamp) / whole : 0.5;
  const [one, other] = [before.person.pose, after.person.pose];
  const { landmarks, worldLandmarks } = mixed(one, other, share);
  const sure = landmarks.map((mark, id) => {
    const [a, b] = [one.landmarks[id]!, other.landmarks[id]!];
    const known = a.confidence !== undefined && b.confidence !== undefined;
    return {
      ...mark,
      visibility: a.visibility + share * (b.visibility - a.visibility),
      confidence: known ? FILLED_CONFIDENCE * Math.min(a.confidence!, b.confidence!) : undefined,
    };
  });
  const { personId } = before.person;
  const score = Math.min(before.person.score, after.person.score);
  return { personId, pose: { landmarks: sure, worldLandmarks }, status: 'filled', strategy: FILLED, score };
}

/** Positions interpolated linearly between two poses. */
function mixed(one: Pose, other: Pose, share: number): Pick<Pose, 'landmarks' | 'worldLandmarks'> {
  const mix = <P extends Landmark | WorldLandmark>(a: P, b: P): P => ({
    ...a,
    x: a.x + share * (b.x - a.x),
    y: a.y + share * (b.y - a.y),
    z: a.z + share * (b.z - a.z),
  });
  return {
    landmarks: one.landmarks.map((mark, id) => mix(mark, other.landmarks[id]!)),
    worldLandmarks: one.worldLandmarks.map((mark, id) => mix(mark, other.worldLandmarks[id]!)),
  };
}
