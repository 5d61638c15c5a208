import { existsSync } from 'node:fs';
import { BodyscriptError } from '../errors.js';
import { checkTable } from '../formats/check-table.js';
import { type CsvDialect, toEuropean } from '../formats/csv-dialect.js';
import { csvFormat } from '../formats/csv-writer.js';
import { filterNote, filterNotePath, readFilterNote } from '../formats/filter-note.js';
import { readLandmarks } from '../formats/read-landmarks.js';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { describeLeaps, tableClock } from '../model/steady-clock.js';
import { type ClockRun, processRuns, runsOf } from '../signal/clock-runs.js';
import { outliers } from '../signal/filters/hampel.js';
import type { SeriesOptions } from '../signal/process-series.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../system/claim-outputs.js';
import { collectGarbage } from '../system/collect-garbage.js';
import { isDevice } from '../system/device-output.js';
import { openOutput } from '../system/growing-output.js';
import { readStart } from '../system/own-file.js';
import { type GrowingOutput, publish, writePartial } from '../system/whole-file.js';
import { motionHead } from './motion-format.js';
import { Tracks } from './tracks.js';
import { writeTables } from './write-filtered.js';

export interface FilterOptions extends SeriesOptions {
  /** Whether single jumps count as errors, and are filled like gaps. */
  readonly rejectOutliers: boolean;
  /** Dialect of the written files; undefined: plain. */
  readonly csvDialect?: CsvDialect | undefined;
}

/** The results of a filtering. */
export interface Filtered {
  readonly frames: number;
  /** Number of poses filled into gaps. */
  readonly filled: number;
  /** Number of landmarks rejected as errors. */
  readonly rejected: number;
  /** Jumps of the table's clock in words; undefined if none exist. */
  readonly leaps: string | undefined;
}

/** Hampel's window on either side, in frames, and its limit. */
const OUTLIER_HALF_WINDOW = 3;
const OUTLIER_SIGMAS = 4;
/** Smaller jumps do not count: a hundredth of the picture, 3 cm. */
const LEAST_LEAP = { picture: 0.01, space: 0.03 } as const;
const PICTURE = [0, 1, 2] as const;
const SPACE = [3, 4, 5] as const;
const CONFIDENCE = 6;
/**
 * From this many frames on, every few series leave megabytes behind: uncollected, they would exceed everything else.
 */
const COLLECT_FROM = 20_000;

/**
 * Fills, cleans and smooths the landmarks of a file into another one; the source is unchanged. Poses filled into gaps
 * have the status `filled`. A filled landmark has the lower confidence of its two neighbours in time.
 * @param input any landmark file
 * @param output a long CSV; a note on the filtering is written beside it, as `NAME.filter.json`
 * @param motion also writes velocities and accelerations to this file
 * @throws BodyscriptError `TABLE_INVALID`, `INPUT_MISSING`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`;
 * CutoffError for an impossible cutoff
 */
export async function filterTable(
  input: string,
  output: string,
  options: FilterOptions,
  motion?: string,
  writing: Writing = {},
): Promise<Filtered> {
  const note = (await isDevice(output)) ? undefined : filterNotePath(output);
  const outputs = [output, motion, note].filter(path => path !== undefined);
  await checkTable(input); // A wrong path should leave no files.
  const isOwn = async (path: string) => {
    if (path === motion) return beginsWithOne(path, motionHead());
    if (path === note) return (await readFilterNote(path)) !== undefined;
    return writing.replaceOwn === true && (await isFiltered(path));
  };
  await using _claim = await claimOutputs({ ...writing, outputs, inputs: [input], isOwn, unwritable: NAME_ANOTHER });
  using tracks = await Tracks.read(readLandmarks(input), output);
  let rejected = 0;
  try {
    for (const person of tracks.people) {
      writing.signal?.throwIfAborted();
      rejected += filterPerson(tracks, person, options);
    }
  } catch (cause) {
    if (!(cause instanceof BodyscriptError && cause.code === 'TABLE_INVALID')) throw cause;
    throw new BodyscriptError(cause.code, `${input}: ${cause.message}`, { cause, remedy: cause.remedy ?? '' });
  }
  const table = await openOutput(output);
  let moving: GrowingOutput | undefined;
  try {
    moving = motion === undefined ? undefined : await openOutput(motion);
    const filled = await writeTables(tracks, table, moving, options.csvDialect, writing.signal);
    for (const file of [table, moving]) await file?.close();
    for (const file of [table, moving]) await file?.publish();
    const { frames } = tracks;
    if (note !== undefined)
      await writeNote(note, await filterNote(input, output, { options, frames, filled, rejected }));
    return { frames, filled, rejected, leaps: leapsOf(tracks) };
  } catch (error) {
    for (const file of [table, moving]) await file?.remove().catch(() => {}); // Only the first failure counts.
    throw error;
  }
}

