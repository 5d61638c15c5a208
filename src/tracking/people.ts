import type { Frame } from '../model/frame.js';
import type { Pose } from '../model/pose.js';
import { appearanceOf } from './appearance.js';
import { SAME_PERSON } from './candidate.js';
import { FollowedPerson, type FollowedPersonState } from './followed-person.js';
import { PersonTracker, type PersonTrackerState, type Sighted } from './person-tracker.js';
import { poseDistance } from './seen.js';

/** A person out of sight for longer is admitted like a stranger, in seconds. */
const LONGEST_BLINK = 0.25;
/** A person out of sight for longer is not searched for at their last position, in seconds. */
const LONGEST_ABSENCE = 1;

/** State of all people between two frames. */
export interface PeopleState {
  readonly people: ReadonlyMap<number, FollowedPersonState>;
  readonly tracker: PersonTrackerState;
}

export interface PeopleOptions {
  /** Number of people to find. */
  readonly people: number;
  /** Of the analysed pictures, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** The followed people: their identities, their expected positions, and confusions between them. */
export class People {
  readonly #options: PeopleOptions;
  readonly #tracker: PersonTracker;
  readonly #people = new Map<number, FollowedPerson>();

  constructor(options: PeopleOptions) {
    this.#options = options;
    this.#tracker = new PersonTracker(options.people, options.width / options.height);
  }

  save(): PeopleState {
    const people = [...this.#people].map(([id, person]) => [id, person.save()] as const);
    return { people: new Map(people), tracker: this.#tracker.save() };
  }

  restore({ people, tracker }: PeopleState): void {
    this.#people.clear();
    for (const [id, state] of people) this.get(id).restore(state);
    this.#tracker.restore(tracker);
  }

  get(id: number): FollowedPerson {
    const person = this.#people.get(id) ?? new FollowedPerson();
    this.#people.set(id, person);
    return person;
  }

  /** Ids of people with a known position to search, the oldest first. */
  followed(): number[] {
    return [...this.#people].filter(([, { region }]) => region).map(([id]) => id);
  }

  /**
   * The ids of the people that the tracker sees. Call it once for each frame.
   * @param seen poses with the id of the person followed there
   */
  identify(frame: Frame, seen: readonly { readonly id: number; readonly pose: Pose }[]): number[] {
    return this.#tracker.identify(seen.map(({ id, pose }) => ({ ...this.#sighted(frame, pose), prior: id })));
  }

  /** The id of a person found in the same frame by other means. */
  identifyAnother(frame: Frame, pose: Pose): number {
    return this.#tracker.identifyAnother(this.#sighted(frame, pose));
  }

  /** The id that a person found by other means would get; undefined for a stranger. */
  recognise(frame: Frame, pose: Pose): number | undefined {
    return this.#tracker.recognise(this.#sighted(frame, pose));
  }

  /** Records a person who is present but not followed. */
  noteBystander({ image }: Frame, pose: Pose): void {
    const appearance = appearanceOf(image, pose);
    if (appearance) this.#tracker.noteBystanders([appearance]);
  }

  /** Whether a pose wears a bystander's clothes instead of the person's. */
  isBystander(frame: Frame, id: number, pose: Pose): boolean {
    return this.#tracker.isBystander(id, this.#sighted(frame, pose));
  }

  /** Whether the person with this id was present a moment ago. */
  has(id: number): boolean {
    return this.#people.has(id);
  }

  /** How far a person's motion has led since they were last seen, in pixels. */
  wayOf(id: number): { readonly x: number; readonly y: number } {
    const { x, y } = this.#tracker.wayOf(id);
    return { x: x * this.#options.width, y: y * this.#options.height };
  }

  isAnybodyThere(timestamp: number): boolean {
    return [...this.#people.values()].some(({ memory }) => memory.absence(timestamp) <= LONGEST_ABSENCE);
  }

  /** People who were present a moment ago and are not seen by the tracker. */
  lost(seen: readonly number[], timestamp: number): number[] {
    return [...this.#people]
      .filter(([id, { memory }]) => !seen.includes(id) && memory.absence(timestamp) <= LONGEST_ABSENCE)
      .map(([id]) => id)
      .slice(0, Math.max(0, this.#options.people - seen.length));
  }

  /**
   * Forgets the position of a person who had been confused with another one: it is that of the other one, while the
   * tracker sees the person elsewhere.
   * @param ids of everyone the tracker sees, in the order of `poses`
   * @param index of the person among them
   * @param decided poses that are already certain, by id
   */
  forgetMistake(
    { timestamp }: Frame,
    ids: readonly number[],
    poses: readonly Pose[],
    index: number,
    decided: ReadonlyMap<number, Pose>,
  ): void {
    const { memory } = this.get(ids[index]!);
    const [expected, tracked] = [memory.expected(timestamp), poses[index]];
    if (!expected || !tracked) return;
    const seen = ids.flatMap((id, i) => (i === index ? [] : [decided.get(id) ?? poses[i]]));
    const gone = [...this.#people]
      .filter(([id, other]) => !ids.includes(id) && other.memory.absence(timestamp) <= LONGEST_BLINK)
      .flatMap(([, other]) => other.memory.expected(timestamp) ?? []);
    const isNear = (pose: Pose) => [...seen, ...gone].some(other => this.#isSame(pose, other!));
    if (isNear(expected) && !isNear(tracked)) memory.forget();
  }

  /**
   * Whether an attempt at a person's position shows another person. A result where the tracker sees the person is not
   * judged.
   */
  isStray(frame: Frame, id: number, pose: Pose, tracked: Pose | undefined): boolean {
    if (tracked && this.#isSame(pose, tracked)) return false;
    return this.#tracker.isSomebodyElse(id, this.#sighted(frame, pose));
  }

  /** The person shown by an attempt at another one's position; undefined if that is uncertain. */
  wearerOf(frame: Frame, id: number, pose: Pose): number | undefined {
    return this.#tracker.wearerOf(id, this.#sighted(frame, pose));
  }

  /**
   * Completes a frame with its accepted people. People who were confused get their ids back; memory does not grow with
   * the number of people.
   * @param accepted by id
   */
  settle(frame: Frame, accepted: ReadonlyMap<number, Pose>): void {
    const sighted = new Map([...accepted].map(([id, pose]) => [id, this.#sighted(frame, pose)]));
    for (const [a, b] of this.#tracker.settle(sighted)) {
      const [first, second] = [this.get(a), this.get(b)];
      this.#people.set(a, second);
      this.#people.set(b, first);
    }
    for (const [id, { memory }] of this.#people) {
      if (memory.absence(frame.timestamp) > LONGEST_ABSENCE) this.#people.delete(id);
    }
  }

  #isSame(a: Pose, b: Pose): boolean {
    return poseDistance(a, b, this.#options.width, this.#options.height) < SAME_PERSON;
  }

  #sighted({ image }: Frame, pose: Pose): Sighted {
    return { pose, appearance: appearanceOf(image, pose) };
  }
}
