import { stringify } from 'csv-stringify/sync';
import { DECIMALS, type DisplaySize, fixed } from '../formats/csv-writer.js';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { TableFrame } from '../model/table-frame.js';
import { aroundInRun } from '../signal/clock-runs.js';
import { derivative } from '../signal/derivative.js';
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

/** Frames to either side that a second derivative needs. */
const REACH = 2;
/** Of a track: x, y, then the three in space. */
const MOVING = [0, 1, 3, 4, 5] as const;

/** The table's first line. */
export function motionHead(): string {
  return stringify([[...MOTION_COLUMNS]]);
}

/** How fast landmarks move, by differences over neighbouring frames at their own times. */
export function motionFormat(tracks: Tracks, display: DisplaySize) {
  const { times } = tracks;
  const scale = [display.width, display.height, 1, 1, 1];
  return {
    head: motionHead(),
    lines: ({ frameId, timestamp, people: found }: TableFrame, index: number): string =>
      stringify(
        found.flatMap(({ personId }) =>
          LANDMARK_NAMES.map((name, id) => {
            const [from, to] = aroundInRun(times, index, REACH);
            const around = Array.from(times.subarray(from, to));
            const rates = MOVING.map((channel, i) => {
              const values = around.map((_, k) => tracks.get(personId, from + k, id, channel) * (scale[i] ?? 1));
              const velocity = derivative(around, values);
              return [velocity[index - from], derivative(around, velocity)[index - from]];
            });
            const cells = [0, 1].flatMap(order => rates.slice(0, 2).map(rate => cell(rate[order], DECIMALS.pixels)));
            const space = [0, 1].flatMap(order => rates.slice(2).map(rate => cell(rate[order], DECIMALS.score)));
            return [frameId, fixed(timestamp, DECIMALS.timestamp), personId, id, name, ...cells, ...space];
          }),
        ),
      ),
  };
}

const cell = (value: number | undefined, decimals: number) =>
  value === undefined || !Number.isFinite(value) ? '' : fixed(value, decimals);
