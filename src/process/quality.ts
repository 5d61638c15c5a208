import { rm } from 'node:fs/promises';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { Quality } from '../model/quality.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { partialPath, publish, writeWhole } from '../system/whole-file.js';
import type { TableFrame, TableLandmark, TablePerson } from '../tables/landmark-frame.js';
import { pictureSize } from '../tables/picture-size.js';
import { readLandmarks } from '../tables/read-landmarks.js';
import type { TableFollower } from '../tables/table-follower.js';

/** The gates of the tool before this one. */
const GATES = { detectionRate: 0.8, confidence: 0.6, consistency: 0.7, missingRate: 0.2 } as const;
const BONES = [
  ['left_upper_arm', 11, 13],
  ['right_upper_arm', 12, 14],
  ['left_forearm', 13, 15],
  ['right_forearm', 14, 16],
  ['left_thigh', 23, 25],
  ['right_thigh', 24, 26],
  ['left_shank', 25, 27],
  ['right_shank', 26, 28],
  ['shoulders', 11, 12],
  ['hips', 23, 24],
] as const;
/** Shoulders, hips, knees, ankles, elbows, wrists: left, right. */
const PAIRS = [
  [11, 12],
  [13, 14],
  [15, 16],
  [23, 24],
  [25, 26],
  [27, 28],
] as const;
const JUMP_TORSOS = 0.5;
/** Exchanging the sides must bring them so much nearer to the frame before, and they must be this far apart, in torsos. */
const SWAP_BRINGS = 0.5;
const SIDES_APART_TORSOS = 0.15;
const MOMENTS_KEPT = 50;
/** Frames between two collections of garbage: left alone, it comes to 40 MB, at the end of an analysis that has none to spare. */
const COLLECT_EVERY = 500;

/** Mean and variation, by Welford's method. */
class Spread {
  #n = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    const off = value - this.#mean;
    this.#mean += off / ++this.#n;
    this.#squares += off * (value - this.#mean);
  }

  get count(): number {
    return this.#n;
  }

  get mean(): number {
    return this.#mean;
  }

  get variation(): number {
    return this.#n < 2 || this.#mean === 0 ? 0 : Math.sqrt(this.#squares / (this.#n - 1)) / this.#mean;
  }
}

/** Reads a landmark file once, in constant memory. @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID` */
export async function measureQuality(path: string): Promise<Quality> {
  const sums = new QualitySums();
  for await (const frame of readLandmarks(path)) {
    sums.add(frame);
    if (sums.frames % COLLECT_EVERY === 0) collectGarbage();
  }
  return sums.result();
}

/** Writes `NAME.quality.json`. */
export class QualityFile implements TableFollower {
  readonly stage = 'quality';
  readonly #path: string;
  readonly #sums = new QualitySums();

  constructor(path: string) {
    this.#path = path;
  }

  /** Of the frames so far. */
  get quality(): Quality {
    return this.#sums.result();
  }

  add(frame: TableFrame): void {
    this.#sums.add(frame);
  }

