import { stringify } from 'csv-stringify/sync';
import { DECIMALS } from '../formats/csv-writer.js';
import { frameCells, LONGEST_NAME, NAME_CELLS } from '../formats/long-rows.js';
import { COMMA, NEWLINE, RowBytes } from '../formats/row-bytes.js';
import { LANDMARK_COUNT } from '../model/blazepose.js';
import { aroundInRun } from '../signal/clock-runs.js';
import { putDerivative } from '../signal/derivative.js';
import type { Tracks } from './tracks.js';

/** Velocities per second and accelerations per second squared, in pixels and in metres. */
const MOTION_COLUMNS = [
  'frame_id',
  'timestamp',
  'person_id',
  'landmark_id',
  'landmark_name',
  'vx_px',
  'vy_px',
  'ax_px',
  'ay_px',
  'world_vx',
  'world_vy',
  'world_vz',
  'world_ax',
  'world_ay',
  'world_az',
] as const;

/** Frames on either side that a second derivative needs. */
const REACH = 2;
/** Channels of a track: x, y, then the three in space. */
const MOVING = [0, 1, 3, 4, 5] as const;

/** The table's first line. */
export function motionHead(): string {
  return stringify([[...MOTION_COLUMNS]]);
}

/** Orders of derivatives by channels, in the order of the columns: first those in pixels, then those in space. */
const CELLS = [
  { channels: [0, 1], decimals: DECIMALS.pixels },
  { channels: [2, 3, 4], decimals: DECIMALS.score },
].flatMap(({ channels, decimals }) =>
  [0, 1].flatMap(order => channels.map(channel => ({ at: 2 * channel + order, decimals }))),
);

/** Velocities and accelerations of landmarks, by differences over neighbouring frames at their own times. */
export class MotionRows {
  readonly #tracks: Tracks;
  readonly #rows: RowBytes;
  readonly #scale: readonly number[];
  /** Velocity and acceleration by channel, of one landmark. */
  readonly #rates = new Float64Array(2 * MOVING.length);
  readonly #values = new Float64Array(2 * REACH + 1);
  readonly #first = new Float64Array(2 * REACH + 1);
  readonly #second = new Float64Array(2 * REACH + 1);

  /** @param size initial capacity in bytes */
  constructor(tracks: Tracks, size: number) {
    const { width, height } = tracks.display;
    this.#tracks = tracks;
    this.#rows = new RowBytes(size);
    this.#scale = [width, height, 1, 1, 1];
  }

  get length(): number {
    return this.#rows.length;
  }

  /** All rows since the last call. Valid until the next row. */
  take(): Uint8Array {
    return this.#rows.take();
  }

  /** Adds the rows of a frame. @param people those with a position in it */
  add(frame: number, people: readonly number[]): void {
    const { times } = this.#tracks;
    const [from, to] = aroundInRun(times, frame, REACH);
    const around = times.subarray(from, to);
    const start = frameCells(this.#tracks.frameId(frame), times[frame]!);
    for (const person of people) {
      const cells = Buffer.concat([start, Buffer.from(`${person},`)]);
      this.#rows.reserve(LANDMARK_COUNT * (cells.length + LONGEST_NAME), LANDMARK_COUNT * CELLS.length);
      for (const [id, name] of NAME_CELLS.entries()) {
        this.#measure(person, id, around, from, frame - from);
        this.#rows.add(cells);
        this.#rows.add(name);
        for (const [i, { at, decimals }] of CELLS.entries())
          this.#rows.addNumber(this.#rates[at]!, decimals, i === CELLS.length - 1 ? NEWLINE : COMMA);
      }
    }
  }

  #measure(person: number, id: number, around: Float64Array, from: number, index: number): void {
    const count = around.length;
    const [first, second] = [this.#first.subarray(0, count), this.#second.subarray(0, count)];
    for (const [i, channel] of MOVING.entries()) {
      for (let k = 0; k < count; k++)
        this.#values[k] = this.#tracks.get(person, from + k, id, channel) * this.#scale[i]!;
      putDerivative(around, this.#values, first);
      putDerivative(around, first, second);
      this.#rates[2 * i] = first[index]!;
      this.#rates[2 * i + 1] = second[index]!;
    }
  }
}
