import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setLastFrameTime } from '../../src/encode/last-frame.js';
import { frames, H264, timed, tone } from '../support/awkward/recipe.js';
import { listFrames, makeWithFfmpeg, probeStreams } from '../support/ffmpeg.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const TICKS = 12_800;
const coded = [...H264, '-bf', '0', '-video_track_timescale', String(TICKS)];
const uneven = [...timed('N*N*0.01+0.04*N', TICKS), ...coded];

const make = (name: string, args: readonly string[]) => makeWithFfmpeg(args, join(folder, name));
const durations = async (path: string) => (await probeStreams(path)).map(({ duration }) => Number(duration));

/** Seconds of the whole film, according to its first box. */
async function movieLength(path: string): Promise<number> {
  const bytes = await readFile(path);
  const at = bytes.indexOf('mvhd') + 4;
  return bytes.readUInt32BE(at + 16) / bytes.readUInt32BE(at + 12);
}

test('the last frame, which an old ffmpeg hides, gets the given duration, and no other one moves', async () => {
  const path = await make('uneven.mp4', [...frames(8), ...uneven]);
  const times = Array.from({ length: 8 }, (_, n) => n * n * 0.01 + 0.04 * n);
  const last = 0.77;
  expect(await listFrames(path, 'v:0')).toHaveLength(7);
  for (const seconds of [0.5, 0.125, 2]) {
    await setLastFrameTime(path, seconds * TICKS);
    expect((await durations(path))[0]).toBeCloseTo(last + seconds, 3);
    expect(await movieLength(path)).toBeCloseTo(last + seconds, 2);
    const shown = (await listFrames(path, 'v:0')).map(({ time }) => Number(time));
    expect(shown).toHaveLength(times.length);
    for (const [i, time] of times.entries()) expect(shown[i]).toBeCloseTo(time, 3);
  }
});

test('audio keeps its length, and a film with longer audio its own', async () => {
  const path = await make('sound.mp4', [...frames(8), ...tone(3), ...uneven, '-c:a', 'aac']);
  const [, sound] = await durations(path);
  const film = await movieLength(path);
  await setLastFrameTime(path, TICKS / 4);
  const [video, after] = await durations(path);
  expect(after).toBe(sound);
  expect(video).toBeCloseTo(0.49 + 0.28 + 0.25, 3);
  expect(await movieLength(path)).toBe(film);
});

test('frames of equal duration are unchanged', async () => {
  const path = await make('even.mp4', [...frames(8), ...coded]);
  const before = await readFile(path);
  await setLastFrameTime(path, (0.04 * TICKS) | 0);
  expect((await readFile(path)).equals(before)).toBe(true);
});

test('a file that is not an MP4, or is truncated, is an error', async () => {
  const path = await make('cut.mp4', [...frames(8), ...coded, '-movflags', '+faststart']);
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, 400));
  await expect(setLastFrameTime(path, 100)).rejects.toThrow(RangeError);
  await writeFile(path, 'something else that is no film at all');
  await expect(setLastFrameTime(path, 100)).rejects.toThrow(RangeError);
});
