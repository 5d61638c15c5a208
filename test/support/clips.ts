import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWithFfmpeg } from './ffmpeg.js';

/** A type of video that users have, and how to make a small one. */
export interface ClipRecipe {
  readonly name: string;
  readonly file: string;
  /** Arguments of ffmpeg before the output. */
  readonly args: readonly string[];
  /** Arguments of a second pass, over the first one's result. */
  readonly secondPass?: readonly string[];
  /** Displayed size, if it differs from the coded 64x48. */
  readonly displayed?: string;
  /** The analysed stream, if it is not the first. */
  readonly stream?: string;
  /** ffprobe's options to list a sequence. */
  readonly probeOptions?: readonly string[];
}

const source = (size = '64x48', seconds = 0.5, rate = 30) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
];
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=0.5'];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const vfr = ['-vsync', 'passthrough', '-enc_time_base', '1:90000'];
/** Frames with growing intervals. */
const VARIABLE = "settb=1/90000,setpts='(N*N*0.004+N*0.01)/TB'";
const early = ['-output_ts_offset', '-0.4', '-avoid_negative_ts', 'disabled'];
/** The display matrix is written when a stream is copied. */
const rotated = (degrees: number) => ({
  args: [...source(), ...h264],
  secondPass: ['-c', 'copy', '-metadata:s:v', `rotate=${degrees}`],
});

export const CLIPS: readonly ClipRecipe[] = [
  {
    name: 'constant rate, B-frames',
    file: 'constant.mp4',
    args: [...source(), '-c:v', 'libx264', '-bf', '3', '-pix_fmt', 'yuv420p'],
  },
  {
    name: 'a rate of 29.97',
    file: 'ntsc.mp4',
    args: ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30000/1001:d=0.5', ...h264],
  },
  {
    name: 'variable rate in MP4',
    file: 'vfr.mp4',
    args: [...source(), '-vf', VARIABLE, ...vfr, ...h264],
  },
  {
    name: 'variable rate in Matroska',
    file: 'vfr.mkv',
    args: [...source(), '-vf', VARIABLE, ...vfr, ...h264],
  },
  {
    name: 'a gap of two seconds',
    file: 'gap.mp4',
    args: [...source(), '-vf', "settb=1/90000,setpts='(N/30+if(gte(N,6),2,0))/TB'", ...vfr, ...h264],
  },
  {
    name: 'duplicated times',
    file: 'duplicated.nut',
    args: [...source(), '-vf', "setpts='floor(N/2)/15/TB'", '-vsync', 'passthrough', '-c:v', 'rawvideo', '-f', 'nut'],
  },
  {
    name: 'a negative start, ASF',
    file: 'negative.asf',
    args: [...source(), '-c:v', 'mpeg4', ...early, '-f', 'asf'],
  },
  {
    name: 'a negative start, MPEG-TS',
    file: 'negative.ts',
    args: [...source(), ...h264, ...early, '-muxdelay', '0', '-muxpreload', '0', '-f', 'mpegts'],
  },
  { name: 'a late start, MPEG-TS', file: 'late.ts', args: [...source(), ...h264, '-f', 'mpegts'] },
  { name: 'turned by 90 degrees', file: 'turned90.mp4', ...rotated(90), displayed: '48x64' },
  { name: 'turned by 180 degrees', file: 'turned180.mp4', ...rotated(180) },
  { name: 'turned by 270 degrees', file: 'turned270.mp4', ...rotated(270), displayed: '48x64' },
  { name: 'wide pixels', file: 'wide.mp4', args: [...source(), '-vf', 'setsar=16/11', ...h264], displayed: '93x48' },
  { name: 'tall pixels', file: 'tall.mp4', args: [...source(), '-vf', 'setsar=8/9', ...h264], displayed: '64x54' },
  {
    name: 'odd width and height',
    file: 'odd.mkv',
    args: [...source(), '-vf', 'scale=63:47', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'],
    displayed: '63x47',
  },
  {
    name: '10 bits',
    file: 'ten-bit.mkv',
    args: [...source(), '-c:v', 'libx265', '-pix_fmt', 'yuv420p10le', '-x265-params', 'log-level=none'],
  },
  { name: '4:2:2', file: 'prores.mov', args: [...source(), '-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'] },
  { name: '4:4:4', file: 'full-chroma.mp4', args: [...source(), '-c:v', 'libx264', '-pix_fmt', 'yuv444p'] },
  {
    name: 'interlaced',
    file: 'interlaced.mpg',
    args: [...source('720x576', 0.4, 25), '-c:v', 'mpeg2video', '-flags', '+ilme+ildct', '-top', '1'],
    displayed: '720x576',
  },
  {
    name: 'alpha',
    file: 'alpha.mov',
    args: [...source(), '-vf', 'format=argb,geq=r=X*4:g=N*16:b=Y*4:a=128', '-c:v', 'qtrle'],
  },
  { name: 'grey', file: 'grey.mkv', args: [...source(), '-c:v', 'ffv1', '-pix_fmt', 'gray'] },
  { name: 'full range', file: 'range.avi', args: [...source(), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'] },
  {
    name: 'HEVC',
    file: 'hevc.mp4',
    args: [...source(), '-c:v', 'libx265', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'],
  },
  {
    name: 'VP9',
    file: 'vp9.webm',
    args: [...source(), '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
  },
  {
    name: 'AV1',
    file: 'av1.mkv',
    args: [...source('64x48', 0.2), '-c:v', 'libaom-av1', '-strict', 'experimental', '-cpu-used', '8'],
  },
  { name: 'GIF', file: 'animation.gif', args: source('64x48', 0.5, 10) },
  {
    name: 'an image sequence',
    file: 'frames/frame_%04d.png',
    args: [...source('64x48', 0.4, 25)],
    probeOptions: ['-f', 'image2', '-framerate', '25', '-start_number', '1'],
  },
  {
    name: 'several video streams',
    file: 'several.mkv',
    args: [
      ...source('32x24'),
      ...source(),
      '-map',
      '0',
      '-map',
      '1',
      ...h264,
      '-disposition:v:0',
      '0',
      '-disposition:v:1',
      'default',
    ],
    stream: 'v:1',
  },
  {
    name: 'cover art',
    file: 'cover.mp4',
    args: [
      ...source(),
      ...source('200x200', 0.04, 25),
      '-map',
      '0',
      '-map',
      '1',
      '-c:v:0',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-c:v:1',
      'png',
      '-disposition:v:1',
      'attached_pic',
    ],
  },
  { name: 'with sound', file: 'sound.mp4', args: [...source(), ...sound, ...h264, '-c:a', 'aac'] },
];

/** Makes the clip in the folder. @returns its path */
export async function makeClip(folder: string, recipe: ClipRecipe): Promise<string> {
  const path = join(folder, recipe.file);
  await mkdir(join(path, '..'), { recursive: true });
  if (!recipe.secondPass) return makeWithFfmpeg(recipe.args, path);
  const first = await makeWithFfmpeg(recipe.args, `${path}.first.mkv`);
  return makeWithFfmpeg(['-i', first, ...recipe.secondPass], path);
}

/** A clip by name. */
export function clipNamed(name: string): ClipRecipe {
  const clip = CLIPS.find(candidate => candidate.name === name);
  if (!clip) throw new Error(`no clip is called ${name}`);
  return clip;
}
