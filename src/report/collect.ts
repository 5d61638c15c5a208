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
import { type Bin, knownMeanOf, type Span, spanOf, timeBins } from './bins.js';
import { ColumnsOnDisk } from './columns.js';
import { type Strip, stripOf } from './strip.js';
import { type Thinning, thinned, thinnedTimes, thinningOf } from './thinning.js';

/** The plotted values of a person over time: joints in pixels, and 2D joint angles. */
const SHOWN_JOINTS = LIMB_JOINTS.flatMap(id => LANDMARK_NAMES[id] ?? []);
const SHOWN_ANGLES = ANGLE_NAMES.filter(name => !name.endsWith('_segment'));
const ANGLE_PLACES = SHOWN_ANGLES.map(name => ANGLE_NAMES.indexOf(name));
const JOINT_IDS = SHOWN_JOINTS.map(name => LANDMARK_IDS[name]);
/** Numbers of a person in a frame: angles, the places of joints, visibilities. */
const FIRST_JOINT = SHOWN_ANGLES.length;
const FIRST_VISIBILITY = FIRST_JOINT + 2 * SHOWN_JOINTS.length;
const WIDTH = FIRST_VISIBILITY + LANDMARK_COUNT;
/** The filter of the curves beside the raw ones. */
const FILTER: SeriesOptions = {
  smoothing: { kind: 'butterworth', order: 4, cutoffHz: 6 },
  maxGap: 10,
  interpolation: 'linear',
};
const MOST_PEOPLE = 4;
/** Series between two garbage collections: without them, memory would double. */
const COLLECT_EVERY_SERIES = 4;
const HEAT_BINS = 600;
/** Maximum bins in a row: more than most screens have pixels. */
const MOST_BINS = 2000;
/**
 * Maximum points of all curves in a page, which then stays below 8 MB. Twenty minutes of a person are shown frame by
 * frame.
 */
const MOST_CURVE_BYTES = 6.5e6;
/** Raw and filtered, 16-bit integers in base64. */
const BYTES_PER_POINT = (2 * FIRST_VISIBILITY * Int16Array.BYTES_PER_ELEMENT * 4) / 3;
/** Status of a frame, as a digit in the report. */
const MISSING = 0;
const STATUS_CODES: Readonly<Record<string, number>> = { missing: MISSING, detected: 1, tracked: 2, filled: 3 };
const RETRIED = 4;
const SWAPPED = 5;

/** The content of a page about a table. Dispose of it after use. */
export interface Collected extends Disposable {
  readonly frames: number;
  /** Number of frames for which a curve has two points, the lowest and the highest; 1: a point for each frame. */
  readonly framesPerBin: number;
  readonly strip: Strip;
  readonly span: Span;
  /** The frames in stretches of time, for rows of the page. */
  readonly bins: readonly Bin[];
  /** Mean score of the people in each of these, 0-1; NaN without a person. */
  readonly scores: readonly number[];
  readonly people: readonly { readonly id: number; readonly frames: number }[];
  /** Quality of the whole table, if requested. */
  readonly quality: Quality | undefined;
  /**
   * The same for the page, as pieces of JSON, made on reading:
   * `frames`; `times` of the curves' points, seconds as 64-bit numbers in base64; and `people`, each with its id,
   * `frames`,
   * `angles`: `{ name: [raw, filtered] }`, tenths of degrees as 16-bit integers in base64, -32768 if absent,
   * `joints`: `{ name: [x raw, x filtered, y raw, y filtered] }`, eighths of pixels, the same,
   * and `heat`: the mean visibility of 33 landmarks (rows) in `heatBins` stretches of time, a byte each: 1-255 for
   * 0-1, and 0 where the person is absent.
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
  /** Whether to measure the table's quality as well. */
  readonly withQuality?: boolean;
  /** They receive each frame as well. */
  readonly watching?: readonly { add(frame: TableFrame): void }[];
}

/**
 * Reads a landmark file once; memory grows by 40 bytes per frame, and the rest is on disk. @param page the temporary
 * file goes beside it @throws BodyscriptError
 */
