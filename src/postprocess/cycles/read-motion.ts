import { BodyscriptError } from '../../errors.js';
import { JOINT_ANGLES } from '../../formats/person-angles.js';
import { pictureSizeOf } from '../../formats/picture-size.js';
import { poseOf, sureness } from '../../formats/pose-of.js';
import { readLandmarks } from '../../formats/read-landmarks.js';
import { idsOf, LANDMARK_IDS, landmarkName, pairOf, SEGMENTS, SIDES, type Side } from '../../model/body.js';
import { describeLeaps, tableClock } from '../../model/steady-clock.js';
import type { TablePerson } from '../../model/table-frame.js';
import { anglesOf } from '../../signal/angles.js';
import { SHARE_OF_HEIGHT } from '../../signal/body-height.js';
import { type ClockRun, runsOf } from '../../signal/clock-runs.js';
import { Columns } from '../../signal/columns.js';
import type { FeetSeries, FootSeries } from '../../signal/cycles/passes.js';
import { Spread } from '../../signal/spread.js';
import { Unwrapper } from '../../signal/unwrap.js';
import { collectGarbage } from '../../system/collect-garbage.js';

/** 2D in the picture, or 3D in space. */
export const COORDINATES = ['picture', 'space'] as const;
export type Coordinates = (typeof COORDINATES)[number];

const FOOT_PARTS = ['heel', 'foot_index'] as const;
const FOOT_AXES = ['x', 'y', 'spaceX', 'spaceZ'] as const;
const FOOT_COLUMNS = SIDES.flatMap(side =>
  FOOT_PARTS.flatMap(part => FOOT_AXES.map(axis => `${side} ${part} ${axis}`)),
);
const COLUMNS = [...FOOT_COLUMNS, ...COORDINATES.flatMap(kind => JOINT_ANGLES.map(name => `${name} ${kind}`))];
const COLUMN_NUMBERS = new Map(COLUMNS.map((name, i) => [name, i]));

const COLLECT_EVERY = 2000;

/** One person of a table, limited to what cycles need. */
export interface PersonMotion {
  readonly id: number;
  /** Frames that contain the person in the table. */
  readonly frames: number;
  /** Feet in some frames, for as long as the person is in the table. */
  feet(run: PersonRun): FeetSeries;
  /** Degrees by frame, NaN if absent; they continue beyond 180: an arm may rise past the vertical. */
  angle(name: string, coordinates: Coordinates, run: PersonRun): ArrayLike<number>;
  /** Frames without a jump of the clock that may contain the person. */
  readonly runs: readonly PersonRun[];
  /** The person's height in the table's metres; NaN if never seen whole. */
  readonly height: number;
}

/** A part of a clock's run; frames are counted from `from`. */
export interface PersonRun {
  /** Index of its first frame among all frames of the table. */
  readonly from: number;
  /** Seconds, rising. */
  readonly times: readonly number[];
}

/** The content of a table. */
export interface TableMotion {
  /** By frame: its number in the video, and its time in seconds. */
  readonly frameIds: readonly number[];
  readonly times: readonly number[];
  readonly people: readonly PersonMotion[];
  /** Jumps of the table's clock in words; undefined if none exist. */
  readonly leaps: string | undefined;
}

/**
 * Reads a landmark file once; memory grows by 200 bytes per frame and person.
 * @param minConfidence joints of lower confidence count as unseen, 0-1
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function readMotion(path: string, minConfidence: number, signal?: AbortSignal): Promise<TableMotion> {
  const display = await pictureSizeOf(path);
  const people = new Map<number, PersonColumns>();
  const frameIds: number[] = [];
  const times: number[] = [];
  const clock = tableClock();
  for await (const { frameId, timestamp, people: found } of readLandmarks(path)) {
    signal?.throwIfAborted();
    for (const person of found) {
      const known = people.get(person.personId) ?? new PersonColumns(times.length, minConfidence, display);
      people.set(person.personId, known);
      known.add(person, times.length);
    }
    clock.next(timestamp, frameId);
    frameIds.push(frameId);
    times.push(timestamp);
    if (times.length % COLLECT_EVERY === 0) collectGarbage();
  }
  const runs = runsOf(times).filter(({ from, to }) => to - from === 1 || times[from] !== times[to - 1]);
  if (runs.length === 0 && times.length > 0) throw standingClock(path, times);
  const known = [...people].sort(([a], [b]) => a - b).map(([id, columns]) => columns.motion(id, runs));
  return { frameIds, times, people: known, leaps: describeLeaps(clock) };
}

function standingClock(path: string, times: readonly number[]): BodyscriptError {
  const message = `${path}: all ${times.length} frames have the same time, ${times[0]} s`;
  return new BodyscriptError('TABLE_INVALID', message, {
    remedy: 'Analyse the video again: cycles need the times of frames.',
  });
}

/** One person while the table is read. */
class PersonColumns {
  readonly #columns = new Columns(COLUMNS.length);
  readonly #first: number;
  readonly #minConfidence: number;
  readonly #display: { readonly width: number; readonly height: number };
  readonly #lengths = [new Spread(), new Spread(), new Spread()];
  #rows = 0;
  #frames = 0;

