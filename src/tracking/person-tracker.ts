import { munkres } from 'munkres';
import type { Pose } from '../model/pose.js';
import { type PlaceOf, torsoCentre, torsoLengthBySum } from '../model/torso.js';
import {
  type Appearance,
  appearanceDistance,
  areUnlike,
  costOfAppearance,
  OTHER_APPEARANCE,
  STRANGE_APPEARANCE,
  wearsOthers,
} from './appearance.js';

/** A person further away than this, in torso lengths per analysed frame since last seen, is another person. */
const FARTHEST_STEP = 1;
/** A cost above any possible number of matches. */
const IMPOSSIBLE = 1e6;
/** The allowed distance stops growing after this many frames out of sight. */
const LONGEST_ABSENCE_FRAMES = 30;
/** A motion is extrapolated for this many frames: people who hide each other reappear on their own sides. */
const LONGEST_EXTRAPOLATION_FRAMES = 20;
/** Weight of the last step against earlier ones: single steps are wrong where people touch. */
const LAST_STEP = 0.3;
/** The predicted position is preferred to the last one by this many torso lengths. */
const COST_OF_STOPPING = 1;
/**
 * Of two people who both match, the one seen more recently is preferred, by this many torso lengths for each frame out
 * of sight.
 */
const COST_OF_ABSENCE = 0.02;

/** A person found in their own square is the same person, unless strong evidence contradicts; in torso lengths. */
const WORTH_OF_PRIOR = 0.6;
/** Consecutive frames that must show a person in another one's clothes before the ids are corrected. */
const MISTAKEN_FRAMES = 3;
/** A person out of sight for this many frames is still near their last position. */
const RECENT_FRAMES = 3;
/** Weight of the last appearance against earlier ones. */
const LAST_APPEARANCE = 0.1;
const LAST_STRANGE_APPEARANCE = 0.01;
/** A person nearer to another one than this, in torso lengths, may show the other one's colours. */
const ALONE = 1.2;

/** Maximum number of remembered bystander appearances. */
const MOST_BYSTANDERS = 8;

/** A person in a picture. */
export interface Sighted {
  readonly pose: Pose;
  /** Undefined if unknown: then only the path identifies the person. */
  readonly appearance?: Appearance | undefined;
  /** The id of the person in whose square the pose was found, if the tracker followed one. */
  readonly prior?: number | undefined;
}

/** Position and speed of a person, in fractions of the picture and per analysed frame. */
interface Sighting {
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  /** Length of the torso, in picture heights. */
  readonly torso: number;
  readonly frame: number;
}

interface KnownPerson {
  readonly id: number;
  seen: Sighting;
  /** Before the frame in which they were last seen; undefined if that was the first. */
  before: Sighting | undefined;
  appearance: Appearance | undefined;
  /** Whose clothes they wear, and for how many consecutive frames. */
  mistaken: { readonly as: number; readonly frames: number } | undefined;
}

/** Known people, with when and where they were last seen, in analysed frames. */
export interface PersonTrackerState {
  readonly known: readonly Readonly<KnownPerson>[];
  readonly frame: number;
  readonly highest: number;
  readonly bystanders: readonly Appearance[];
}

/** In fractions of the picture. */
function placesOf({ landmarks }: Pose): PlaceOf {
  return id => landmarks[id] ?? { x: 0, y: 0 };
}

/**
 * Gives the people of each frame the ids that they had in the frames before, by the paths of their torsos and by their
 * clothes.
 */
export class PersonTracker {
  readonly #wanted: number;
  readonly #aspect: number;
  #known: KnownPerson[] = [];
  #bystanders: readonly Appearance[] = [];
  #frame = 0;
  /** Of the ids handed out: none is given to another person. */
  #highest = -1;

  /**
   * @param wanted number of people to find. With 1, any found person is the same one as long as the clothes may be the
   * same.
   * @param aspect width of the picture over its height
   */
  constructor(wanted: number, aspect: number) {
    this.#wanted = wanted;
    this.#aspect = aspect;
  }