  async finish(): Promise<void> {
    await writeWhole(partialPath(this.#path), `${JSON.stringify(this.quality, null, 2)}\n`);
  }

  async publish(): Promise<readonly string[]> {
    await publish(this.#path);
    return [this.#path];
  }

  async abort(): Promise<void> {
    await rm(partialPath(this.#path), { force: true });
  }
}

const meansByName = (landmarks: readonly Spread[]) =>
  Object.fromEntries(LANDMARK_NAMES.map((name, id) => [name, landmarks[id]?.mean ?? 0]));

class QualitySums {
  frames = 0;
  #found = 0;
  #gap = { frames: 0, at: 0 };
  #longest: { frames: number; at: number | null } = { frames: 0, at: null };
  readonly #scores = new Spread();
  readonly #visibility = LANDMARK_NAMES.map(() => new Spread());
  readonly #confidence = LANDMARK_NAMES.map(() => new Spread());
  readonly #bones = BONES.map(() => new Spread());
  readonly #jitter = LANDMARK_NAMES.map(() => new Spread());
  readonly #jumps = { count: 0, at: [] as number[] };
  readonly #swaps = { count: 0, at: [] as number[] };
  /** The two frames before, by person. */
  #before = new Map<number, TablePerson>();
  #before2 = new Map<number, TablePerson>();
  #aspect = 1;

  add({ timestamp, people }: TableFrame): void {
    this.frames++;
    if (people.length > 0) this.#found++;
    this.#addGap(people.length === 0, timestamp);
    for (const person of people) this.#addPerson(person, timestamp);
    this.#before2 = this.#before;
    this.#before = new Map(people.map(person => [person.personId, person]));
  }

  result(): Quality {
    const detectionRate = this.frames === 0 ? 0 : this.#found / this.frames;
    const variations = this.#bones.map(({ variation }) => variation);
    const consistency =
      this.#found === 0 ? 0 : Math.max(0, 1 - variations.reduce((sum, value) => sum + value, 0) / BONES.length);
    const measured = { detectionRate, missingRate: 1 - detectionRate, confidence: this.#scores.mean, consistency };
    const reasons = failedGates(measured);
    const shaking = this.#jitter.map(({ mean }) => mean).sort((a, b) => a - b);
    return {
      frames: this.frames,
      ...measured,
      longestGap: this.#longest,
      visibility: meansByName(this.#visibility),
      landmarkConfidence: this.#confidence.some(({ count }) => count > 0) ? meansByName(this.#confidence) : null,
      jumps: this.#jumps,
      swaps: this.#swaps,
      boneVariation: Object.fromEntries(BONES.map(([name], i) => [name, variations[i] as number])),
      jitter: shaking[shaking.length >> 1] ?? 0,
      researchGrade: reasons.length === 0,
      reasons,
    };
  }

  #addGap(isMissing: boolean, timestamp: number): void {
    if (!isMissing) this.#gap = { frames: 0, at: 0 };
    else {
      this.#gap = { frames: this.#gap.frames + 1, at: this.#gap.frames === 0 ? timestamp : this.#gap.at };
      if (this.#gap.frames > this.#longest.frames) this.#longest = this.#gap;
    }
  }

  #addPerson(person: TablePerson, timestamp: number): void {
    const { landmarks, personId } = person;
    if (person.score !== undefined) this.#scores.add(person.score);
    for (const [id, mark] of landmarks.entries()) {
      this.#visibility[id]?.add(mark?.visibility ?? 0);
      if (mark?.confidence !== undefined) this.#confidence[id]?.add(mark.confidence);
    }
    for (const [i, [, from, to]] of BONES.entries()) {
      const length = spaceBetween(landmarks[from], landmarks[to]);
      if (Number.isFinite(length)) this.#bones[i]?.add(length);
    }
    const size = pictureSize(person);
    if (size) this.#aspect = size.height / size.width;
    const [before, before2] = [this.#before.get(personId), this.#before2.get(personId)];
    const torso = this.#torso(landmarks);
    if (!before || !(torso > 0)) return;
    if (this.#apart(middle(landmarks, 23, 24), middle(before.landmarks, 23, 24)) > JUMP_TORSOS * torso)
      note(this.#jumps, timestamp);
    if (this.#isSwapped(landmarks, before.landmarks, torso)) note(this.#swaps, timestamp);
    if (before2) this.#addJitter(landmarks, before.landmarks, before2.landmarks, torso);
  }

  /** Of the frame before, how far it lies from the middle of its neighbours. */
  #addJitter(
    now: TablePerson['landmarks'],
    then: TablePerson['landmarks'],
    first: TablePerson['landmarks'],
    torso: number,
  ): void {
    for (const id of LANDMARK_NAMES.keys()) {
      const [a, b, c] = [now[id], then[id], first[id]];
      if (a?.x === undefined || b?.x === undefined || c?.x === undefined) continue;
      const between = { x: (a.x + c.x) / 2, y: ((a.y ?? 0) + (c.y ?? 0)) / 2 };
      this.#jitter[id]?.add(this.#apart(b, between) / torso);
    }
  }

  #isSwapped(now: TablePerson['landmarks'], then: TablePerson['landmarks'], torso: number): boolean {
    let [direct, exchanged, apart] = [0, 0, 0];
    for (const [left, right] of PAIRS) {
      direct += this.#apart(now[left], then[left]) + this.#apart(now[right], then[right]);
      exchanged += this.#apart(now[left], then[right]) + this.#apart(now[right], then[left]);
      apart += this.#apart(then[left], then[right]);
    }
    return apart / PAIRS.length > SIDES_APART_TORSOS * torso && exchanged < direct * SWAP_BRINGS;
  }

  #torso(landmarks: TablePerson['landmarks']): number {
    return this.#apart(middle(landmarks, 11, 12), middle(landmarks, 23, 24));
  }

  /** In widths of the picture. */
  #apart(a: Place | undefined, b: Place | undefined): number {
    if (a?.x === undefined || a.y === undefined || b?.x === undefined || b.y === undefined) return Number.NaN;
    return Math.hypot(a.x - b.x, (a.y - b.y) * this.#aspect);
  }
}

type Place = Pick<TableLandmark, 'x' | 'y'>;

function middle(landmarks: TablePerson['landmarks'], a: number, b: number): Place {
  const [p, q] = [landmarks[a], landmarks[b]];
  return { x: ((p?.x ?? Number.NaN) + (q?.x ?? Number.NaN)) / 2, y: ((p?.y ?? Number.NaN) + (q?.y ?? Number.NaN)) / 2 };
}

function spaceBetween(a: TableLandmark | undefined, b: TableLandmark | undefined): number {
  const off = (key: 'worldX' | 'worldY' | 'worldZ') => (a?.[key] ?? Number.NaN) - (b?.[key] ?? Number.NaN);
  return Math.hypot(off('worldX'), off('worldY'), off('worldZ'));
}

function note(list: { count: number; at: number[] }, moment: number): void {
  list.count++;
  if (list.at.length < MOMENTS_KEPT) list.at.push(moment);
}

function failedGates(measured: Readonly<Record<keyof typeof GATES, number>>): string[] {
  const { detectionRate, confidence, consistency, missingRate } = measured;
  const told = (value: number) => value.toFixed(2);
  return [
    detectionRate < GATES.detectionRate && `detection rate ${told(detectionRate)}, below ${GATES.detectionRate}`,
    confidence < GATES.confidence && `confidence ${told(confidence)}, below ${GATES.confidence}`,
    consistency < GATES.consistency && `consistency ${told(consistency)}, below ${GATES.consistency}`,
    missingRate > GATES.missingRate && `missing ${told(missingRate)}, above ${GATES.missingRate}`,
  ].filter(reason => reason !== false);
}
