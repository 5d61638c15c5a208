import { copyFile, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWithFfmpeg } from './ffmpeg.js';
import { SAMPLES } from './reference-clips.js';

/** Files of the commands whose write targets are tested, and how. */
export const GOLDEN = join(SAMPLES, 'golden');
export const WAVE = join(GOLDEN, 'wave.csv');
export const MINE = 'mine: years of work';
export const LITE = ['--model', 'lite', '--no-overlay', '-q'] as const;

/** A folder with only a half-second clip and its table. @param folder contains the clip */
export async function placeIn(folder: string, name: string): Promise<(file: string) => string> {
  const own = await mkdtemp(join(folder, `${name}-`));
  await copyFile(join(folder, 'clip.mp4'), join(own, 'clip.mp4'));
  await copyFile(WAVE, join(own, 'wave.csv'));
  return file => join(own, file);
}

/** Everything in a folder, including hidden files. */
export const namesIn = async (path: string) => (await readdir(path)).sort();

/** Makes `clip.mp4`, which lasts half a second, and `long.mp4`. */
export async function makeStills(folder: string): Promise<void> {
  const still = ['-i', join(SAMPLES, 'wave.mp4'), '-c:v', 'libx264', '-preset', 'ultrafast'];
  await makeWithFfmpeg([...still, '-t', '0.5'], join(folder, 'clip.mp4'));
  await makeWithFfmpeg(['-stream_loop', '20', ...still], join(folder, 'long.mp4'));
}
