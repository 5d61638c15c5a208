import { pictureSizeOf } from '../formats/picture-size.js';
import { poseOf } from '../formats/pose-of.js';
import { readLandmarks } from '../formats/read-landmarks.js';
import { LANDMARK_COUNT, LANDMARK_NAMES } from '../model/blazepose.js';
import { LANDMARK_IDS, LIMB_JOINTS } from '../model/body.js';
import type { Quality } from '../model/quality.js';
import { tableClock } from '../model/steady-clock.js';
import type { TableFrame, TablePerson } from '../model/table-frame.js';
import { ANGLE_NAMES, anglesOf } from '../signal/angles.js';
import { type ClockRun, processRuns, runsOf } from '../signal/clock-runs.js';
import { GrowingNumbers } from '../signal/growing-numbers.js';
import type { SeriesOptions } from '../signal/process-series.js';
import { QualitySums } from '../signal/quality.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { SpoolFile } from '../system/spool-file.js';
import { ColumnsOnDisk } from './columns.js';
import { ribbonOf } from './ribbon.js';
import { type Strip, stripOf } from './strip.js';
import { type Thinning, thinned, thinnedTimes, thinningOf } from './thinning.js';
import type { WhoIsThere } from './who-is-there.js';

/** What is shown of a person over time: joints in pixels, and joint angles in the picture. */
const SHOWN_JOINTS = LIMB_JOINTS.flatMap(id => LANDMARK_NAMES[id] ?? []);
const SHOWN_ANGLES = ANGLE_NAMES.filter(name => !name.endsWith('_segment'));
const ANGLE_PLACES = SHOWN_ANGLES.map(name => ANGLE_NAMES.indexOf(name));
const JOINT_IDS = SHOWN_JOINTS.map(name => LANDMARK_IDS[name]);
/** Numbers of a person in a frame: angles, the places of joints, visibilities. */
const FIRST_JOINT = SHOWN_ANGLES.length;
const FIRST_VISIBILITY = FIRST_JOINT + 2 * SHOWN_JOINTS.length;
const WIDTH = FIRST_VISIBILITY + LANDMARK_COUNT;
/** The curves beside the raw ones. */
const FILTER: SeriesOptions = {
  smoothing: { kind: 'butterworth', order: 4, cutoffHz: 6 },
  maxGap: 10,
  interpolation: 'linear',
};
const MOST_PEOPLE = 4;
/** Series between two collections of garbage: left alone, it would come to twice what is needed. */
const COLLECT_EVERY_SERIES = 4;
const HEAT_BINS = 600;
/** Of all curves in a page: with all else it stays below 8 MB. Twenty minutes of a person are shown frame by frame. */
const MOST_CURVE_BYTES = 6.5e6;
/** Raw and filtered, 16-bit integers in base64. */
const BYTES_PER_POINT = (2 * FIRST_VISIBILITY * Int16Array.BYTES_PER_ELEMENT * 4) / 3;
/** How a frame ended, as a digit in the report. */
const MISSING = 0;
const STATUS_CODES: Readonly<Record<string, number>> = { missing: MISSING, detected: 1, tracked: 2, filled: 3 };
const RETRIED = 4;
const SWAPPED = 5;

/** All that a page shows of a table. To be disposed of. */
export interface Collected extends Disposable {
  readonly frames: number;
  /** Frames of which a curve has two points, the lowest and the highest; 1: a point for each frame. */
  readonly framesPerBin: number;
  readonly strip: Strip;
  readonly people: readonly { readonly id: number; readonly frames: number }[];
  /** Of the whole table, where it was asked for. */
  readonly quality: Quality | undefined;
  /**
   * The same for the page, as pieces of JSON, made while they are read:
   * `frames`; `times` of the curves' points, seconds as 64-bit numbers in base64; `statuses`, a digit for each of the
   * ribbon's bins (a frame each, as long as there are few): 0 missing, 1 detected, 2 tracked, 3 filled, 4 found by a
   * retry, 5 left and right swapped;
   * `scores`, a byte for each bin, 0-255 for 0-1; and `people`, each with its id, `frames`,
   * `angles`: `{ name: [raw, filtered] }`, tenths of degrees as 16-bit integers in base64, -32768 where there is none,
   * `joints`: `{ name: [x raw, x filtered, y raw, y filtered] }`, eighths of pixels, the same,
   * and `heat`: the mean visibility of 33 landmarks (rows) in `heatBins` bins of time, a byte each.
   */
  json(): Generator<string>;
}