  save(): PersonTrackerState {
    const known = this.#known.map(person => ({ ...person }));
    return { known, frame: this.#frame, highest: this.#highest, bystanders: this.#bystanders };
  }

  restore({ known, frame, highest, bystanders }: PersonTrackerState): void {
    this.#bystanders = bystanders;
    this.#highest = highest;
    this.#known = known.map(person => ({ ...person }));
    this.#frame = frame;
  }

  /** The ids of people, in their order. Call it once for each analysed frame, even without people. */
  identify(people: readonly Sighted[]): number[] {
    this.#frame++;
    return this.#assign(people);
  }

  /** The id of a person found in the same frame by other means. */
  identifyAnother(person: Sighted): number {
    return this.#assign([person])[0]!;
  }

  /** The id that a person found by other means would get; undefined for a stranger. */
  recognise(person: Sighted): number | undefined {
    const free = this.#known.filter(({ seen }) => seen.frame < this.#frame);
    const [match] = this.#matches(free, [person]);
    return match && free[match[0]]?.id;
  }

  /** How far a person's motion has led since they were last seen, in fractions of the picture. */
  wayOf(id: number): { readonly x: number; readonly y: number } {
    const person = this.#known.find(one => one.id === id);
    if (!person) return { x: 0, y: 0 };
    const steps = Math.min(this.#frame - person.seen.frame, LONGEST_EXTRAPOLATION_FRAMES);
    return { x: person.seen.vx * steps, y: person.seen.vy * steps };
  }

  /** Clothes of people who are present but not followed. */
  noteBystanders(appearances: readonly Appearance[]): void {
    const followed = this.#known.filter(({ seen }) => this.#frame - seen.frame <= RECENT_FRAMES);
    const isOther = (worn: Appearance) => followed.every(({ appearance: own }) => own && areUnlike(own, worn));
    this.#bystanders = [...appearances.filter(isOther), ...this.#bystanders].slice(0, MOST_BYSTANDERS);
  }

  /** Whether a person wears a bystander's clothes instead of those of the known person. */
  isBystander(id: number, { appearance }: Sighted): boolean {
    const own = this.#known.find(person => person.id === id)?.appearance;
    return own !== undefined && appearance !== undefined && this.#isDressedAsBystander(own, appearance);
  }

  /**
   * Whether a person found at a known person's position is another known one: in the other one's clothes, or where the
   * other one was a moment ago.
   */
  isSomebodyElse(id: number, { pose, appearance }: Sighted): boolean {
    const own = this.#known.find(person => person.id === id);
    if (!own) return false;
    return this.#known.some(other => {
      if (other === own) return false;
      if (own.appearance && other.appearance && appearance && areUnlike(own.appearance, other.appearance)) {
        return appearanceDistance(other.appearance, appearance) < appearanceDistance(own.appearance, appearance);
      }
      const isRecent = this.#frame - other.seen.frame <= RECENT_FRAMES;
      return isRecent && this.#distance(other, pose) < Math.min(ALONE / 2, this.#distance(own, pose));
    });
  }

  /** The known person whose clothes a misidentified person wears; undefined if that is uncertain. */
  wearerOf(id: number, { appearance }: Sighted): number | undefined {
    const own = this.#known.find(person => person.id === id);
    if (!own || !appearance) return undefined;
    return this.#known.find(other => other !== own && wearsOthers(own.appearance, other.appearance, appearance))?.id;
  }

