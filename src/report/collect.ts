import { pictureSizeOf } from '../formats/picture-size.js';
import { poseOf } from '../formats/pose-of.js';
import { readLandmarks } from '../formats/read-landmarks.js';
import { LANDMARK_COUNT, LANDMARK_NAMES } from '../model/blazepose.js';
import { LANDMARK_IDS, LIMB_JOINTS } from '../model/body.js';
import { tableClock } from '../model/steady-clock.js';
import type { TablePerson } from '../model/table-frame.js';
import { ANGLE_NAMES, anglesOf } from '../signal/angles.js';
import { type ClockRun, processRuns, runsOf } from '../signal/clock-runs.js';
import type { SeriesOptions } from '../signal/process-series.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { Columns } from './columns.js';
import { type Strip, stripOf } from './strip.js';

/** What is shown of a person over time: joints in pixels, and joint angles in the picture. */
const SHOWN_JOINTS = LIMB_JOINTS.flatMap(id => LANDMARK_NAMES[id] ?? []);
const SHOWN_ANGLES = ANGLE_NAMES.filter(name => !name.endsWith('_segment'));
/** The curves beside the raw ones. */
const FILTER: SeriesOptions = {
  smoothing: { kind: 'butterworth', order: 4, cutoffHz: 6 },
  maxGap: 10,
  interpolation: 'linear',
};
const MOST_PEOPLE = 4;
/** Frames and series between two collections of garbage: left alone, it would come to twice what is needed. */
const COLLECT_EVERY = 500;
const COLLECT_EVERY_SERIES = 2;
const HEAT_BINS = 600;
/** How a frame ended, as a digit in the report. */
const MISSING = 0;
const STATUS_CODES: Readonly<Record<string, number>> = { missing: MISSING, detected: 1, tracked: 2, filled: 3 };
const RETRIED = 4;
const SWAPPED = 5;

/** All that a page shows of a table. */
export interface Collected {
  readonly frames: number;
  readonly strip: Strip;
  readonly people: readonly { readonly id: number; readonly frames: number }[];
  /**
   * The same for the page, as pieces of JSON, made while they are read:
   * `frames`; `times`, seconds as 64-bit numbers in base64; `statuses`, a digit for each frame: 0 missing, 1 detected,
   * 2 tracked, 3 filled, 4 found by a retry, 5 left and right swapped;
   * `scores`, a byte for each frame, 0-255 for 0-1; and `people`, each with its id, `frames`,
   * `angles`: `{ name: [raw, filtered] }`, tenths of degrees as 16-bit integers in base64, -32768 where there is none,
   * `joints`: `{ name: [x raw, x filtered, y raw, y filtered] }`, eighths of pixels, the same,
   * and `heat`: the mean visibility of 33 landmarks (rows) in `heatBins` bins of time, a byte each.
   */
  json(): Generator<string>;
}

/** One person's columns while the table is read. */
class PersonColumns {
  readonly series = new Columns(SHOWN_ANGLES.length + SHOWN_JOINTS.length * 2);
  readonly visibility = new Columns(LANDMARK_COUNT);
  frames = 0;
}

/**
 * Reads a landmark file once; memory grows by 260 bytes a frame and person.
 * @param swapped frames in which left and right are swapped
 */
export async function collect(path: string, swapped: ReadonlySet<number> = new Set()): Promise<Collected> {
  const display = await pictureSizeOf(path);
  const people = new Map<number, PersonColumns>();
  const times: number[] = [];
  let statuses = '';
  const scores: number[] = [];
  for await (const { frameId, timestamp, people: found } of readLandmarks(path)) {
    for (const person of found) {
      const known = knownOf(people, person.personId);
      if (known) add(known, person, times.length, display);
    }
    if (times.length % COLLECT_EVERY === 0) collectGarbage();
    times.push(timestamp);
    statuses += String(found[0] && swapped.has(frameId) ? SWAPPED : codeOf(found[0]));
    scores.push(Math.round(255 * (found[0]?.score ?? 0)));
  }
  const known = [...people].sort(([a], [b]) => a - b);
  return {
    frames: times.length,
    strip: stripOf(statuses, scores),
    people: known.map(([id, { frames }]) => ({ id, frames })),
    *json() {
      const clock = tableClock();
      const shown = base64(Float64Array.from(times, time => clock.next(time)));
      const facts = { frames: times.length, times: shown, statuses };
      yield `${JSON.stringify({ ...facts, scores: base64(Uint8Array.from(scores)) }).slice(0, -1)},"people":[`;
      const runs = runsOf(times);
      for (const [i, [id, person]] of known.entries()) {
        if (i > 0) yield ',';
        yield* personJson(id, person, runs);
      }
      yield ']}';
    },
  };
}