/** One person's numbers. */
interface Shown {
  readonly columns: ColumnsOnDisk;
  frames: number;
}

export interface CollectOptions {
  /** Frames in which left and right are swapped. */
  readonly swapped?: ReadonlySet<number>;
  /** Whether the table's quality is measured as well. */
  readonly withQuality?: boolean;
  /** Is told of each frame as well. */
  readonly who?: WhoIsThere;
}

/**
 * Reads a landmark file once; memory grows by 24 bytes a frame, the rest is on disk.
 * @param page beside which file it is kept on disk meanwhile
 * @throws BodyscriptError
 */
export async function collect(path: string, page: string, options: CollectOptions = {}): Promise<Collected> {
  const spool = new SpoolFile(page);
  try {
    const { swapped = new Set(), withQuality = false } = options;
    const table = new Table(await pictureSizeOf(path), swapped, spool, withQuality ? new QualitySums() : undefined);
    for await (const frame of readLandmarks(path)) {
      table.add(frame);
      options.who?.add(frame);
    }
    return table.collected();
  } catch (error) {
    spool[Symbol.dispose]();
    throw error;
  }
}

/** A table while it is read. */
class Table {
  readonly #display: Size;
  readonly #swapped: ReadonlySet<number>;
  readonly #spool: SpoolFile;
  readonly #quality: QualitySums | undefined;
  readonly #people = new Map<number, Shown>();
  readonly #times = new GrowingNumbers();
  readonly #statuses = new GrowingNumbers();
  readonly #scores = new GrowingNumbers();
  readonly #numbers = new Float64Array(WIDTH);

  constructor(display: Size, swapped: ReadonlySet<number>, spool: SpoolFile, quality: QualitySums | undefined) {
    this.#display = display;
    this.#swapped = swapped;
    this.#spool = spool;
    this.#quality = quality;
  }

  add(frame: TableFrame): void {
    const [first] = frame.people;
    this.#quality?.add(frame);
    for (const person of frame.people) this.#addPerson(person);
    this.#times.push(frame.timestamp);
    this.#statuses.push(first && this.#swapped.has(frame.frameId) ? SWAPPED : codeOf(first));
    this.#scores.push(Math.round(255 * (first?.score ?? 0)));
  }

