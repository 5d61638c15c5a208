import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWithFfmpeg } from './ffmpeg.js';

const RATE = 30;
/** 2^33 ticks of 90 kHz: where the clock of MPEG-TS wraps around. */
const TS_WRAP_SECONDS = 2 ** 33 / 90_000;
const PACKET_BYTES = 188;

/** A second of MPEG-TS, with or without audio. @param begins seconds of its clock @param length in seconds */
async function second(folder: string, name: string, begins: number, sound = false, length = 1): Promise<string> {
  const video = ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=${RATE}:d=${length}`];
  const tone = sound ? ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1', '-c:a', 'mp2'] : [];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', '0', '-g', '10'];
  const clock = ['-muxdelay', '0', '-muxpreload', '0', '-output_ts_offset', String(begins), '-f', 'mpegts'];
  return makeWithFfmpeg([...video, ...tone, ...codec, ...clock], join(folder, `${name}.ts`));
}

async function joined(folder: string, name: string, begins: readonly number[], sound = false): Promise<string> {
  const parts = await Promise.all(begins.map((at, i) => second(folder, `${name}-${i}`, at, sound)));
  const path = join(folder, `${name}.ts`);
  await writeFile(path, Buffer.concat(await Promise.all(parts.map(part => readFile(part)))));
  return path;
}

/** A recording cut at an arbitrary place: its first packets belong to a picture that cannot be decoded. */
async function cutIn(folder: string): Promise<string> {
  const path = join(folder, 'cut-in.ts');
  const whole = await readFile(await second(folder, 'whole', 1.4, false, 4));
  await writeFile(path, whole.subarray(Math.floor(whole.length / PACKET_BYTES / 8) * PACKET_BYTES));
  return path;
}

/**
 * Videos with the clocks of cameras and recorders. Each lasts as many seconds as it states, except the one
 * that is cut.
 */
export const CLOCK_CLIPS = [
  { name: 'a late start', seconds: 1, leaps: 0, make: (folder: string) => second(folder, 'late', 1.4) },
  { name: 'a start after ten hours', seconds: 1, leaps: 0, make: (folder: string) => second(folder, 'hours', 36_000) },
  { name: 'a restart', seconds: 2, leaps: 1, make: (folder: string) => joined(folder, 'restart', [1.4, 1.4]) },
  { name: 'two restarts', seconds: 3, leaps: 2, make: (folder: string) => joined(folder, 'restarts', [5, 5.5, 2]) },
  {
    name: 'a leap back of ten hours',
    seconds: 2,
    leaps: 1,
    make: (folder: string) => joined(folder, 'back', [36_000, 1.4]),
  },
  {
    name: 'a wrap of 33 bits',
    seconds: 1,
    leaps: 0,
    make: (folder: string) => second(folder, 'wrap', TS_WRAP_SECONDS - 0.5),
  },
  { name: 'a beginning that cannot be decoded', seconds: undefined, leaps: 0, make: cutIn },
  {
    name: 'a restart, with sound',
    seconds: 2,
    leaps: 1,
    make: (folder: string) => joined(folder, 'sound', [1.4, 1.4], true),
  },
] as const;

/** Times of frames as shown by players: from 0 on, and one frame after the one before where the file's clock jumps. */
export function playedTimes(times: readonly number[]): number[] {
  let at = 0;
  return times.map((time, i) => {
    const step = i === 0 ? 0 : time - (times[i - 1] as number);
    at += step < 0 || step > 3600 ? 1 / RATE : step;
    return at;
  });
}