/** A person's columns; undefined where the page shows others. */
function knownOf(people: Map<number, PersonColumns>, id: number): PersonColumns | undefined {
  if (!people.has(id) && people.size < MOST_PEOPLE) people.set(id, new PersonColumns());
  return people.get(id);
}

function codeOf(person: TablePerson | undefined): number {
  if (!person) return MISSING;
  if (person.status !== 'filled' && person.strategy !== '' && person.strategy !== 'original') return RETRIED;
  return STATUS_CODES[person.status] ?? 1;
}

function add(
  known: PersonColumns,
  person: TablePerson,
  frame: number,
  display: { width: number; height: number },
): void {
  known.frames++;
  const angles = anglesOf(poseOf(person), display);
  const values = [
    ...SHOWN_ANGLES.map(name => angles.find(angle => angle.name === name)?.degrees2d),
    ...SHOWN_JOINTS.flatMap(name => {
      const mark = person.landmarks[LANDMARK_IDS[name]];
      return [mark?.xPx, mark?.yPx];
    }),
  ];
  known.series.set(frame, values);
  known.visibility.set(
    frame,
    LANDMARK_NAMES.map((_, id) => person.landmarks[id]?.visibility),
  );
}

const TENTHS = 10;
const EIGHTHS = 8;

function* personJson(
  id: number,
  { series, visibility, frames }: PersonColumns,
  runs: readonly ClockRun[],
): Generator<string> {
  const length = runs.at(-1)?.to ?? 0;
  const both = (column: number, scale: number): [string, string] => {
    if (column % COLLECT_EVERY_SERIES === 0) collectGarbage();
    const raw = series.read(column, length);
    return [integers(raw, scale), integers(filtered(runs, raw), scale)];
  };
  const heatBins = Math.min(HEAT_BINS, length);
  const packed = base64(heat(visibility, length, heatBins));
  yield `${JSON.stringify({ id, frames, heatBins, heat: packed }).slice(0, -1)},"angles":{`;
  for (const [i, name] of SHOWN_ANGLES.entries()) {
    yield `${i > 0 ? ',' : ''}"${name}":${JSON.stringify(both(i, TENTHS))}`;
  }
  yield '},"joints":{';
  for (const [i, name] of SHOWN_JOINTS.entries()) {
    const column = SHOWN_ANGLES.length + 2 * i;
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

function heat(visibility: Columns, frames: number, bins: number): Uint8Array {
  const result = new Uint8Array(LANDMARK_COUNT * bins);
  for (let id = 0; id < LANDMARK_COUNT; id++) {
    const values = visibility.read(id, frames);
    for (let bin = 0; bin < bins; bin++) {
      const [from, to] = [Math.floor((bin * frames) / bins), Math.floor(((bin + 1) * frames) / bins)];
      const part = values.slice(from, Math.max(from + 1, to));
      const mean = part.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0) / part.length;
      result[id * bins + bin] = Math.round(255 * mean);
    }
  }
  return result;
}

const NOTHING = -32768;

function integers(values: ArrayLike<number>, scale: number): string {
  return base64(
    Int16Array.from(values, value =>
      Number.isFinite(value) ? Math.max(-32767, Math.min(32767, Math.round(value * scale))) : NOTHING,
    ),
  );
}

function base64(values: Float64Array | Int16Array | Uint8Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}