async function writeNote(path: string, content: string): Promise<void> {
  await writePartial(path, content);
  await publish(path);
}

function leapsOf(tracks: Tracks): string | undefined {
  const clock = tableClock();
  for (const [i, time] of tracks.times.entries()) clock.next(time, tracks.frameId(i));
  return describeLeaps(clock);
}

/** A table written by this command, not one that another video's analysis left with the same name beside its record. */
async function isFiltered(path: string): Promise<boolean> {
  if (existsSync(path.replace(/\.csv$/, '.run.json'))) return false;
  return beginsWithOne(path, csvFormat('long').head);
}

/** Whether a file begins with a line, in any dialect. */
async function beginsWithOne(path: string, head: string): Promise<boolean> {
  const start = await readStart(path, Buffer.byteLength(head));
  return start === head || start === toEuropean(head);
}

/** @returns number of landmarks rejected as errors */
function filterPerson(tracks: Tracks, person: number, options: FilterOptions): number {
  let rejected = 0;
  const [from, to] = tracks.span(person);
  const runs = runsOf(tracks.times.subarray(from, to));
  for (const id of LANDMARK_NAMES.keys()) {
    const series = tracks.read(person, id, [from, to]);
    for (const [channels, least] of [
      [PICTURE, LEAST_LEAP.picture],
      [SPACE, LEAST_LEAP.space],
    ] as const) {
      const places = channels.map(channel => series[channel]!);
      if (options.rejectOutliers) rejected += rejectInRuns(places, runs, least);
      if (channels === PICTURE) fillConfidences(series[CONFIDENCE]!, places[0]!);
      for (const values of places) values.set(processRuns(runs, values, options));
    }
    tracks.write(person, id, [from, to], series);
    if (to - from > COLLECT_FROM) collectGarbage();
  }
  return rejected;
}

/** A jump of the clock is not a jump of a landmark. */
function rejectInRuns(series: readonly Float32Array[], runs: readonly ClockRun[], least: number): number {
  const partsOf = ({ from, to }: ClockRun) => series.map(values => values.subarray(from, to));
  return runs.reduce((count, run) => count + reject(partsOf(run), least), 0);
}

/**
 * Gives a landmark without a position the lower confidence of its neighbours in time.
 * @param places NaN if absent
 */
function fillConfidences(confidences: Float32Array, places: Float32Array): void {
  let before = Number.NaN;
  let gap = 0;
  for (let frame = 0; frame < confidences.length; frame++) {
    if (!Number.isFinite(places[frame])) {
      gap++;
      continue;
    }
    if (gap > 0) confidences.fill(Math.min(before, confidences[frame]!), frame - gap, frame);
    gap = 0;
    before = confidences[frame]!;
  }
  confidences.fill(Number.NaN, confidences.length - gap);
}

/** A landmark that jumps in one direction is wrong in all; depth jumps independently and decides nothing. */
function reject(series: readonly Float32Array[], least: number): number {
  const [x = [], y = []] = series
    .slice(0, 2)
    .map(values => outliers(values, OUTLIER_HALF_WINDOW, OUTLIER_SIGMAS, least));
  let count = 0;
  for (let frame = 0; frame < x.length; frame++) {
    if (!x[frame] && !y[frame]) continue;
    for (const values of series) values[frame] = Number.NaN;
    count++;
  }
  return count;
}
