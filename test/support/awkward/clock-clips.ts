import { AS_TIMED, type AwkwardClip, FIRST, frames, H264, H264_B, timed, tone } from './recipe.js';

const DEFAULT_DURATION = Buffer.from([0x23, 0xe3, 0x83]);
/** A Matroska element that readers skip. */
const VOID = 0xec;

/** Removes a track's usual frame duration. */
function withoutDurations(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf(DEFAULT_DURATION);
  const size = (changed[at + DEFAULT_DURATION.length] ?? 0) & 0x7f;
  changed.fill(0, at, at + 4 + size);
  changed[at] = VOID;
  changed[at + 1] = 0x80 | (2 + size);
  return changed;
}

const LONG = { file: 'long.mp4', args: [...frames(40), ...H264_B] };

/** Streams whose times differ from a frame count. */
export const TIME_CLIPS: readonly AwkwardClip[] = [
  {
    name: 'a cut without encoding, MP4',
    file: 'cut.mp4',
    first: LONG,
    args: ['-ss', '0.7', '-i', FIRST, '-c', 'copy', '-t', '0.5'],
  },
  {
    name: 'a cut without encoding, Matroska',
    file: 'cut.mkv',
    first: LONG,
    args: ['-ss', '0.7', '-i', FIRST, '-c', 'copy', '-t', '0.5'],
  },
  {
    name: 'a cut without encoding, MOV',
    file: 'cut.mov',
    first: LONG,
    args: ['-ss', '0.5', '-i', FIRST, '-c', 'copy', '-t', '0.6'],
  },
  {
    name: 'sound half a second before the picture, MP4',
    file: 'late-picture.mp4',
    args: ['-itsoffset', '0.5', ...frames(14), ...tone(1), ...H264_B, '-c:a', 'aac', '-copyts'],
  },
  {
    name: 'sound half a second before the picture, Matroska',
    file: 'late-picture.mkv',
    args: ['-itsoffset', '0.5', ...frames(14), ...tone(1), ...H264_B, '-c:a', 'aac', '-copyts'],
  },
  {
    name: 'sound half a second after the picture',
    file: 'late-sound.mp4',
    args: [...frames(14), '-itsoffset', '0.5', ...tone(1), ...H264, '-c:a', 'aac'],
  },
  {
    name: 'sound for much longer than the picture',
    file: 'long-sound.mp4',
    args: [...frames(10), ...tone(2), ...H264, '-c:a', 'aac'],
  },
  {
    name: 'blocks without a duration',
    file: 'no-durations.mkv',
    args: [...frames(14), ...H264_B],
    patch: withoutDurations,
  },
  {
    name: 'a screen recorder, 1/90000 s',
    file: 'screen.mp4',
    args: [...frames(12), ...timed('N*0.033+mod(N,3)*0.011'), ...H264],
  },
  {
    name: 'a screen recorder, microseconds',
    file: 'micro.mp4',
    args: [
      ...frames(12),
      ...timed('N*0.033333+mod(N*7,5)*0.001003', 1_000_000),
      ...H264,
      '-video_track_timescale',
      '1000000',
    ],
  },
  {
    name: 'a telephone, 1/600 s',
    file: 'phone.mov',
    args: [...frames(12), ...timed('floor(N*20.3)/600', 600), ...H264_B, '-video_track_timescale', '600'],
  },
  {
    name: 'a tick a frame',
    file: 'coarse.mov',
    args: [...frames(10, '10'), ...H264, '-video_track_timescale', '10'],
  },
  {
    name: 'more frames than the clock has ticks, Matroska',
    file: 'dense.mkv',
    args: [...frames(12), ...timed('N*0.0004', 100_000), ...H264, '-bf', '0'],
  },
  {
    name: 'pairs of frames of one time, MP4',
    file: 'pairs.mp4',
    args: [...frames(12), ...timed('floor(N/2)/12.5'), ...H264, '-bf', '0'],
  },
  { name: 'a rate of 23.976 in milliseconds', file: 'film.mkv', args: [...frames(18, '24000/1001'), ...H264_B] },
  { name: 'a rate of 1 frame in 2 seconds', file: 'slow.mp4', args: [...frames(6, '1/2'), ...H264] },
  { name: 'a rate of 1000', file: 'fast.mp4', args: [...frames(18, '1000'), ...H264_B] },
  {
    name: 'a rate that falls from 60 to 5',
    file: 'slower.mp4',
    args: [...frames(16), ...timed('if(lt(N,8),N/60,8/60+(N-8)/5)'), ...H264_B],
  },
  {
    name: 'a wrap of 33 bits between B-frames',
    file: 'wrap.ts',
    args: [
      ...frames(16),
      ...H264_B,
      '-muxdelay',
      '0',
      '-muxpreload',
      '0',
      '-output_ts_offset',
      String(2 ** 33 / 90_000 - 0.3),
      '-f',
      'mpegts',
    ],
  },
  {
    name: 'a live FLV, joined after an hour',
    file: 'live.flv',
    args: [...frames(14), ...tone(0.5), ...H264_B, '-c:a', 'aac', '-output_ts_offset', '3600'],
  },
  { name: 'FLV with B-frames', file: 'b-frames.flv', args: [...frames(14), ...H264_B] },
  {
    name: 'jitter that nobody took out',
    file: 'jitter.mkv',
    args: [...frames(16), ...timed('N/30+0.012*sin(N*N)+0.02'), ...H264_B],
  },
  {
    name: 'varied delays, GIF',
    file: 'delays.gif',
    args: [...frames(8), '-vf', "setpts='(N*N*0.02+N*0.03)/TB'", ...AS_TIMED],
  },
  {
    name: 'varied delays, APNG',
    file: 'delays.apng',
    args: [...frames(8), '-vf', "setpts='(N*N*0.02+N*0.03)/TB'", ...AS_TIMED, '-f', 'apng'],
  },
  { name: 'one frame, MP4', file: 'one.mp4', args: [...frames(1), ...H264] },
  { name: 'one frame, GIF', file: 'one.gif', args: frames(1) },
  { name: 'one frame, MPEG-TS', file: 'one.ts', args: [...frames(1), ...H264, '-f', 'mpegts'] },
];
