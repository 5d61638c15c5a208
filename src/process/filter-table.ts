import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { Landmark, Pose, WorldLandmark } from '../model/pose.js';
import { type FrameResult, type PersonResult, statusOf } from '../model/result.js';
import { outliers } from '../signal/filters/hampel.js';
import { processSeries, type SeriesOptions } from '../signal/process-series.js';
import { csvFormat } from '../sinks/csv-rows.js';
import { claimOutputs, type Writing } from '../system/claim-outputs.js';
import { openOutput } from '../system/growing-output.js';
import type { GrowingOutput } from '../system/whole-file.js';
import type { TableFrame, TablePerson } from '../tables/landmark-frame.js';
import { pictureSizeOf } from '../tables/picture-size.js';
import { readLandmarks } from '../tables/read-landmarks.js';
import { motionFormat } from './motion-format.js';
import { CHANNELS, readTracks, type Track, type Tracks } from './tracks.js';

export interface FilterOptions extends SeriesOptions {
  /** Whether single leaps are taken for errors, and filled like gaps. */
  readonly rejectOutliers: boolean;
}

/** What a filtering did. */
export interface Filtered {
  readonly frames: number;
  /** Poses that were put into gaps. */
  readonly filled: number;
  /** Landmarks that were taken for errors. */
  readonly rejected: number;
}

/** Hampel's window to either side, in frames, and its limit. */
const OUTLIER_HALF_WINDOW = 3;
const OUTLIER_SIGMAS = 4;
/** Leaps below are none: a hundredth of the picture, 3 cm. */
const LEAST_LEAP = { picture: 0.01, space: 0.03 } as const;
const PICTURE = [0, 1, 2] as const;
const SPACE = [3, 4, 5] as const;
const CONFIDENCE = 6;

/**
 * Fills, cleans and smooths the landmarks of a file into another one; the first stays as it is. Poses that were put into gaps have the status `filled`.
 * A landmark that was put in is as sure as the less sure one of its neighbours in time.
 * @param input any landmark file @param output a long CSV @param motion velocities and accelerations as well, into this file
 * @throws BodyscriptError `TABLE_INVALID`, `INPUT_MISSING`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`; RangeError for a cutoff that cannot be
 */
export async function filterTable(
  input: string,
  output: string,
  options: FilterOptions,
  motion?: string,
  writing: Writing = {},
): Promise<Filtered> {
  const outputs = motion === undefined ? [output] : [output, motion];
  await using _claim = await claimOutputs({ ...writing, outputs, inputs: [input] });
  const tracks = await readTracks(readLandmarks(input));
  let rejected = 0;
  for (const track of tracks.people.values()) {
    writing.signal?.throwIfAborted();
    rejected += filterTrack(track, tracks.times, options);
  }
  const display = await pictureSizeOf(input);
  const table = await openOutput(output);
  let moving: GrowingOutput | undefined;
  try {
    moving = motion === undefined ? undefined : await openOutput(motion);
    const format = csvFormat('long', display);
    const motions = moving && motionFormat(tracks, display);
    await table.append(format.head);
    if (motions) await moving?.append(motions.head);
    let [frames, filled] = [0, 0];
    for await (const frame of readLandmarks(input)) {
      writing.signal?.throwIfAborted();
      const result = resultOf(frame, frames, tracks);
      filled += result.people.filter(({ status }) => status === 'filled').length;
      await table.append(format.lines(result));
      if (motions) await moving?.append(motions.lines(result, frames));
      frames++;
    }
    for (const file of [table, moving]) await file?.close();
    for (const file of [table, moving]) await file?.publish();
    return { frames, filled, rejected };
  } catch (error) {
    for (const file of [table, moving]) await file?.remove().catch(() => {}); // The first failure is what counts.
    throw error;
  }
}

/** @returns how many landmarks were taken for errors */
function filterTrack(track: Track, times: readonly number[], options: FilterOptions): number {
  let rejected = 0;
  for (const id of LANDMARK_NAMES.keys()) {
    for (const [channels, least] of [
      [PICTURE, LEAST_LEAP.picture],
      [SPACE, LEAST_LEAP.space],
    ] as const) {
      const series = channels.map(channel => track.read(id, channel, times.length));
      if (options.rejectOutliers) rejected += reject(series, least);
      if (channels === PICTURE) track.write(id, CONFIDENCE, confidences(track, id, series[0] as number[]));
      for (const [i, channel] of channels.entries()) {
        track.write(id, channel, processSeries(times, series[i] as number[], options));
      }
    }
  }
  return rejected;
}

/** A landmark's confidence over time, where it has no place the lower one of both neighbours that have. @param places NaN where there is none */
function confidences(track: Track, id: number, places: readonly number[]): number[] {
  const told = track.read(id, CONFIDENCE, places.length);
  const isThere = (frame: number) => Number.isFinite(places[frame]);
  let before = Number.NaN;
  let gap = 0;
  for (const frame of told.keys()) {
    if (!isThere(frame)) {
      gap++;
      continue;
    }
    if (gap > 0) told.fill(Math.min(before, told[frame] as number), frame - gap, frame);
    gap = 0;
    before = told[frame] as number;
  }
  return told.fill(Number.NaN, told.length - gap);
}

/** A landmark that leaps in one direction is wrong in all; depth leaps by itself and decides nothing. */
function reject(series: readonly number[][], least: number): number {
  const [x = [], y = []] = series.map(values => outliers(values, OUTLIER_HALF_WINDOW, OUTLIER_SIGMAS, least));
  const wrong = x.flatMap((is, frame) => (is || y[frame] ? [frame] : []));
  for (const values of series) for (const frame of wrong) values[frame] = Number.NaN;
  return wrong.length;
}

function resultOf({ frameId, timestamp, people }: TableFrame, index: number, tracks: Tracks): FrameResult {
  const found = [...tracks.people]
    .sort(([a], [b]) => a - b)
    .flatMap(([personId, track]) => {
      const person = people.find(other => other.personId === personId);
      const pose = poseOf(track, index, person);
      return pose === undefined ? [] : [personOf(personId, person, pose)];
    });
  return { frameId, timestamp, status: statusOf(found), people: found };
}

function personOf(personId: number, person: TablePerson | undefined, pose: Pose): PersonResult {
  const status = (person?.status || 'filled') as PersonResult['status'];
  return { personId, pose, status, strategy: person?.strategy ?? 'filled', score: person?.score ?? 0 };
}

/** Undefined where no landmark has a place. */
function poseOf(track: Track, frame: number, person: TablePerson | undefined): Pose | undefined {
  const at = (id: number, channel: number) => track.get(frame, id, channel);
  const landmarks: Landmark[] = [];
  const worldLandmarks: WorldLandmark[] = [];
  for (const id of LANDMARK_NAMES.keys()) {
    const [x, y, z, wx, wy, wz, sure] = CHANNELS.map((_, channel) => at(id, channel)) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const visibility = person?.landmarks[id]?.visibility ?? 0;
    const confidence = Number.isFinite(sure) ? sure : undefined;
    if (Number.isFinite(x) && Number.isFinite(y)) landmarks[id] = { x, y, z, visibility, confidence };
    if (Number.isFinite(wx) && Number.isFinite(wy)) worldLandmarks[id] = { x: wx, y: wy, z: wz };
  }
  return landmarks.length === 0 ? undefined : { landmarks, worldLandmarks };
}