  collected(): Collected {
    const [spool, times] = [this.#spool, this.#times.values];
    const [statuses, scores] = [this.#statuses.values, this.#scores.values];
    const known = [...this.#people].sort(([a], [b]) => a - b);
    const mostPoints = Math.floor(MOST_CURVE_BYTES / BYTES_PER_POINT / Math.max(1, known.length));
    const thinning = thinningOf(times.length, mostPoints);
    return {
      frames: times.length,
      framesPerBin: thinning.perBin,
      strip: stripOf(statuses, scores),
      people: known.map(([id, { frames }]) => ({ id, frames })),
      quality: this.#quality?.result(),
      *json() {
        const clock = tableClock();
        const shown = base64(
          thinnedTimes(
            times.map(time => clock.next(time)),
            thinning,
          ),
        );
        const ribbon = ribbonOf(statuses, scores);
        const facts = { frames: times.length, times: shown, statuses: ribbon.statuses };
        yield `${JSON.stringify({ ...facts, scores: base64(ribbon.scores) }).slice(0, -1)},"people":[`;
        const runs = runsOf(times);
        for (const [i, [id, person]] of known.entries()) {
          if (i > 0) yield ',';
          yield* personJson(id, person, runs, thinning);
        }
        yield ']}';
      },
      [Symbol.dispose]: () => spool[Symbol.dispose](),
    };
  }

  #addPerson(person: TablePerson): void {
    const known = this.#knownOf(person.personId);
    if (!known) return;
    known.frames++;
    putNumbers(person, this.#display, this.#numbers);
    known.columns.set(this.#times.length, this.#numbers);
  }

  /** Undefined where the page shows others. */
  #knownOf(id: number): Shown | undefined {
    if (!this.#people.has(id) && this.#people.size < MOST_PEOPLE)
      this.#people.set(id, { columns: new ColumnsOnDisk(WIDTH, this.#spool), frames: 0 });
    return this.#people.get(id);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function codeOf(person: TablePerson | undefined): number {
  if (!person) return MISSING;
  if (person.status !== 'filled' && person.strategy !== '' && person.strategy !== 'original') return RETRIED;
  return STATUS_CODES[person.status] ?? 1;
}

function putNumbers(person: TablePerson, display: Size, into: Float64Array): void {
  const angles = anglesOf(poseOf(person), display);
  for (const [i, place] of ANGLE_PLACES.entries()) into[i] = angles[place]?.degrees2d ?? Number.NaN;
  for (const [i, id] of JOINT_IDS.entries()) {
    const mark = person.landmarks[id];
    into[FIRST_JOINT + 2 * i] = mark?.xPx ?? Number.NaN;
    into[FIRST_JOINT + 2 * i + 1] = mark?.yPx ?? Number.NaN;
  }
  for (let id = 0; id < LANDMARK_COUNT; id++)
    into[FIRST_VISIBILITY + id] = person.landmarks[id]?.visibility ?? Number.NaN;
}

const TENTHS = 10;
const EIGHTHS = 8;

function* personJson(
  id: number,
  { columns, frames }: Shown,
  runs: readonly ClockRun[],
  thinning: Thinning,
): Generator<string> {
  const length = thinning.frames;
  const both = (column: number, scale: number): [string, string] => {
    if (column % COLLECT_EVERY_SERIES === 0) collectGarbage();
    const raw = columns.read(column, length);
    return [integers(thinned(raw, thinning), scale), integers(thinned(filtered(runs, raw), thinning), scale)];
  };
  const heatBins = Math.min(HEAT_BINS, length);
  const packed = base64(heat(columns, length, heatBins));
  yield `${JSON.stringify({ id, frames, heatBins, heat: packed }).slice(0, -1)},"angles":{`;
  for (const [i, name] of SHOWN_ANGLES.entries()) {
    yield `${i > 0 ? ',' : ''}"${name}":${JSON.stringify(both(i, TENTHS))}`;
  }
  yield '},"joints":{';
  for (const [i, name] of SHOWN_JOINTS.entries()) {
    const column = FIRST_JOINT + 2 * i;
    yield `${i > 0 ? ',' : ''}"${name}":${JSON.stringify([...both(column, EIGHTHS), ...both(column + 1, EIGHTHS)])}`;
  }
  yield '}}';
}

/** The raw values where they cannot be filtered: a rate below twice the cutoff. */
function filtered(runs: readonly ClockRun[], values: ArrayLike<number>): ArrayLike<number> {
  try {
    return processRuns(runs, values, FILTER);
  } catch {
    return values;
  }
}

function heat(columns: ColumnsOnDisk, frames: number, bins: number): Uint8Array {
  const result = new Uint8Array(LANDMARK_COUNT * bins);
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    const values = columns.read(FIRST_VISIBILITY + id, frames);
    for (let bin = 0; bin < bins; bin++) {
      const [from, to] = [Math.floor((bin * frames) / bins), Math.floor(((bin + 1) * frames) / bins)];
      const part = values.subarray(from, Math.max(from + 1, to));
      const mean = part.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0) / part.length;
      result[id * bins + bin] = Math.round(255 * mean);
    }
  }
  return result;
}

const NOTHING = -32768;

function integers(values: ArrayLike<number>, scale: number): string {
  const result = new Int16Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const value = values[i] ?? Number.NaN;
    result[i] = Number.isFinite(value) ? Math.max(-32767, Math.min(32767, Math.round(value * scale))) : NOTHING;
  }
  return base64(result);
}

function base64(values: Float64Array | Int16Array | Uint8Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}
