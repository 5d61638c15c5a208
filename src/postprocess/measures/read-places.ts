import { sureness } from '../../formats/pose-of.js';
import { readLandmarks } from '../../formats/read-landmarks.js';
import type { LandmarkName } from '../../model/blazepose.js';
import { LANDMARK_IDS, pairOf } from '../../model/body.js';
import { pictureSize } from '../../model/picture-size.js';
import { describeLeaps, tableClock } from '../../model/steady-clock.js';
import type { TableLandmark, TablePerson } from '../../model/table-frame.js';
import { middleOfHips } from '../../model/torso.js';
import { BodyHeight } from '../../signal/body-height.js';
import { type ClockRun, runsOf } from '../../signal/clock-runs.js';
import { apparentSize } from '../../signal/measures/apparent-size.js';
import type { GroundAxes } from '../../signal/measures/ground-axes.js';
import { collectGarbage } from '../../system/collect-garbage.js';

/** Positions by frame, in pixels along the ground and up from it; NaN if absent. */
export interface Places {
  readonly along: number[];
  readonly up: number[];
}

/** The values to read from a table. */
export interface PlaceOptions {
  readonly axes: GroundAxes;
  readonly joints: readonly LandmarkName[];
  /** Two joints whose distance to measure. */
  readonly between: readonly [LandmarkName, LandmarkName] | undefined;
  /** Joints of lower confidence count as unseen, 0-1. */
  readonly minConfidence: number;
}

/** The content of a table. */
export interface TablePlaces {
  /** Seconds by frame. */
  readonly times: readonly number[];
  /** Frames between two jumps of the clock. */
  readonly runs: readonly ClockRun[];
  readonly people: readonly PersonPlaces[];
  /** Size of the displayed picture, in pixels; undefined if the table contains no people. */
  readonly picture: { readonly width: number; readonly height: number } | undefined;
  /** Jumps of the table's clock in words; undefined if none exist. */
  readonly leaps: string | undefined;
}

const COLLECT_EVERY = 500;
const FEET = (['heel', 'foot_index'] as const).flatMap(pairOf);

/**
 * Reads a landmark file once; memory grows by some 50 bytes per frame and person, and 16 for each joint.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function readPlaces(path: string, options: PlaceOptions, signal?: AbortSignal): Promise<TablePlaces> {
  const people = new Map<number, PersonPlaces>();
  const times: number[] = [];
  const clock = tableClock();
  let picture: TablePlaces['picture'];
  for await (const { frameId, timestamp, people: found } of readLandmarks(path)) {
    signal?.throwIfAborted();
    for (const person of found) {
      picture ??= pictureSize(person);
      const known = people.get(person.personId) ?? new PersonPlaces(person.personId, times.length, options);
      people.set(person.personId, known);
      known.add(person, times.length);
    }
    clock.next(timestamp, frameId);
    times.push(timestamp);
    if (times.length % COLLECT_EVERY === 0) collectGarbage();
  }
  const sorted = [...people.values()].sort((a, b) => a.id - b.id);
  return { times, runs: runsOf(times), people: sorted, picture, leaps: describeLeaps(clock) };
}

/** One person of a table: positions of the measured points in each frame, from the person's first one on. */
export class PersonPlaces {
  readonly id: number;
  /** Index of the first frame with the person. */
  readonly first: number;
  readonly height = new BodyHeight();
  readonly hips: Places = { along: [], up: [] };
  /** The lowest point of both feet, in pixels up. */
  readonly feet: number[] = [];
  /** Pixels per metre of the networks. */
  readonly sizes: number[] = [];
  readonly joints: readonly Places[];
  /** Position of the second joint relative to the first. */
  readonly between: Places = { along: [], up: [] };
  readonly #options: PlaceOptions;

  constructor(id: number, first: number, options: PlaceOptions) {
    this.id = id;
    this.first = first;
    this.joints = options.joints.map(() => ({ along: [], up: [] }));
    this.#options = options;
  }

  /** Frames from the first to the last one with the person. */
  get frames(): number {
    return this.sizes.length;
  }

  /** @param frame its index in the table */
  add(person: TablePerson, frame: number): void {
    const { axes, joints, between, minConfidence } = this.#options;
    const at = frame - this.first;
    const marks = person.landmarks.map(mark => sureMark(person, mark, minConfidence));
    const place = (id: number) => ({ x: marks[id]?.xPx ?? Number.NaN, y: marks[id]?.yPx ?? Number.NaN });
    const put = (places: Places, { x, y }: { readonly x: number; readonly y: number }) => {
      set(places.along, at, axes.along(x, y));
      set(places.up, at, axes.up(x, y));
    };
    this.height.add(marks.map((_, id) => place(id)));
    put(this.hips, middleOfHips(place));
    set(this.feet, at, Math.min(...FEET.map(place).map(({ x, y }) => axes.up(x, y))));
    set(this.sizes, at, apparentSize(marks));
    for (const [i, name] of joints.entries()) put(this.joints[i] as Places, place(LANDMARK_IDS[name]));
    if (!between) return;
    const [from, to] = between.map(name => place(LANDMARK_IDS[name])) as [Place, Place];
    put(this.between, { x: to.x - from.x, y: to.y - from.y });
  }
}

type Place = ReturnType<typeof middleOfHips>;

/** Frames without the person, before one with, have no value. */
function set(values: number[], at: number, value: number): void {
  while (values.length < at) values.push(Number.NaN);
  values[at] = value;
}

function sureMark(person: TablePerson, mark: TableLandmark, minConfidence: number) {
  const isSure = sureness(person, mark) >= minConfidence;
  const known = (value: number | undefined) => (isSure ? (value ?? Number.NaN) : Number.NaN);
  return {
    xPx: known(mark.xPx),
    yPx: known(mark.yPx),
    worldX: known(mark.worldX),
    worldY: known(mark.worldY),
    worldZ: known(mark.worldZ),
  };
}
