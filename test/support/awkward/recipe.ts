import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGED_FFMPEG, SYSTEM_FFMPEG } from '../ffmpeg.js';

const run = promisify(execFile);

/** How to make a small stream that programs handle wrongly. */
export interface AwkwardClip {
  readonly name: string;
  readonly file: string;
  /** Arguments of ffmpeg before the output; `FIRST` stands for the first pass's result. */
  readonly args: readonly string[];
  /** The first pass, whose result `args` reads. */
  readonly first?: { readonly file: string; readonly args: readonly string[] };
  /** Changes the first pass's bytes, or the file's if there is no first pass. */
  readonly patch?: (bytes: Buffer) => Buffer;
  /** The ffmpeg that can make it, if the packaged one cannot. */
  readonly by?: 'path';
  /** The one that cannot read it, and reports that. */
  readonly notBy?: 'package';
  /** Its frames per second from 0 on, if it has no times of its own. */
  readonly unclockedRate?: number;
  /** The analysed stream, if it is not the first. */
  readonly stream?: string;
}

export const FIRST = '{first}';

/** Frames of a moving picture, 160x120 by default. */
export const frames = (count: number, rate = '25', size = '160x120') => {
  const [num = 0, den = 1] = rate.split('/').map(Number);
  return ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${((count - 0.5) * den) / num}`];
};
export const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:d=${seconds}`];
export const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
/** Three frames between others, one of which others refer to. */
export const H264_B = [...H264, '-bf', '3', '-x264-params', 'b-pyramid=normal:b-adapt=0:keyint=8'];
export const AS_TIMED = ['-vsync', 'passthrough'];
/** Times by an expression of the frame's number N, in seconds. */
export const timed = (seconds: string, ticks = 90_000) => [
  ...['-vf', `settb=1/${ticks},setpts='(${seconds})/TB'`, ...AS_TIMED, '-enc_time_base', `1:${ticks}`],
];

/** Whether this machine can make it. */
export function canMake({ by }: AwkwardClip): boolean {
  return by === undefined || SYSTEM_FFMPEG !== undefined;
}

/** Makes the clip in a folder and returns its path. */
export async function makeAwkward(folder: string, clip: AwkwardClip): Promise<string> {
  const ffmpeg = clip.by === 'path' ? (SYSTEM_FFMPEG ?? 'ffmpeg') : PACKAGED_FFMPEG;
  const make = (args: readonly string[]) => run(ffmpeg, ['-v', 'fatal', '-y', '-nostdin', ...args]);
  const path = join(folder, clip.file);
  await mkdir(dirname(path), { recursive: true });
  if (!clip.first) {
    await make([...clip.args, path]);
    if (clip.patch) await writeFile(path, clip.patch(await readFile(path)));
    return path;
  }
  // Several clips have the same first pass, and are made at the same time.
  const first = `${path}.first.${clip.first.file}`;
  await make([...clip.first.args, first]);
  if (clip.patch) await writeFile(first, clip.patch(await readFile(first)));
  await make([...clip.args.map(arg => (arg === FIRST ? first : arg)), path]);
  return path;
}

/** A copy in which each occurrence of some bytes is changed. */
export function changeEach(bytes: Buffer, begin: Buffer, change: (found: Buffer, index: number) => void): Buffer {
  const changed = Buffer.from(bytes);
  let index = 0;
  for (let at = changed.indexOf(begin); at >= 0; at = changed.indexOf(begin, at + begin.length)) {
    change(changed.subarray(at), index++);
  }
  return changed;
}
