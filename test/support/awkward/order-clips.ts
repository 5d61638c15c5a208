import { AS_TIMED, type AwkwardClip, changeEach, FIRST, frames, H264, H264_B } from './recipe.js';

const MPEG2_EXTENSION = Buffer.from([0, 0, 1, 0xb5]);
const SEQUENCE = 1;
const PICTURE = 8;

/**
 * Film on American television: each second picture of an MPEG-2 stream lasts three fields (ISO/IEC 13818-2,
 * `repeat_first_field`), and none is duplicated in the file.
 */
function pulledDown(bytes: Buffer): Buffer {
  let picture = 0;
  return changeEach(bytes, MPEG2_EXTENSION, found => {
    const kind = (found[4] ?? 0) >> 4;
    if (kind === SEQUENCE) found[5] = (found[5] ?? 0) & ~0x08; // progressive_sequence
    if (kind !== PICTURE) return;
    const isTopFirst = [true, true, false, false][picture % 4];
    const isRepeated = picture++ % 2 === 0;
    found[7] = ((found[7] ?? 0) & ~0x82) | (isTopFirst ? 0x80 : 0) | (isRepeated ? 0x02 : 0);
    found[8] = (found[8] ?? 0) | 0x80; // progressive_frame
  });
}

/** Streams whose pictures are stored in another order than shown, or that show some longer than others. */
export const ORDER_CLIPS: readonly AwkwardClip[] = [
  {
    name: 'open groups of pictures',
    file: 'open-gop.mkv',
    args: [...frames(18), ...H264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=6:b-pyramid=normal:b-adapt=0'],
  },
  {
    name: 'a pyramid of B-frames, MP4',
    file: 'pyramid.mp4',
    args: [...frames(18), ...H264, '-bf', '7', '-x264-params', 'b-pyramid=normal:b-adapt=0'],
  },
  {
    name: 'a pyramid of B-frames, MPEG-TS',
    file: 'pyramid.ts',
    args: [...frames(18), ...H264_B, '-f', 'mpegts'],
  },
  {
    name: 'HEVC with B-frames, MPEG-TS',
    file: 'hevc.ts',
    args: [
      ...frames(16),
      '-c:v',
      'libx265',
      '-x265-params',
      'log-level=none:bframes=4:keyint=8',
      '-pix_fmt',
      'yuv420p',
    ],
  },
  {
    name: 'raw H.264 without B-frames',
    file: 'plain.h264',
    unclockedRate: 25,
    args: [...frames(14), ...H264, '-bf', '0'],
  },
  { name: 'raw H.264 with B-frames', file: 'b-frames.h264', unclockedRate: 25, args: [...frames(14), ...H264_B] },
  {
    name: 'raw HEVC with B-frames',
    file: 'b-frames.hevc',
    unclockedRate: 25,
    args: [...frames(14), '-c:v', 'libx265', '-x265-params', 'log-level=none:bframes=3', '-pix_fmt', 'yuv420p'],
  },
  {
    name: 'raw MPEG-4 with B-frames',
    file: 'b-frames.m4v',
    unclockedRate: 25,
    args: [...frames(14), '-c:v', 'mpeg4', '-bf', '2'],
  },
  {
    name: 'raw MPEG-2 with B-frames',
    file: 'b-frames.m2v',
    unclockedRate: 25,
    args: [...frames(14), '-c:v', 'mpeg2video', '-bf', '2'],
  },
  {
    name: 'raw H.264 of another rate than --fps',
    file: 'fifty.h264',
    unclockedRate: 50,
    args: [...frames(14, '50'), ...H264_B],
  },
  { name: 'AVI with B-frames', file: 'b-frames.avi', args: [...frames(14), '-c:v', 'mpeg4', '-bf', '2'] },
  { name: 'AVI of Xvid', file: 'xvid.avi', args: [...frames(14), '-c:v', 'libxvid', '-bf', '2'] },
  { name: 'NUT with B-frames', file: 'b-frames.nut', args: [...frames(14), '-c:v', 'mpeg4', '-bf', '2'] },
  {
    name: 'field by field in MBAFF',
    file: 'mbaff.mp4',
    args: [...frames(12), '-vf', 'tinterlace=interleave_top', ...H264_B, '-flags', '+ilme+ildct'],
  },
  {
    name: 'MPEG-2 film with a pulldown',
    file: 'pulldown.ts',
    first: { file: 'pulldown.m2v', args: [...frames(16, '30000/1001'), '-c:v', 'mpeg2video', '-bf', '0'] },
    patch: pulledDown,
    args: ['-fflags', '+genpts', '-i', FIRST, '-c', 'copy', '-f', 'mpegts'],
  },
  {
    name: 'VP8 with pictures that are never shown',
    file: 'hidden.webm',
    args: [...frames(18), '-c:v', 'libvpx', '-auto-alt-ref', '1', '-lag-in-frames', '12', '-arnr-maxframes', '5'],
  },
  {
    name: 'VP9 with pictures that are never shown',
    file: 'hidden-vp9.webm',
    args: [...frames(18), '-c:v', 'libvpx-vp9', '-auto-alt-ref', '1', '-lag-in-frames', '12', '-cpu-used', '8'],
  },
  {
    name: 'AV1 with pictures that are never shown',
    file: 'hidden.mp4',
    by: 'path',
    args: [...frames(12), '-c:v', 'libaom-av1', '-cpu-used', '8', '-lag-in-frames', '12', '-strict', '-2'],
  },
  {
    name: 'frames that a recorder gave no more than a repetition, AVI',
    file: 'empty-frames.avi',
    args: [...frames(8), '-vf', "setpts='(N+floor(N/3)*2)/25/TB'", ...AS_TIMED, '-c:v', 'mjpeg', '-q:v', '5'],
  },
];
