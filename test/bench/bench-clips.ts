import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';

/** A folder for a bench's clips and results. */
export async function benchFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bodyscript-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Folder for the figures of benches. Ends with a slash. */
export async function resultsFolder(): Promise<string> {
  const path = fileURLToPath(new URL('./results/', import.meta.url));
  await mkdir(path, { recursive: true });
  return path;
}

/** The sample clip at another size, rate and length. */
export async function scaledSample(
  folder: string,
  name: string,
  width: number,
  height: number,
  fps: number,
  loops = 1,
): Promise<string> {
  const filter = `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,fps=${fps}`;
  const args = ['-stream_loop', String(loops - 1), '-i', join(SAMPLES, 'wave.mp4'), '-vf', filter];
  return makeWithFfmpeg([...args, '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'], join(folder, name));
}
