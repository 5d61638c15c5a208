import { LANDMARK_COUNT } from '../model/blazepose.js';
import type { TableFrame, TableLandmark } from '../tables/landmark-frame.js';

/** What is kept of a landmark over time: the place in the picture as fractions, that in space, and how sure it is. All but the last is filtered. */
export const CHANNELS = [
  'x',
  'y',
  'z',
  'worldX',
  'worldY',
  'worldZ',
  'confidence',
] as const satisfies readonly (keyof TableLandmark)[];

const PER_FRAME = LANDMARK_COUNT * CHANNELS.length;
const FIRST_CAPACITY = 1024;

/** One person's landmarks over all frames of a file, as 32-bit numbers: 924 bytes a frame, which is 100 MB for an hour of 30 frames a second. NaN where there is none. */
export class Track {
  #values = new Float32Array(FIRST_CAPACITY * PER_FRAME).fill(Number.NaN);

  set(frame: number, landmarks: readonly (TableLandmark | undefined)[]): void {
    this.#reserve(frame + 1);
    for (let id = 0; id < LANDMARK_COUNT; id++) {
      const mark = landmarks[id];
      if (!mark) continue;
      for (const [channel, name] of CHANNELS.entries()) this.#values[at(frame, id, channel)] = mark[name] ?? Number.NaN;
    }
  }

  /** One number over so many frames. */
  read(id: number, channel: number, frames: number): number[] {
    this.#reserve(frames);
    return Array.from({ length: frames }, (_, frame) => this.#values[at(frame, id, channel)] as number);
  }

  write(id: number, channel: number, values: readonly number[]): void {
    for (const [frame, value] of values.entries()) this.#values[at(frame, id, channel)] = value;
  }

  get(frame: number, id: number, channel: number): number {
    return this.#values[at(frame, id, channel)] ?? Number.NaN;
  }

  #reserve(frames: number): void {
    if (frames * PER_FRAME <= this.#values.length) return;
    const larger = new Float32Array(Math.max(frames, (this.#values.length / PER_FRAME) * 2) * PER_FRAME);
    larger.set(this.#values);
    larger.fill(Number.NaN, this.#values.length);
    this.#values = larger;
  }
}

function at(frame: number, id: number, channel: number): number {
  return frame * PER_FRAME + id * CHANNELS.length + channel;
}

/** All people of a file, and when its frames are. */
export interface Tracks {
  readonly times: readonly number[];
  /** By person id. */
  readonly people: ReadonlyMap<number, Track>;
}

export async function readTracks(frames: AsyncIterable<TableFrame>): Promise<Tracks> {
  const times: number[] = [];
  const people = new Map<number, Track>();
  for await (const { timestamp, people: found } of frames) {
    for (const { personId, landmarks } of found) {
      const track = people.get(personId) ?? new Track();
      people.set(personId, track);
      track.set(times.length, landmarks);
    }
    times.push(timestamp);
  }
  return { times, people };
}