  /** @param first index of the first frame with the person */
  constructor(first: number, minConfidence: number, display: { readonly width: number; readonly height: number }) {
    this.#first = first;
    this.#minConfidence = minConfidence;
    this.#display = display;
  }

  add(person: TablePerson, frame: number): void {
    this.#frames++;
    this.#rows = frame - this.#first + 1;
    const values = new Array<number | undefined>(COLUMNS.length);
    const isSure = (id: number) => {
      const mark = person.landmarks[id];
      return mark !== undefined && sureness(person, mark) >= this.#minConfidence;
    };
    if (pairOf('hip').every(isSure)) for (const [at, value] of footValues(person, isSure)) values[at] = value;
    for (const { name, degrees2d, degrees3d, confidence } of anglesOf(poseOf(person), this.#display)) {
      if (confidence < this.#minConfidence) continue;
      for (const [kind, degrees] of [['picture', degrees2d] as const, ['space', degrees3d] as const]) {
        const at = COLUMN_NUMBERS.get(`${name} ${kind}`);
        if (at !== undefined) values[at] = degrees;
      }
    }
    this.#columns.set(this.#rows - 1, values);
    this.#measure(person, isSure);
  }

  #measure(person: TablePerson, isSure: (id: number) => boolean): void {
    const segments = [SEGMENTS.shank, SEGMENTS.thigh, ['shoulder', 'hip'] as const];
    for (const [i, [from, to]] of segments.entries()) {
      for (const side of SIDES) {
        const ids = idsOf(landmarkName(side, from), landmarkName(side, to));
        const length = lengthInSpace(person, ids);
        if (ids.every(isSure) && Number.isFinite(length)) this.#lengths[i]?.add(length);
      }
    }
  }

  motion(id: number, clockRuns: readonly ClockRun[]): PersonMotion {
    const [first, rows] = [this.#first, this.#rows];
    const runs = clockRuns.flatMap((run): PersonRun[] => {
      const [from, to] = [Math.max(run.from, first), Math.min(run.to, first + rows)];
      return from < to ? [{ from, times: run.times.slice(from - run.from, to - run.from) }] : [];
    });
    const read = (name: string, { from, times }: PersonRun) =>
      this.#columns.read(COLUMN_NUMBERS.get(name) ?? 0, from - first + times.length, from - first);
    const foot = (side: Side, run: PersonRun): FootSeries => {
      const of = (part: (typeof FOOT_PARTS)[number], axis: (typeof FOOT_AXES)[number]) =>
        read(`${side} ${part} ${axis}`, run);
      return {
        heel: { x: of('heel', 'x'), y: of('heel', 'y') },
        toe: { x: of('foot_index', 'x'), y: of('foot_index', 'y') },
        heelInSpace: { x: of('heel', 'spaceX'), z: of('heel', 'spaceZ') },
        toeInSpace: { x: of('foot_index', 'spaceX'), z: of('foot_index', 'spaceZ') },
      };
    };
    const sum = this.#lengths.reduce((total, { count, mean }) => total + (count > 0 ? mean : Number.NaN), 0);
    return {
      id,
      frames: this.#frames,
      runs,
      feet: run => ({ times: run.times, left: foot('left', run), right: foot('right', run) }),
      angle: (name, coordinates, run) => unwrapped(read(`${name} ${coordinates}`, run)),
      height: sum / SHARE_OF_HEIGHT,
    };
  }
}

/** Without jumps from one end of the range to the other, which a filter would smooth into quick movements. */
function unwrapped(degrees: Float32Array): Float32Array {
  const unwrapper = new Unwrapper();
  return degrees.map(value => (Number.isNaN(value) ? value : unwrapper.next(value)) ?? Number.NaN);
}

/** Positions of heels and toes relative to the middle of the hips, by column. */
function* footValues(person: TablePerson, isSure: (id: number) => boolean): Generator<[at: number, value: number]> {
  const [leftHip, rightHip] = pairOf('hip').map(id => person.landmarks[id]);
  const middle = (of: 'xPx' | 'yPx' | 'worldX' | 'worldZ') =>
    ((leftHip?.[of] ?? Number.NaN) + (rightHip?.[of] ?? Number.NaN)) / 2;
  const hips = { x: middle('xPx'), y: middle('yPx'), spaceX: middle('worldX'), spaceZ: middle('worldZ') };
  for (const side of SIDES) {
    for (const part of FOOT_PARTS) {
      const id = LANDMARK_IDS[landmarkName(side, part)];
      const mark = person.landmarks[id];
      if (!mark || !isSure(id)) continue;
      const place = { x: mark.xPx, y: mark.yPx, spaceX: mark.worldX, spaceZ: mark.worldZ };
      for (const axis of FOOT_AXES) {
        const at = COLUMN_NUMBERS.get(`${side} ${part} ${axis}`);
        if (at !== undefined) yield [at, (place[axis] ?? Number.NaN) - hips[axis]];
      }
    }
  }
}

function lengthInSpace({ landmarks }: TablePerson, ids: readonly number[]): number {
  const [a, b] = ids.map(id => landmarks[id]);
  const off = (of: 'worldX' | 'worldY' | 'worldZ') => (a?.[of] ?? Number.NaN) - (b?.[of] ?? Number.NaN);
  return Math.hypot(off('worldX'), off('worldY'), off('worldZ'));
}