  /**
   * Completes a frame: a person who was not accepted was not present.
   * @param accepted by id
   * @returns pairs of ids that were confused until now: from the next frame on, each is the other
   */
  settle(accepted: ReadonlyMap<number, Sighted>): (readonly [number, number])[] {
    this.#highest = Math.max(this.#highest, ...accepted.keys());
    this.#known = this.#known.filter(person => {
      const sighted = accepted.get(person.id);
      if (sighted) return this.#see(person, sighted.pose);
      if (person.seen.frame < this.#frame) return true;
      if (!person.before) return false;
      person.seen = person.before;
      return true;
    });
    const appearances = new Map(this.#known.map(({ id }) => [id, accepted.get(id)?.appearance]));
    const swapped = [...this.#known].flatMap(person => this.#putRight(person, appearances) ?? []);
    for (const person of this.#known) this.#learnAppearance(person, appearances.get(person.id));
    return swapped;
  }

  #isDressedAsBystander(own: Appearance, appearance: Appearance): boolean {
    return this.#bystanders.some(other => wearsOthers(own, other, appearance));
  }

  #assign(people: readonly Sighted[]): number[] {
    const ids = new Array<number>(people.length).fill(-1);
    const free = this.#known.filter(({ seen }) => seen.frame < this.#frame);
    for (const [row, column] of this.#matches(free, people)) {
      const person = free[row]!;
      this.#see(person, people[column]!.pose);
      ids[column] = person.id;
    }
    return ids.map((id, index) => (id === -1 ? this.#welcome(people[index]!.pose) : id));
  }

  /**
   * The cheapest assignment of known people to poses; impossible matches are left out. Rows are people, columns are
   * poses.
   */
  #matches(free: readonly KnownPerson[], people: readonly Sighted[]): [number, number][] {
    if (free.length === 0 || people.length === 0) return [];
    const costs = free.map(person => people.map(sighted => this.#cost(person, sighted)));
    return munkres(costs).filter(([row, column]) => (costs[row]?.[column] ?? IMPOSSIBLE) < IMPOSSIBLE);
  }

  /** The cost of assigning a pose to a known person, in torso lengths. */
  #cost(person: KnownPerson, { pose, appearance, prior }: Sighted): number {
    const distance = this.#distance(person, pose);
    const absence = Math.min(this.#frame - person.seen.frame, LONGEST_ABSENCE_FRAMES);
    const isFar = distance > FARTHEST_STEP * absence;
    const difference = person.appearance && appearance ? appearanceDistance(person.appearance, appearance) : 0;
    if (isFar && (this.#wanted > 1 || difference > STRANGE_APPEARANCE)) return IMPOSSIBLE;
    const isAlone = this.#wanted === 1 && absence > 1;
    if (isAlone && difference > OTHER_APPEARANCE) return IMPOSSIBLE;
    if (isAlone && person.appearance && appearance && this.#isDressedAsBystander(person.appearance, appearance))
      return IMPOSSIBLE;
    const own = prior === person.id ? -WORTH_OF_PRIOR : 0;
    return distance + COST_OF_ABSENCE * absence + costOfAppearance(person.appearance, appearance) + own;
  }

  /** Distance from the person's predicted position or, less likely, their last one; in torso lengths. */
  #distance({ seen }: KnownPerson, pose: Pose): number {
    const ahead = Math.min(this.#frame - seen.frame, LONGEST_EXTRAPOLATION_FRAMES);
    const { x, y } = torsoCentre(placesOf(pose));
    const scale = Math.max(seen.torso, torsoLengthBySum(placesOf(pose), this.#aspect), 1e-3);
    const from = (steps: number) =>
      Math.hypot((seen.x + seen.vx * steps - x) * this.#aspect, seen.y + seen.vy * steps - y) / scale;
    return Math.min(from(ahead), from(0) + COST_OF_STOPPING);
  }

  /** Records a person's position in this frame, replacing any earlier one. */
  #see(person: KnownPerson, pose: Pose): true {
    if (person.seen.frame < this.#frame) person.before = person.seen;
    const { before } = person;
    const { x, y } = torsoCentre(placesOf(pose));
    const step = (now: number, then: number, speed: number) => {
      const frames = this.#frame - (before?.frame ?? 0);
      return speed + LAST_STEP * ((now - then) / frames - speed);
    };
    person.seen = {
      x,
      y,
      vx: before ? step(x, before.x, before.vx) : 0,
      vy: before ? step(y, before.y, before.vy) : 0,
      torso: torsoLengthBySum(placesOf(pose), this.#aspect),
      frame: this.#frame,
    };
    return true;
  }

  #welcome(pose: Pose): number {
    const id = Math.max(this.#highest, ...this.#known.map(person => person.id)) + 1;
    const { x, y } = torsoCentre(placesOf(pose));
    const seen = { x, y, vx: 0, vy: 0, torso: torsoLengthBySum(placesOf(pose), this.#aspect), frame: this.#frame };
    this.#known.push({ id, seen, before: undefined, appearance: undefined, mistaken: undefined });
    return id;
  }

  /**
   * People who were confused where they met get their own ids back once they stand alone and wear each other's clothes.
   */
  #putRight(
    person: KnownPerson,
    appearances: ReadonlyMap<number, Appearance | undefined>,
  ): [readonly [number, number]] | undefined {
    const appearance = appearances.get(person.id);
    if (!appearance || !this.#isAlone(person)) return undefined;
    const distanceTo = (one: KnownPerson) => appearanceDistance(one.appearance!, appearance);
    const [other] = this.#known
      .filter(one => one !== person && wearsOthers(person.appearance, one.appearance, appearance))
      .sort((a, b) => distanceTo(a) - distanceTo(b));
    const othersAppearance = other && appearances.get(other.id);
    const isAgreed =
      othersAppearance === undefined || (other && wearsOthers(other.appearance, person.appearance, othersAppearance));
    if (!other || !isAgreed) {
      person.mistaken = undefined;
      return undefined;
    }
    const frames = (person.mistaken?.as === other.id ? person.mistaken.frames : 0) + 1;
    person.mistaken = { as: other.id, frames };
    if (frames < MISTAKEN_FRAMES) return undefined;
    [person.seen, other.seen] = [other.seen, person.seen];
    [person.before, other.before] = [other.before, person.before];
    person.mistaken = other.mistaken = undefined;
    if (!person.appearance) this.#known = this.#known.filter(({ id }) => id !== person.id);
    return [[person.id, other.id]];
  }

  /** Appearances are learnt from people who stand alone, unless they wear another one's clothes. */
  #learnAppearance(person: KnownPerson, appearance: Appearance | undefined): void {
    if (!appearance || person.mistaken || person.seen.frame !== this.#frame || !this.#isAlone(person)) return;
    const before = person.appearance ?? appearance;
    const share = areUnlike(before, appearance) ? LAST_STRANGE_APPEARANCE : LAST_APPEARANCE;
    person.appearance = appearance.map((value, i) => before[i]! + share * (value - before[i]!));
  }

  #isAlone(person: KnownPerson): boolean {
    const { seen } = person;
    return this.#known.every(other => {
      if (other === person) return true;
      const ahead = Math.min(this.#frame - other.seen.frame, LONGEST_EXTRAPOLATION_FRAMES);
      const dx = other.seen.x + other.seen.vx * ahead - seen.x;
      return Math.abs(dx) * this.#aspect > ALONE * Math.max(seen.torso, 1e-3);
    });
  }
}
