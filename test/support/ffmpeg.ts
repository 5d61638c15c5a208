import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../src/system/child-environment.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** The ffmpeg inside the npm package: on every machine the same, so test clips are made with it. */
export const PACKAGED_FFMPEG = (require('@ffmpeg-installer/ffmpeg') as { path: string }).path;

/** The ffmpeg on PATH, where there is one. */
export const SYSTEM_FFMPEG = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'ffmpeg'))
  .find(existsSync);

/** Both kinds of ffmpeg, as an environment that makes the tool choose them. */
export const FFMPEG_KINDS = [
  { kind: 'package', available: true, environment: { PATH: '/nonexistent' } },
  { kind: 'path', available: SYSTEM_FFMPEG !== undefined, environment: {} },
] as const;

/** Makes a file with the packaged ffmpeg. */
export async function makeWithFfmpeg(args: readonly string[], output: string): Promise<string> {
  await run(PACKAGED_FFMPEG, ['-v', 'error', '-y', ...args, output]);
  return output;
}

export interface ListedFrame {
  /** As ffprobe prints it, 6 decimals. */
  readonly time: string;
}

/** The frames of a video stream as `ffprobe -show_frames` lists them. */
export async function listFrames(url: string, stream: string, options: readonly string[] = []): Promise<ListedFrame[]> {
  const { ffprobe } = await findFfmpeg();
  const entries = ['-show_entries', 'frame=pts_time,pkt_pts_time,best_effort_timestamp_time', '-of', 'json'];
  const args = ['-v', 'error', ...options, '-select_streams', stream, ...entries, url];
  const { stdout } = await run(ffprobe.path, args, { maxBuffer: 1 << 28, env: childEnvironment() });
  const { frames } = JSON.parse(stdout) as { frames: Record<string, string>[] };
  return frames.map(frame => ({
    time: frame.best_effort_timestamp_time ?? frame.pts_time ?? frame.pkt_pts_time ?? 'N/A',
  }));
}

/** Facts of a file's streams, as ffprobe tells them. */
export async function probeStreams(path: string): Promise<Record<string, unknown>[]> {
  const { ffprobe } = await findFfmpeg();
  const { stdout } = await run(ffprobe.path, ['-v', 'error', '-show_streams', '-of', 'json', path]);
  return (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams;
}
