import { LANDMARK_NAMES } from '../model/blazepose.js';
import { BONES, LIMB_PAIRS } from '../model/body.js';
import type { Moments, PersonQuality } from '../model/quality.js';
import { isLeap } from '../model/steady-clock.js';
import type { TableLandmark, TablePerson } from '../model/table-frame.js';
import { middleOfHips, type PlaceOf, torsoLength } from '../model/torso.js';
import { failedGates, gatesOf } from './gates.js';
import { LongestGap } from './longest-gap.js';
import { Spread } from './spread.js';

const JUMP_TORSOS = 0.5;
/**
 * Swapping the sides must bring them this much nearer to the frame before, and they must be this far apart, in torso
 * lengths.
 */
const SWAP_BRINGS = 0.5;
const SIDES_APART_TORSOS = 0.15;
const MOMENTS_KEPT = 50;

/** A count of moments, and the first of them. */
export class MomentList {
  readonly #at: number[] = [];
  #count = 0;

  add(moment: number): void {
    this.#count++;
    if (this.#at.length < MOMENTS_KEPT) this.#at.push(moment);
  }

  get moments(): Moments {
    return { count: this.#count, at: this.#at };
  }
}

/** Errors that a frame shows of a person. */
export interface Faults {
  readonly jumps: boolean;
  readonly swaps: boolean;
}

/** One person over a table's frames. */
export class PersonSums {
  readonly personId: number;
  readonly bones = BONES.map(() => new Spread());
  readonly jitter = LANDMARK_NAMES.map(() => new Spread());
  readonly #scores = new Spread();
  readonly #jumps = new MomentList();
  readonly #swaps = new MomentList();
  readonly #gap = new LongestGap();
  #frames = 0;
  #first: Moment | undefined;
  #last: Moment | undefined;
  #before: Landmarks | undefined;
  #before2: Landmarks | undefined;
  #aspect = 1;

  constructor(personId: number) {
    this.personId = personId;
  }

  /** @param aspect height of the picture over its width */
  add({ landmarks, score }: TablePerson, moment: Moment, aspect: number): Faults {
    this.#aspect = aspect;
    const last = this.#last;
    const isNext = last?.frame === moment.frame - 1 && !isLeap(last.timestamp, moment.timestamp);
    const before = isNext ? this.#before : undefined;
    const before2 = isNext ? this.#before2 : undefined;
    this.#frames++;
    this.#addGap(moment);
    this.#first ??= moment;
    this.#last = moment;
    this.#before2 = before;
    this.#before = landmarks;
    if (score !== undefined) this.#scores.add(score);
    for (const [i, { from, to }] of BONES.entries()) {
      const length = spaceBetween(landmarks[from], landmarks[to]);
      if (Number.isFinite(length)) this.bones[i]?.add(length);
    }
    const torso = torsoLength(placesOf(landmarks), aspect);
    if (!before || !(torso > 0)) return { jumps: false, swaps: false };
    if (before2) this.#addJitter(landmarks, before, before2, torso);
    const jumps = this.#apart(middleOfHips(placesOf(landmarks)), middleOfHips(placesOf(before))) > JUMP_TORSOS * torso;
    const swaps = this.#isSwapped(landmarks, before, torso);
    if (jumps) this.#jumps.add(moment.timestamp);
    if (swaps) this.#swaps.add(moment.timestamp);
    return { jumps, swaps };
  }

  result(): PersonQuality {
    const [first, last] = [this.#first, this.#last];
    const span = first && last ? last.frame - first.frame + 1 : 0;
    const detectionRate = span === 0 ? 0 : this.#frames / span;
    const consistency = consistencyOf(this.bones.map(({ variation }) => variation));
    const measured = { detectionRate, missingRate: 1 - detectionRate, confidence: this.#scores.mean, consistency };
    const reasons = failedGates(measured);
    return {
      personId: this.personId,
      frames: this.#frames,
      spanFrames: span,
      from: first?.timestamp ?? 0,
      to: last?.timestamp ?? 0,
      ...measured,
      jumps: this.#jumps.moments,
      swaps: this.#swaps.moments,
      jitter: medianOf(this.jitter.map(({ mean }) => mean)),
      longestGap: this.#gap.longest,
      gates: gatesOf(measured),
      researchGrade: reasons.length === 0,
      reasons,
    };
  }

  /** A gap is complete when it ends: it begins where the person was last seen. */
  #addGap({ frame }: Moment): void {
    const last = this.#last;
    if (!last || frame <= last.frame + 1) return;
    this.#gap.addMissing(last.timestamp, frame - last.frame - 1);
    this.#gap.addFound();
  }

  /** For the frame before: its distance from the midpoint of its neighbours. */
  #addJitter(now: Landmarks, then: Landmarks, first: Landmarks, torso: number): void {
    for (const id of LANDMARK_NAMES.keys()) {
      const [a, b, c] = [now[id], then[id], first[id]];
      if (a?.x === undefined || b?.x === undefined || c?.x === undefined) continue;
      const between = { x: (a.x + c.x) / 2, y: ((a.y ?? 0) + (c.y ?? 0)) / 2 };
      this.jitter[id]?.add(this.#apart(b, between) / torso);
    }
  }

  #isSwapped(now: Landmarks, then: Landmarks, torso: number): boolean {
    let [direct, swapped, apart] = [0, 0, 0];
    for (const [left, right] of LIMB_PAIRS) {
      direct += this.#apart(now[left], then[left]) + this.#apart(now[right], then[right]);
      swapped += this.#apart(now[left], then[right]) + this.#apart(now[right], then[left]);
      apart += this.#apart(then[left], then[right]);
    }
    return apart / LIMB_PAIRS.length > SIDES_APART_TORSOS * torso && swapped < direct * SWAP_BRINGS;
  }

  /** In picture widths. */
  #apart(a: Place | undefined, b: Place | undefined): number {
    if (a?.x === undefined || a.y === undefined || b?.x === undefined || b.y === undefined) return Number.NaN;
    return Math.hypot(a.x - b.x, (a.y - b.y) * this.#aspect);
  }
}

/** A frame's index in the table, and its time in seconds. */
export interface Moment {
  readonly frame: number;
  readonly timestamp: number;
}

/** 1 minus the mean variation, 0-1. */
export function consistencyOf(variations: readonly number[]): number {
  return Math.max(0, 1 - variations.reduce((sum, value) => sum + value, 0) / variations.length);
}

/** For an odd number of values. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

type Landmarks = TablePerson['landmarks'];
type Place = Pick<TableLandmark, 'x' | 'y'>;

function placesOf(landmarks: Landmarks): PlaceOf {
  return id => ({ x: landmarks[id]?.x ?? Number.NaN, y: landmarks[id]?.y ?? Number.NaN });
}

function spaceBetween(a: TableLandmark | undefined, b: TableLandmark | undefined): number {
  const off = (key: 'worldX' | 'worldY' | 'worldZ') => (a?.[key] ?? Number.NaN) - (b?.[key] ?? Number.NaN);
  return Math.hypot(off('worldX'), off('worldY'), off('worldZ'));
}
