/**
 * The clip of full size that memory and speed are measured on: one person, whole body, 400 frames of 1088x1920 at 60 a
 * second.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { HAS_REFERENCE_CLIPS, REFERENCE_CLIPS, SAMPLES } from '../support/reference-clips.js';

export const CLIP_FRAMES = 400;

/**
 * Google's clip of squats with frames put between (motion-compensated) until it has as many, or a sample where that is
 * not there; with noise, at the bit rate of a telephone. It takes a few minutes the first time and stays in the cache.
 */
export async function besideClip(cache: string): Promise<string> {
  const source = HAS_REFERENCE_CLIPS ? join(REFERENCE_CLIPS, 'pose_squats.mp4') : join(SAMPLES, 'squat.mp4');
  const clip = join(cache, `${HAS_REFERENCE_CLIPS ? 'real' : 'rendered'}-1088x1920.mp4`);
  if (existsSync(clip)) return clip;
  await mkdir(cache, { recursive: true });
  const between = 'minterpolate=fps=60:mi_mode=mci:me_mode=bidir';
  const size = 'scale=1088:1920:force_original_aspect_ratio=increase,crop=1088:1920';
  const filter = `${between},${size},noise=alls=8:allf=t`;
  const input = HAS_REFERENCE_CLIPS ? ['-r', '9.4', '-i', source] : ['-stream_loop', '9', '-i', source];
  const rate = ['-b:v', '17M', '-maxrate', '20M', '-bufsize', '20M'];
  const output = ['-frames:v', String(CLIP_FRAMES), '-an', '-c:v', 'libx264', '-preset', 'veryfast', ...rate];
  const building = `${clip}.partial.mp4`;
  await makeWithFfmpeg([...input, '-vf', filter, ...output, '-pix_fmt', 'yuv420p'], building);
  await rename(building, clip);
  return clip;
}
