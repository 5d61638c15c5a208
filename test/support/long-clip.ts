import { join } from 'node:path';
import { makeWithFfmpeg } from './ffmpeg.js';
import { SAMPLES } from './reference-clips.js';

/** Analyses the clip below quickly. */
export const QUICK = ['--mode', 'fast', '--model', 'lite'];
/** For a test that analyses the clip several times: each run starts several processes. */
export const LONG_MS = 600_000;

/** A clip of few small frames, only around the cuts of its segments of 30 s. */
export async function makeLongClip(path: string, seconds: number): Promise<void> {
  const loop = ['-stream_loop', '-1', '-i', join(SAMPLES, 'treadmill.mp4'), '-t', String(seconds)];
  const filter = "fps=2,select='lt(mod(t,30),2)+gte(mod(t,30),28.9)',scale=160:-2";
  await makeWithFfmpeg([...loop, '-vf', filter, '-vsync', 'vfr', '-c:v', 'libx264', '-g', '2', '-an'], path);
}