export async function collect(path: string, page: string, options: CollectOptions = {}): Promise<Collected> {
  const spool = new SpoolFile(page);
  try {
    const { swapped = new Set(), withQuality = false } = options;
    const table = new Table(await pictureSizeOf(path), swapped, spool, withQuality ? new QualitySums() : undefined);
    for await (const frame of readLandmarks(path)) {
      table.add(frame);
      for (const one of options.watching ?? []) one.add(frame);
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
  readonly #meanScores = new GrowingNumbers();
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
    this.#meanScores.push(meanScoreOf(frame.people));
  }

  collected(): Collected {
    const spool = this.#spool;
    const clock = tableClock();
    const recorded = this.#times.values;
    const times = recorded.map(time => clock.next(time));
    const known = [...this.#people].sort(([a], [b]) => a - b);
    const mostPoints = Math.floor(MOST_CURVE_BYTES / BYTES_PER_POINT / Math.max(1, known.length));
    const thinning = thinningOf(times.length, mostPoints);
    const bins = timeBins(times, MOST_BINS);
    return {
      frames: times.length,
      framesPerBin: thinning.perBin,
      strip: stripOf(this.#statuses.values, this.#scores.values),
      span: spanOf(times),
      bins,
      scores: bins.map(([from, to]) => knownMeanOf(this.#meanScores.values.subarray(from, to))),
      people: known.map(([id, { frames }]) => ({ id, frames })),
      quality: this.#quality?.result(),
      *json() {
        const facts = { frames: times.length, times: base64(thinnedTimes(times, thinning)) };
        yield `${JSON.stringify(facts).slice(0, -1)},"people":[`;
        const [runs, heatBins] = [runsOf(recorded), timeBins(times, HEAT_BINS)];
        for (const [i, [id, person]] of known.entries()) {
          if (i > 0) yield ',';
          yield* personJson(id, person, { runs, thinning, heatBins });
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

  /** Undefined if the page does not show this person. */
  #knownOf(id: number): Shown | undefined {
    if (!this.#people.has(id) && this.#people.size < MOST_PEOPLE)
      this.#people.set(id, { columns: new ColumnsOnDisk(WIDTH, this.#spool), frames: 0 });
    return this.#people.get(id);
  }
}

function meanScoreOf(people: readonly TablePerson[]): number {
  return knownMeanOf(people.map(({ score }) => score ?? Number.NaN));
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

/** The frames' positions in time, for the curves and the heat map. */
interface Timing {
  readonly runs: readonly ClockRun[];
  readonly thinning: Thinning;
  readonly heatBins: readonly Bin[];
}

function* personJson(id: number, { columns, frames }: Shown, { runs, thinning, heatBins }: Timing): Generator<string> {
  const length = thinning.frames;
  const both = (column: number, scale: number): [string, string] => {
    if (column % COLLECT_EVERY_SERIES === 0) collectGarbage();
    const raw = columns.read(column, length);
    return [integers(thinned(raw, thinning), scale), integers(thinned(filtered(runs, raw), thinning), scale)];
  };
  const packed = base64(heat(columns, length, heatBins));
  yield `${JSON.stringify({ id, frames, heatBins: heatBins.length, heat: packed }).slice(0, -1)},"angles":{`;
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

/** Returns the raw values if they cannot be filtered, since the rate is below twice the cutoff. */
function filtered(runs: readonly ClockRun[], values: ArrayLike<number>): ArrayLike<number> {
  try {
    return processRuns(runs, values, FILTER);
  } catch {
    return values;
  }
}

/** Rows of landmarks: 0 where the person is absent, else 1-255 for the mean visibility of 0-1. */
function heat(columns: ColumnsOnDisk, frames: number, bins: readonly Bin[]): Uint8Array {
  const result = new Uint8Array(LANDMARK_COUNT * bins.length);
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    const values = columns.read(FIRST_VISIBILITY + id, frames);
    for (const [bin, [from, to]] of bins.entries()) {
      const mean = knownMeanOf(values.subarray(from, to));
      result[id * bins.length + bin] = Number.isNaN(mean) ? 0 : 1 + Math.round(254 * mean);
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
