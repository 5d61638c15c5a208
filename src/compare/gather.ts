import { BodyscriptError } from '../errors.js';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { pictureSize } from '../model/picture-size.js';
import type { TableFrame, TableLandmark, TablePerson } from '../model/table-frame.js';
import type { Aspect, CompareLimits, WorstLandmark } from './comparison.js';
import { distance, meanDistance, swapPerson } from './geometry.js';
import { type FramePair, matchPeople, type PersonPair } from './match.js';
import { inPixels, type Tolerance } from './tolerance.js';
import { Trend } from './trend.js';
import { type Off, WorstFrames } from './worst-frames.js';

/** Left and right count as swapped if swapping them back leaves at most this share of the distance. */
const SWAP_BRINGS = 0.5;
/** Number of stored times of lost and added frames. */
const MOMENTS_KEPT = 20;

interface LandmarkSums {
  sum: number;
  count: number;
  max: number;
  /** Number of times that its position, or any aspect, exceeds a tolerance. */
  positions: number;
  different: number;
}

/** Adds differences up frame by frame, in constant memory. */
export class Gatherer {
  readonly #limits: CompareLimits;
  readonly frames = { golden: 0, new: 0, compared: 0, lost: 0, added: 0 };
  readonly poses = { golden: 0, new: 0, compared: 0, lost: 0, added: 0 };
  readonly aspects: Record<Aspect, number> = {
    position: 0,
    depth: 0,
    world: 0,
    visibility: 0,
    confidence: 0,
    absent: 0,
  };
  readonly lostAt: number[] = [];
  readonly addedAt: number[] = [];
  readonly trend = new Trend();
  compared = 0;
  different = 0;
  swaps = 0;
  identityChanges = 0;
  statusChanges = 0;
  /** Longer side of the picture in pixels; 0 until a landmark has both pixels and fractions. */
  #side = 0;
  #width = 0;
  readonly #landmarks: LandmarkSums[] = LANDMARK_NAMES.map(() => ({
    sum: 0,
    count: 0,
    max: 0,
    positions: 0,
    different: 0,
  }));
  readonly worst: WorstFrames;
  /** Ids in the new file, by id in the golden one. */
  readonly #ids = new Map<number, number>();

  constructor(limits: CompareLimits) {
    this.#limits = limits;
    this.worst = new WorstFrames(limits.worst);
  }

  add({ golden, fresh }: FramePair): void {
    if (golden) this.frames.golden++;
    if (fresh) this.frames.new++;
    this.poses.golden += golden?.people.length ?? 0;
    this.poses.new += fresh?.people.length ?? 0;
    if (golden && fresh) this.#compare(golden, fresh);
    else if (golden) this.#note('lost', golden, this.lostAt);
    else if (fresh) this.#note('added', fresh, this.addedAt);
  }

  get distance(): { mean: number; max: number } {
    const sum = this.#landmarks.reduce((total, mark) => total + mark.sum, 0);
    const count = this.#landmarks.reduce((total, mark) => total + mark.count, 0);
    return { mean: count === 0 ? 0 : sum / count, max: Math.max(...this.#landmarks.map(({ max }) => max)) };
  }

  /** The landmarks that exceed a tolerance most often; those with positions beyond it come first. */
  get worstLandmarks(): WorstLandmark[] {
    return this.#landmarks
      .map(({ sum, count, max, positions, different }, id) => ({
        name: LANDMARK_NAMES[id] ?? '',
        mean: count === 0 ? 0 : sum / count,
        max,
        positions,
        different,
      }))
      .sort((a, b) => b.positions - a.positions || b.different - a.different || b.max - a.max)
      .slice(0, this.#limits.worst);
  }

  #note(what: 'lost' | 'added', frame: TableFrame, moments: number[]): void {
    this.frames[what]++;
    if (moments.length < MOMENTS_KEPT) moments.push(frame.timestamp);
  }

  #compare(golden: TableFrame, fresh: TableFrame): void {
    this.frames.compared++;
    const pairs = matchPeople(golden.people, fresh.people);
    this.poses.compared += pairs.length;
    this.poses.lost += golden.people.length - pairs.length;
    this.poses.added += fresh.people.length - pairs.length;
    const sameStatus = pairs.every(pair => pair.golden.status === pair.fresh.status);
    if (!sameStatus || golden.people.length !== fresh.people.length) this.statusChanges++;
    for (const pair of pairs) this.#comparePeople(golden, pair);
    this.trend.end(golden.timestamp);
  }

  #comparePeople(frame: TableFrame, pair: PersonPair): void {
    const { golden } = pair;
    const known = this.#ids.get(golden.personId);
    if (known !== undefined && known !== pair.fresh.personId) this.identityChanges++;
    this.#ids.set(golden.personId, pair.fresh.personId);
    this.#measure(golden);
    const fresh = this.#unswapped(pair);
    this.trend.add(golden, fresh);
    const place = { frameId: frame.frameId, timestamp: frame.timestamp, personId: golden.personId };
    for (const [id, name] of LANDMARK_NAMES.entries()) {
      const mark = golden.landmarks[id];
      if (!mark || (mark.visibility ?? 1) < this.#limits.minVisibility) continue;
      this.worst.add(place, name, this.#compareLandmark(golden, id, name, mark, fresh.landmarks[id]));
    }
    this.worst.endPerson();
  }

  /** Counts a landmark's differences. @returns the difference in each aspect */
  #compareLandmark(
    golden: TablePerson,
    id: number,
    name: (typeof LANDMARK_NAMES)[number],
    mark: TableLandmark,
    fresh: TableLandmark | undefined,
  ): Off[] {
    const { landmarks, position } = this.#limits;
    this.compared++;
    const offs = this.#offs(golden, mark, fresh, landmarks[name] ?? position);
    const exceeding = offs.filter(([, off, permitted]) => off > permitted).map(([aspect]) => aspect);
    for (const aspect of exceeding) this.aspects[aspect]++;
    if (exceeding.length > 0) this.different++;
    this.#sum(id, distance(mark, fresh), exceeding);
    return offs;
  }

  /** The new person with left and right swapped back, if that explains the difference. */
  #unswapped({ golden, fresh }: PersonPair): TablePerson {
    const direct = meanDistance(golden, fresh);
    const isOff = direct > inPixels(this.#limits.position, golden, this.#side);
    if (!isOff || !(meanDistance(golden, fresh, true) < direct * SWAP_BRINGS)) return fresh;
    this.swaps++;
    return swapPerson(fresh);
  }

  #offs(golden: TablePerson, mark: TableLandmark, other: TableLandmark | undefined, position: Tolerance): Off[] {
    const { depth, world, visibility, confidence } = this.#limits;
    if (mark.x !== undefined && mark.xPx === undefined) throw withoutPixels(); // Without it nothing would be compared.
    if (!other) return [['absent', 1, 0]];
    const offs: Off[] = [
      ['position', distance(mark, other) ?? between(mark.xPx, other.xPx), inPixels(position, golden, this.#side)],
    ];
    if (mark.z !== undefined) {
      offs.push(['depth', between(mark.z, other.z) * this.#width, inPixels(depth, golden, this.#side)]);
    }
    if (mark.worldX !== undefined) {
      const [x, y, z] = [
        between(mark.worldX, other.worldX),
        between(mark.worldY, other.worldY),
        between(mark.worldZ, other.worldZ),
      ];
      offs.push(['world', Math.hypot(x, y, z), world]);
    }
    if (mark.visibility !== undefined)
      offs.push(['visibility', between(mark.visibility, other.visibility), visibility]);
    if (mark.confidence !== undefined)
      offs.push(['confidence', between(mark.confidence, other.confidence), confidence]);
    return offs;
  }

  #sum(id: number, off: number | undefined, exceeding: readonly Aspect[]): void {
    const sums = this.#landmarks[id] as LandmarkSums;
    if (exceeding.length > 0) sums.different++;
    if (exceeding.some(aspect => aspect === 'position' || aspect === 'absent')) sums.positions++;
    if (off === undefined) return;
    sums.sum += off;
    sums.count++;
    sums.max = Math.max(sums.max, off);
  }

  #measure(person: TablePerson): void {
    if (this.#side > 0) return;
    const size = pictureSize(person);
    if (!size) return;
    this.#width = size.width;
    this.#side = Math.max(size.width, size.height);
  }
}

/** The difference of two numbers; infinite if only one of them exists. */
function between(a: number | undefined, b: number | undefined): number {
  return a === undefined || b === undefined ? (a === b ? 0 : Number.POSITIVE_INFINITY) : Math.abs(a - b);
}

function withoutPixels(): BodyscriptError {
  return new BodyscriptError(
    'TABLE_INVALID',
    'the golden table has x and y but no x_px and y_px, so it cannot be compared in pixels',
    {
      remedy: 'Analyse the video again, or add the two columns: x times the width and y times the height of the frame.',
    },
  );
}
