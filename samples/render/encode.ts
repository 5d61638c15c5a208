import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ChildProgram } from '../../src/system/child-process.js';
import type { Clip } from './clip.js';
import type { RgbPicture } from './degrade.js';

const require = createRequire(import.meta.url);

/** The ffmpeg inside the npm package: the same on every machine, so that clips differ only where their pictures do. */
const FFMPEG = (require('@ffmpeg-installer/ffmpeg') as { path: string }).path;

async function runFfmpeg(args: readonly string[], feed?: (child: ChildProgram) => Promise<void>): Promise<void> {
  const lines: string[] = [];
  await using child = new ChildProgram({
    role: 'encoder',
    file: FFMPEG,
    args: ['-v', 'error', '-y', ...args],
    onStderrLine: line => lines.push(line),
    stdin: feed ? 'pipe' : 'ignore',
    stdout: 'ignore',
  });
  await feed?.(child);
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`ffmpeg failed: ${lines.join('\n')}`);
}

/** Gives each frame its own time. */
function timing({ timescale }: Pick<Clip, 'timescale'>, times: readonly number[]): string[] {
  if (timescale === undefined) return [];
  // ffmpeg's expressions have no lists: a sum with one term for each frame, of which one applies.
  const ticks = times.map(time => Math.round(time * timescale));
  const terms = ticks.map((tick, i) => `${tick}*eq(N,${i})`).join('+');
  return [
    '-vf',
    `settb=1/${timescale},setpts='${terms}'`,
    '-enc_time_base',
    `1/${timescale}`,
    '-vsync',
    'passthrough',
    '-video_track_timescale',
    `${timescale}`,
  ];
}

const BEEPS = "aevalsrc='0.2*sin(2*PI*660*t)*lt(mod(t,1),0.1)':s=44100";

/** Writes pictures as H.264 in MP4, with the settings of `clip`. Without a clip: plainly. */
export async function encodeClip(
  pictures: AsyncIterable<RgbPicture>,
  { width, height }: { readonly width: number; readonly height: number },
  times: readonly number[],
  clip: Pick<Clip, 'crf' | 'timescale' | 'audio' | 'displayTurn'>,
  output: string,
): Promise<void> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', '30', '-i', '-'];
  const seconds = (times.at(-1) ?? 0) + 1 / 30;
  const sound = clip.audio ? ['-f', 'lavfi', '-t', seconds.toFixed(3), '-i', BEEPS, '-c:a', 'aac', '-b:a', '32k'] : [];
  const h264 = ['-c:v', 'libx264', '-preset', 'slow', '-crf', `${clip.crf}`, '-pix_fmt', 'yuv420p', '-threads', '1'];
  const flags = ['-bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4'];
  const partial = `${output}.partial`;
  await runFfmpeg([...raw, ...sound, ...timing(clip, times), ...h264, ...flags, partial], async ({ stdin }) => {
    for await (const { data } of pictures) if (!stdin.write(data)) await once(stdin, 'drain');
    stdin.end();
  });
  if (clip.displayTurn) {
    // The display matrix is written when a stream is copied; this ffmpeg counts rotations counter-clockwise.
    await runFfmpeg([
      '-i',
      partial,
      '-c',
      'copy',
      '-metadata:s:v',
      `rotate=${360 - clip.displayTurn}`,
      ...flags,
      output,
    ]);
    await rm(partial);
  } else {
    await rename(partial, output);
  }
}
